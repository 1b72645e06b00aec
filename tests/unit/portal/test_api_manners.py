"""How the API speaks HTTP: refusals as problems, versions, lists by page, odd signs, odd numbers."""

from __future__ import annotations

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from models.database import transaction
from models.enums import TokenScope
from models.paging import Page
from models.process.kinds import StepKind
from portal.api.links import page_headers
from tests.factories import opened, submit
from tests.portal_client import token_for

EXTENSION = "/api/v1/items/1/extension"
PROBLEM = "application/problem+json"


@pytest.fixture
def token(client: TestClient, url: str, now: datetime) -> dict[str, str]:
    return token_for(url, "dieu-phoi", now, TokenScope.READ, TokenScope.ACT)


@pytest.fixture
def extension(url: str, now: datetime) -> str:
    """Where the term of an open item is extended."""
    with transaction(url) as session:
        item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, now)
        return f"/api/v1/items/{item.id}/extension"


def test_call_without_token_is_told_how_to_prove_who_calls(client: TestClient) -> None:
    answer = client.get("/api/v1/items/1")

    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_unknown_address_and_method_are_problems(client: TestClient, token: dict[str, str]) -> None:
    unknown = client.get("/api/v1/khong-co", headers=token)
    method = client.delete("/api/v1/items/1", headers=token)

    assert (unknown.status_code, unknown.headers["content-type"]) == (404, PROBLEM)
    assert (method.status_code, method.headers["content-type"], method.headers["allow"]) == (405, PROBLEM, "GET")


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "9" * 5000, "1%00", "x"])
def test_impossible_number_in_an_address_names_nothing(client: TestClient, token: dict[str, str], number: str) -> None:
    answer = client.get(f"/api/v1/items/{number}", headers=token)

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_act_takes_json_only(client: TestClient, token: dict[str, str], kind: str) -> None:
    answer = client.post(EXTENSION, content=b'{"days": 1}', headers=token | {"Content-Type": kind})

    assert (answer.status_code, answer.headers["content-type"]) == (415, PROBLEM)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"days": 3, "reason": "a\u0000b"}',
        rb'{"days": 3, "reason": "a\ud800b"}',
        rb'{"days": 3, "reason": "a\uffffb"}',
        rb'{"days": 3, "reason": "a", "la\ud800": 1}',
        b'{"days": 99999999999999999999999, "reason": "a"}',
        b'{"days": 3, "reason": ["a"]}',
        b'{"days": NaN, "reason": "a"}',
        b'[{"days": 3}]',
        b'{"days": 3,',
        b"",
    ],
)
def test_body_that_cannot_be_kept_is_refused_by_its_fields(
    client: TestClient, token: dict[str, str], extension: str, body: bytes
) -> None:
    headers = token | {"Content-Type": "application/json", "Idempotency-Key": "k1"}

    answer = client.post(extension, content=body, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    assert all(set(one) == {"field", "problem", "remedy"} and one["remedy"] for one in answer.json()["errors"])
    assert answer.json()["errors"]


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe", b'{"days": ' + b"9" * 5000 + b"}"])
def test_body_that_is_no_json_is_refused(client: TestClient, token: dict[str, str], body: bytes) -> None:
    headers = token | {"Content-Type": "application/json", "Idempotency-Key": "k1"}

    answer = client.post(EXTENSION, content=body, headers=headers)

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == PROBLEM


def test_act_without_key_is_refused(client: TestClient, token: dict[str, str]) -> None:
    answer = client.post(EXTENSION, json={"days": 1, "reason": "Mưa lũ"}, headers=token)

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["Idempotency-Key"]


def test_list_tells_where_its_other_pages_are() -> None:
    scope = {"type": "http", "method": "GET", "path": "/api/v1/people", "query_string": b"search=a%20b&page=2"}
    scope |= {"headers": [(b"host", b"ocop.local")], "scheme": "http", "server": ("ocop.local", 80)}

    headers = page_headers(Request(scope), Page(items=[1, 2], total=5, page=2, size=2))

    assert headers["X-Total-Count"] == "5"
    assert headers["Link"].split(", ") == [
        f'</api/v1/people?search=a+b&page={page}&size=2>; rel="{name}"'
        for name, page in (("first", 1), ("prev", 1), ("next", 3), ("last", 3))
    ]
