"""Pages say where to click; commands are for the command line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import models
from models.enums import TokenScope
from portal.where import here, where
from tests.portal_client import sign_in, token_for

COMMAND = re.compile(r"\bocop ((?:[a-z][a-z-]+ ?)+)")


def told() -> Iterator[tuple[str, str]]:
    """Every text of the domain that names a command, without docstrings."""
    for path in sorted(Path(models.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else ""
            for found in COMMAND.finditer(text) if isinstance(text, str) else ():
                yield path.name, found[1].strip()


def test_every_command_that_a_message_names_has_its_place_or_none_on_purpose() -> None:
    known = set(where().pages) | where().on_server

    unknown = {(name, said) for name, said in told() if not any((said + " ").startswith(one + " ") for one in known)}

    assert len(list(told())) > 50
    assert unknown == set()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Xem danh sách: ocop task list.", "Xem danh sách: trang «Việc của tôi»."),
        ("Nộp: ocop certificate renew MÃ; hoặc", "Nộp: mục «Nộp hồ sơ đánh giá lại» ở trang của giấy chứng nhận; hoặc"),
        ("ocop plan import TỆP.xlsx --as MÃ: ghi tất cả.", "trang «Excel», kế hoạch năm: ghi tất cả."),
        ("Chạy «ocop db check».", "Chạy «ocop db check»."),
        ("Khi đợt đã mở (ocop round open 2024-2); tính", "Khi đợt đã mở (mục «Mở đợt» ở trang của đợt); tính"),
        ("Mỗi xã một sản phẩm ocop tiêu biểu", "Mỗi xã một sản phẩm ocop tiêu biểu"),
    ],
)  # fmt: skip
def test_command_becomes_a_place(said: str, shown: str) -> None:
    assert here(said) == shown


def test_page_and_api_tell_the_place(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    header = token_for(url, "dieu-phoi", now, TokenScope.READ)

    page = browser.get("/people/khong-co")
    call = client.get("/api/v1/people/khong-co", headers=header)

    assert (page.status_code, "trang «Người dùng»" in page.text, "ocop person" in page.text) == (404, True, False)
    assert call.json()["errors"][0]["remedy"] == "Xem danh sách: trang «Người dùng»."
