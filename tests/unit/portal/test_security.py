"""What must not be possible, whatever is sent: the portal as somebody who means ill sees it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from starlette.responses import Response

from models.accounts import managing, sessions
from models.accounts.signing_in import account_of
from models.actors import SYSTEM
from models.database import transaction
from models.enums import TokenScope
from models.offices.people import person_of_code
from models.process.kinds import StepKind
from models.settings import settings
from models.subjects import attempt_subject
from models.tables import ApiToken, Person, PortalSession, Product, Round, WorkItem
from portal import cookies
from tests.domain_engine import run_engine
from tests.factories import HANDED_IN, submit
from tests.portal_client import PASSWORD, Browser, give_account, real_now, sign_in, token_for

SCRIPT = "<script>alert(1)</script>"
FAR = "https://evil.example"


def item_of(url: str, kind: StepKind) -> int:
    """An item of this kind that waits for somebody: a dossier that was handed in."""
    with transaction(url) as session:
        attempt = submit(session)
        run_engine(session, attempt_subject(attempt.id), HANDED_IN)
        return session.scalars(select(WorkItem.id).where(WorkItem.kind == kind)).one()


@pytest.mark.parametrize("path", ["/sign-in", "/", "/static/portal.css", "/api/v1/openapi.json", "/nowhere"])
def test_every_answer_tells_browsers_to_trust_nothing_else(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")


@pytest.mark.parametrize("path", ["/", "/account", "/items", "/accounts"])
def test_pages_of_somebody_are_kept_nowhere(client: TestClient, url: str, now: datetime, path: str) -> None:
    answer = sign_in(client, url, "dieu-phoi", now).get(path)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_cookies_are_for_this_site_and_no_script(
    client: TestClient, url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_account(url, "dieu-phoi", now)
    browser = Browser(client)
    browser.get("/sign-in")
    entered = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD}, follow=False)
    plain = next(one for one in entered.headers.get_list("set-cookie") if one.startswith("ocop_session="))
    monkeypatch.setenv("OCOP_PORTAL_URL", "https://ocop.example")
    settings.cache_clear()
    carrier = Response()
    cookies.give(carrier, cookies.SESSION, "x")

    tls = carrier.headers["set-cookie"]

    assert all(flag in plain for flag in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert tls.startswith("__Host-ocop_session=")
    assert all(flag in tls for flag in ("HttpOnly", "SameSite=lax", "Path=/", "Secure"))
    assert "Domain" not in tls


@pytest.mark.parametrize("path", ["/", "/account/", "//evil.example", "/sign-in/", "/items"])
def test_no_redirect_leads_where_the_host_header_says(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)

    assert "evil.example" not in answer.headers.get("location", "").split("?")[0]


@pytest.mark.parametrize(
    "path", ["../portal.key", "..%2fportal.key", "%2e%2e/app.py", "..%5capp.py", "/etc/passwd", "%00"]
)
def test_static_files_end_at_their_folder(client: TestClient, path: str) -> None:
    assert client.get("/static/portal.css").status_code == 200

    assert client.get(f"/static/{path}").status_code == 404


def test_forged_cookie_opens_nothing(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    right = client.cookies["ocop_session"]
    assert browser.get("/", follow=False).status_code == 200
    client.cookies.clear()

    for forged in (right[:-2] + "xx", right.split(".", maxsplit=1)[0], "x", "", right.replace(".", "..")):
        answer = client.get("/", headers={"Cookie": f"ocop_session={forged}"}, follow_redirects=False)
        assert answer.status_code == 303, forged


def test_cookie_of_one_purpose_is_none_of_another(client: TestClient, url: str, now: datetime) -> None:
    """A message for the next page is signed by the same key: it must not pass for a session."""
    browser = sign_in(client, url, "dieu-phoi", now)
    right = client.cookies["ocop_session"]
    client.cookies.clear()
    client.cookies.set("ocop_flash", right)

    assert browser.get("/", follow=False).status_code == 303


def test_planted_session_is_not_taken_over_by_signing_in(client: TestClient, url: str, now: datetime) -> None:
    """Session fixation: whoever planted the cookie of their own session does not get the victim's."""
    give_account(url, "dieu-phoi", now)
    with transaction(url) as session:
        person = person_of_code(session, "thu-ky")
        managing.add_account(session, person, SYSTEM, real_now())
        _, planted = sessions.start(session, account_of(session, person), real_now())
    carrier = Response()
    cookies.give(carrier, cookies.SESSION, planted)
    theirs = carrier.headers["set-cookie"].split(";")[0]
    browser = Browser(client)
    browser.get("/sign-in")

    browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD})
    client.cookies.clear()
    seen = client.get("/account", headers={"Cookie": theirs}).text

    assert "Lê Thị Hương" not in seen
    with transaction(url) as session:
        owners = session.execute(select(Person.code).join(PortalSession)).scalars().all()
        assert sorted(owners) == ["dieu-phoi", "thu-ky"]


def test_names_are_shown_as_text(client: TestClient, url: str, now: datetime) -> None:
    """Stored XSS: product, person and reason come from people."""
    item = item_of(url, StepKind.REGISTRATION_CHECK)
    with transaction(url) as session:
        session.execute(update(Product).values(name=SCRIPT))
        session.execute(update(Person).where(Person.code == "dieu-phoi").values(name=SCRIPT))
    browser = sign_in(client, url, "dieu-phoi", HANDED_IN)

    for path in ("/", "/items", f"/items/{item}", "/account", "/accounts", "/people/dieu-phoi/account"):
        text = browser.get(path).text
        assert SCRIPT not in text, path
        assert "&lt;script&gt;" in text, path


def test_item_of_others_is_not_there(client: TestClient, url: str, now: datetime) -> None:
    item = item_of(url, StepKind.REGISTRATION_CHECK)
    assert sign_in(client, url, "dieu-phoi", now).get(f"/items/{item}").status_code == 200
    header = token_for(url, "cb-xa-xuan-hong", now, TokenScope.READ)
    browser = sign_in(client, url, "cb-xa-xuan-hong", now)

    theirs, none = browser.get(f"/items/{item}"), browser.get("/items/999999")
    by_api = client.get(f"/api/v1/items/{item}", headers=header)

    assert (theirs.status_code, none.status_code, by_api.status_code) == (404, 404, 404)
    assert theirs.text.replace(f"số {item}", "") == none.text.replace("số 999999", "")


def test_sessions_and_tokens_of_others_cannot_be_ended(client: TestClient, url: str, now: datetime) -> None:
    sign_in(client, url, "thu-ky", now)
    token_for(url, "thu-ky", now, TokenScope.READ)
    with transaction(url) as session:
        theirs = session.scalars(select(PortalSession.id)).one(), session.scalars(select(ApiToken.id)).one()
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account")

    answers = [
        browser.send(f"/account/sessions/{theirs[0]}/end"),
        browser.send(f"/account/tokens/{theirs[1]}/revocation"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    with transaction(url) as session:
        assert session.get_one(PortalSession, theirs[0]).ended_at is None
        assert session.get_one(ApiToken, theirs[1]).revoked_at is None


def test_accounts_of_others_are_not_a_coordinators(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "lanh-dao", now)
    give_account(url, "thu-ky", now)
    browser = sign_in(client, url, "dieu-phoi", now)

    own, other = browser.get("/people/thu-ky/account"), browser.get("/people/lanh-dao/account")
    browser.get("/people/thu-ky/account")
    refused = browser.send("/people/lanh-dao/account/reset")

    assert (own.status_code, other.status_code, refused.status_code) == (200, 403, 403)
    assert "/people/lanh-dao/account" not in browser.get("/accounts").text


def test_token_is_for_its_scope_and_person_only(client: TestClient, url: str, now: datetime) -> None:
    item = item_of(url, StepKind.REGISTRATION_CHECK)
    header = token_for(url, "dieu-phoi", now, TokenScope.READ)
    assert client.get(f"/api/v1/items/{item}", headers=header).status_code == 200

    acted = client.post(f"/api/v1/items/{item}/claim", json={}, headers=header | {"Idempotency-Key": "1"})
    with transaction(url) as session:
        managing.disable(session, person_of_code(session, "dieu-phoi"), SYSTEM, real_now())
        session.execute(update(ApiToken).values(revoked_at=None))  # what is left is the person

    assert (acted.status_code, acted.json()["title"]) == (403, "Mã truy cập không đủ phạm vi")
    assert client.get(f"/api/v1/items/{item}", headers=header).status_code == 401


def test_cookie_opens_no_api_and_token_no_page(client: TestClient, url: str, now: datetime) -> None:
    header = token_for(url, "dieu-phoi", now, TokenScope.READ)
    sign_in(client, url, "dieu-phoi", now)
    assert client.get("/account", follow_redirects=False).status_code == 200

    by_cookie = client.get("/api/v1/items/1")
    client.cookies.clear()
    by_token = client.get("/account", headers=header, follow_redirects=False)

    assert (by_cookie.status_code, by_token.status_code) == (401, 303)


def test_disabled_person_is_out_at_once(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    assert browser.get("/", follow=False).status_code == 200
    with transaction(url) as session:
        managing.disable(session, person_of_code(session, "dieu-phoi"), SYSTEM, real_now())

    assert browser.get("/", follow=False).status_code == 303


def test_secrets_that_are_told_once_are_stored_nowhere(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account/tokens/new")
    key = re.search(r'name="_key" value="(\w+)"', browser.last.text)
    until = (real_now() + timedelta(days=30)).date().isoformat()
    asked = {"name": "Báo cáo", "scopes": "read", "expires_on": until}

    told = browser.send("/account/tokens/new", asked)
    secret = re.search(r"ocop_[\w-]{40,}", told.text)
    browser.get("/account")
    assert key is not None
    again = browser.send("/account/tokens/new", asked | {"_key": key.group(1)})

    assert secret is not None
    header = {"Authorization": f"Bearer {secret.group(0)}"}
    assert client.get("/api/v1/items/999999", headers=header).status_code == 404
    assert secret.group(0) not in again.text
    with transaction(url) as session:
        assert len(session.scalars(select(ApiToken)).all()) == 1
        dump = "\n".join(session.connection().connection.driver_connection.iterdump())  # type: ignore[union-attr]
        assert ("Báo cáo" in dump, secret.group(0) in dump) == (True, False)


def test_round_codes_and_odd_addresses_are_met_with_words(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    with transaction(url) as session:
        assert session.scalars(select(Round.code)).first() is not None

    for path in ("/items/0", "/items/99999999999999999999", "/items/1e3", "/people/%00/account", f"/items/{SCRIPT}"):
        answer = browser.get(path)
        assert 400 <= answer.status_code < 500, path
        assert SCRIPT not in answer.text
