"""The second factor through the pages: set up, asked for, needed by some roles."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.accounts.signing_in import account_of
from models.database import transaction
from models.enums import TokenScope
from models.offices.people import person_of_code
from models.tables import Account, PortalSession
from tests.portal_client import PASSWORD, TOTP_SECRET, Browser, give_account, set_up_second_factor, token_for

BY_HAND = re.compile(r"<code>([A-Z2-7]{32})</code>")


def enter(client: TestClient, code: str) -> Browser:
    browser = Browser(client)
    browser.get("/sign-in")
    browser.send("/sign-in", {"login": code, "password": PASSWORD})
    return browser


def with_app(url: str, code: str) -> None:
    with transaction(url) as session:
        set_up_second_factor(account_of(session, person_of_code(session, code)))


def test_leader_must_set_it_up_before_anything_else(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "lanh-dao", now)
    browser = enter(client, "lanh-dao")

    asked = browser.get("/", follow=False)
    browser.get("/second-factor")
    browser.send("/second-factor/enrolment")
    secret = BY_HAND.search(browser.last.text)
    assert "data:image/svg+xml" in browser.last.text
    assert secret is not None
    before = client.cookies["ocop_session"]
    confirmed = browser.send("/second-factor/confirmation", {"code": pyotp.TOTP(secret.group(1)).now()})

    assert (asked.status_code, asked.headers["location"]) == (303, "/second-factor")
    assert len(re.findall(r"<li><code>", confirmed.text)) == 8
    assert client.cookies["ocop_session"] != before
    assert browser.get("/", follow=False).status_code == 200


def test_coordinator_may_go_without_it(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)

    assert enter(client, "dieu-phoi").get("/", follow=False).status_code == 200


@pytest.mark.parametrize("path", ["/", "/account", "/account/password", "/account/tokens/new", "/items"])
def test_nothing_opens_before_the_code(client: TestClient, url: str, now: datetime, path: str) -> None:
    give_account(url, "dieu-phoi", now)
    with_app(url, "dieu-phoi")
    browser = enter(client, "dieu-phoi")

    answer = browser.get(path, follow=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/second-factor")


def test_right_code_opens_and_changes_the_secret_of_the_session(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    with_app(url, "dieu-phoi")
    browser = enter(client, "dieu-phoi")
    before = client.cookies["ocop_session"]

    wrong = browser.send("/second-factor", {"code": "000000"})
    browser.send("/second-factor", {"code": pyotp.TOTP(TOTP_SECRET).now(), "next": "/account"}, follow=False)

    assert (wrong.status_code, "Mã xác thực không đúng" in wrong.text) == (403, True)
    assert browser.last.headers["location"] == "/account"
    assert client.cookies["ocop_session"] != before
    assert browser.get("/", follow=False).status_code == 200


def test_wrong_codes_lock_the_account_and_say_until_when(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    with_app(url, "dieu-phoi")
    browser = enter(client, "dieu-phoi")

    for _ in range(5):
        told = browser.send("/second-factor", {"code": "000000"})

    assert "tạm khóa đến" in told.text
    assert browser.send("/second-factor", {"code": pyotp.TOTP(TOTP_SECRET).now()}).status_code == 403


def test_token_of_a_leader_without_it_opens_nothing(client: TestClient, url: str, now: datetime) -> None:
    header = token_for(url, "lanh-dao", now, TokenScope.READ)
    assert client.get("/api/v1/items/999", headers=header).status_code == 404
    with transaction(url) as session:
        account_of(session, person_of_code(session, "lanh-dao")).totp_confirmed_at = None

    refused = client.get("/api/v1/items/999", headers=header)

    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")


def test_one_time_password_is_changed_before_the_app_is_set_up(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "lanh-dao", now)
    with transaction(url) as session:
        account_of(session, person_of_code(session, "lanh-dao")).must_change = True
    browser = enter(client, "lanh-dao")

    browser.get("/account/password")
    before = client.cookies["ocop_session"]
    new = {"old": PASSWORD, "new": "mot cau khac that dai", "again": "mot cau khac that dai"}
    browser.send("/account/password", new)

    assert client.cookies["ocop_session"] != before
    assert browser.get("/", follow=False).headers["location"] == "/second-factor"
    with transaction(url) as session:
        assert not session.scalars(select(Account.must_change).where(Account.must_change)).all()
        assert len(session.scalars(select(PortalSession).where(PortalSession.ended_at.is_(None))).all()) == 1
