"""Every route, asked for by somebody of every role and by nobody: the access table is what happens.

Routes are found, not listed: a page that is added is walked from then on. Forms are sent without their token, so that
nothing is done: who is let in is then refused for the form only, which shows that every form asks for its token.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from sqlalchemy.engine import make_url

from deployments.write_access_table import PLACE, page
from models.database import engine_for, reading
from models.enums import Role
from models.settings import settings
from portal.access import RouteAccess
from tests.portal_client import portal
from tests.unit.portal.everybody import ROLES, Everybody, ids_for, routes

NOT_FOR_THIS_ROLE = "Vai trò của anh/chị không dùng được trang này."
WITHOUT_SCOPE = "không có phạm vi"
FORM_IS_OLD = "Biểu mẫu đã cũ"
WALKED = routes()


@pytest.fixture(scope="module")
def everybody(large_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    home = tmp_path_factory.mktemp("walk")
    engine_for(large_url).dispose()  # the last connection to close writes the WAL back: one file is all there is
    shutil.copyfile(str(make_url(large_url).database), home / "ocop.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCOP_HOME", str(home))
        settings.cache_clear()
        with portal() as client:
            found = Everybody(client, settings().domain_url)
            found.settle()
            yield found
        engine_for(found.url).dispose()
    settings.cache_clear()


def named(line: RouteAccess) -> str:
    return f"{line.method} {line.path}"


@pytest.mark.parametrize("line", WALKED, ids=named)
def test_route_lets_in_whom_the_table_names_and_nobody_else(everybody: Everybody, line: RouteAccess) -> None:
    told = {}
    for role in ROLES:
        with reading(everybody.url) as session:
            path = ids_for(session, line.path, role)
        answer = everybody.ask(line, path, role)
        told[role] = verdict(line, answer.status_code, answer.text)

    assert told == {role: "let in" if line.access.lets_in(frozenset({role})) else "refused" for role in ROLES}


@pytest.mark.parametrize("line", [line for line in WALKED if not line.access.public], ids=named)
def test_route_lets_nobody_in_who_has_not_signed_in(everybody: Everybody, line: RouteAccess) -> None:
    with reading(everybody.url) as session:
        path = ids_for(session, line.path)

    answer = everybody.ask(line, path, None)

    if path.startswith("/api/"):
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    elif line.method == "GET":
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")
    else:
        assert (answer.status_code, "Đăng nhập" in answer.text) == (401, True)


def verdict(line: RouteAccess, status: int, text: str) -> str:
    """What became of one request, apart from what the case itself says of it."""
    assert status < 500, text
    if NOT_FOR_THIS_ROLE in text or WITHOUT_SCOPE in text:  # only administrators' tokens have the scope «admin»
        return "refused" if status == 403 else f"refused with {status}"
    if line.method == "POST" and not line.path.startswith("/api/"):
        return "let in" if (status, FORM_IS_OLD in text) == (403, True) else f"not asked for its token: {status}"
    return f"stopped with {status}" if status == 401 else "let in"


def test_walk_meets_each_kind_of_route_and_role() -> None:
    methods = {line.method for line in WALKED}

    assert methods >= {"GET", "POST"}
    assert len(WALKED) > 100
    assert set(ROLES) == {role for role in Role if role is not Role.SYSTEM}
    assert {True, False} == {line.path.startswith("/api/") for line in WALKED}


def test_table_in_the_documents_is_that_of_the_code() -> None:
    assert PLACE.read_text(encoding="utf-8") == page(), "chạy: make access-table"
