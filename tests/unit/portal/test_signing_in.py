"""Signing in and out, and what a session that ended leaves behind."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
from fastapi.testclient import TestClient
from sqlalchemy import update

from models.database import transaction
from models.settings import settings
from models.tables import Account, PortalSession
from tests.portal_client import HOST, PASSWORD, TOTP_SECRET, Browser, give_account, real_now, sign_in


def test_page_without_signing_in_leads_to_the_form_and_back(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    browser = Browser(client)

    asked = browser.get("/account", follow=False)
    browser.get(asked.headers["location"])
    entered = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD, "next": "/account"}, follow=False)

    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Faccount")
    assert (entered.status_code, entered.headers["location"]) == (303, "/account")
    assert "Lê Thị Hương" in browser.get("/account").text


def test_wrong_password_is_refused_in_words_and_keeps_the_login(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    browser = Browser(client)
    browser.get("/sign-in")

    refused = browser.send("/sign-in", {"login": "dieu-phoi", "password": "sai"})

    assert refused.status_code == 403
    assert "Tên đăng nhập hoặc mật khẩu không đúng" in refused.text
    assert 'value="dieu-phoi"' in refused.text
    assert browser.get("/", follow=False).status_code == 303


def test_redirect_after_signing_in_never_leaves_the_portal(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client.cookies.clear()
        browser = Browser(client)
        browser.get("/sign-in")

        entered = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD, "next": target}, follow=False)

        assert entered.headers["location"] == "/", target


def test_form_without_its_token_does_nothing(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)

    refused = client.post("/sign-out", data={"_csrf": "0" * 64})

    assert refused.status_code == 403
    assert browser.get("/", follow=False).status_code == 200


def test_signing_in_gives_a_session_of_its_own(client: TestClient, url: str, now: datetime) -> None:
    """A secret that somebody planted before (session fixation) opens nothing afterwards."""
    first = sign_in(client, url, "dieu-phoi", now)
    planted = client.cookies["ocop_session"]
    first.get("/")
    first.send("/sign-out")
    browser = Browser(client)
    browser.get("/sign-in")
    browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD})

    assert client.cookies["ocop_session"] != planted
    client.cookies.set("ocop_session", planted, domain=HOST)
    assert client.get("/", follow_redirects=False).status_code == 303


def out_of_time(url: str) -> None:
    """All sessions have been idle for too long."""
    with transaction(url) as session:
        session.execute(update(PortalSession).values(seen_at=real_now() - timedelta(hours=1)))


def send_late(client: TestClient, url: str, now: datetime) -> Browser:
    """A coordinator's form that arrives after the session has timed out."""
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account/delegation")
    out_of_time(url)
    browser.send("/account/delegation", {"reason": "một báo cáo dài", "to": "chanh-vp"})
    return browser


def enter(browser: Browser, login: str, **more: str) -> str:
    found = re.search(r'name="typed" value="([^"]+)"', browser.last.text)
    typed = {"typed": found.group(1)} if found else {}
    return browser.send("/sign-in", {"login": login, "password": PASSWORD} | typed | more).text


def test_form_sent_after_the_session_ended_is_there_after_signing_in(
    client: TestClient, url: str, now: datetime
) -> None:
    browser = send_late(client, url, now)
    assert browser.last.status_code == 401

    asked = enter(browser, "dieu-phoi")
    found = re.search(r'name="typed" value="([^"]+)"', asked)
    assert found is not None
    resumed = browser.send("/second-factor", {"code": pyotp.TOTP(TOTP_SECRET).now(), "typed": found.group(1)})

    assert 'name="reason" value="một báo cáo dài"' in resumed.text
    assert 'action="/account/delegation"' in resumed.text
    again = browser.send("/account/delegation", {"_more": "1", "reason": "một báo cáo dài", "to": "chanh-vp"})
    assert ("một báo cáo dài" in again.text, "Người làm thay" in again.text) == (True, True)


def test_form_of_one_person_is_not_given_to_another(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "chanh-vp", now)
    browser = send_late(client, url, now)

    shown = enter(browser, "chanh-vp")

    assert ("Việc của tôi" in shown, "một báo cáo dài" in shown) == (True, False)


def test_form_from_nobody_and_passwords_are_not_kept(client: TestClient, url: str, now: datetime) -> None:
    nobody = client.post("/account/delegation", data={"reason": "lạ"})
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account/password")
    out_of_time(url)

    late = browser.send("/account/password", {"old": PASSWORD, "new": "x", "again": "x"})

    assert [answer.status_code for answer in (nobody, late)] == [401, 401]
    assert ["typed" in answer.text for answer in (nobody, late)] == [False, False]


def test_session_ends_after_its_longest_time_however_busy(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    assert browser.get("/", follow=False).status_code == 200
    with transaction(url) as session:
        session.execute(update(PortalSession).values(started_at=real_now() - timedelta(hours=13)))

    assert browser.get("/", follow=False).status_code == 303


def test_wrong_passwords_lock_the_account_and_say_until_when(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    browser = Browser(client)
    browser.get("/sign-in")
    for _ in range(5):
        told = browser.send("/sign-in", {"login": "dieu-phoi", "password": "sai"})

    right = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD})

    assert re.search(r"tạm khóa đến \d\d:\d\d ngày", told.text)
    assert (right.status_code, "tạm khóa đến" in right.text) == (403, True)
    assert browser.get("/", follow=False).status_code == 303


def test_one_time_password_opens_nothing_after_its_time(client: TestClient, url: str, now: datetime) -> None:
    give_account(url, "dieu-phoi", now)
    with transaction(url) as session:
        late = real_now() - timedelta(hours=settings().one_time_hours, minutes=1)
        session.execute(update(Account).values(must_change=True, password_set_at=late))
    browser = Browser(client)
    browser.get("/sign-in")

    refused = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD})

    assert (refused.status_code, "Mật khẩu dùng một lần đã hết hạn" in refused.text) == (403, True)
