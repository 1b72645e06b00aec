"""Signing in and out, and what a session that ended leaves behind."""

from __future__ import annotations

from datetime import datetime

from fastapi.testclient import TestClient

from tests.portal_client import HOST, PASSWORD, Browser, give_account, sign_in


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


def test_form_sent_after_the_session_ended_is_there_after_signing_in(
    client: TestClient, url: str, now: datetime
) -> None:
    give_account(url, "dieu-phoi", now)
    browser = Browser(client)
    kept = client.post("/account/password", data={"old": "cũ", "note": "một báo cáo dài"})
    browser.last = kept

    typed = kept.text.split('name="typed" value="')[1].split('"')[0]
    resumed = browser.send("/sign-in", {"login": "dieu-phoi", "password": PASSWORD, "typed": typed})

    assert 'name="note" value="một báo cáo dài"' in resumed.text
    assert 'action="/account/password"' in resumed.text
