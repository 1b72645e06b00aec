"""Signing in and out, and what a session that ended leaves behind."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import httpx
import pyotp
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from models.database import transaction
from models.process.kinds import StepKind
from models.settings import settings
from models.tables import Account, PortalSession, WorkItem
from portal.acts.all import ACTS as ALL
from portal.places import page_of, route_at
from tests.factories import in_consulting
from tests.portal_client import HOST, PASSWORD, TOTP_SECRET, Browser, give_account, real_now, sign_in
from tests.unit.portal.everybody import application


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


def typed_then_cookie_gone(client: TestClient, url: str, now: datetime) -> tuple[Browser, int]:
    """A consultant's form about to be sent from a browser that has dropped its cookies."""
    with transaction(url) as session:
        attempt = in_consulting(session)
        kind = WorkItem.kind == StepKind.CONSULTING
        item = session.scalars(select(WorkItem.id).where(kind, WorkItem.attempt_id == attempt.id)).one()
    browser = sign_in(client, url, "tu-van-1", now)
    browser.get(f"/items/{item}")
    client.cookies.clear()
    return browser, item


def with_code(browser: Browser, login: str) -> httpx.Response:
    """Sign in, with the code, as the sign-in page asks for it."""
    target = re.search(r'name="next" value="([^"]+)"', browser.last.text)
    asked = enter(browser, login, next=target.group(1) if target else "/")
    hidden = dict(re.findall(r'name="(typed|next)" value="([^"]+)"', asked))
    return browser.send("/second-factor", {"code": pyotp.TOTP(TOTP_SECRET).now()} | hidden)


def test_form_sent_without_any_cookie_is_there_after_signing_in(client: TestClient, url: str, now: datetime) -> None:
    browser, item = typed_then_cookie_gone(client, url, now)
    browser.send(f"/items/{item}/outcome/consulting", {"findings": "Nhãn còn thiếu ngày sản xuất"})
    assert (browser.last.status_code, "vẫn được giữ" in browser.last.text) == (401, True)

    resumed = with_code(browser, "tu-van-1")

    assert 'value="Nhãn còn thiếu ngày sản xuất"' in resumed.text
    form = {"_more": "1", "findings": "Nhãn còn thiếu ngày sản xuất"}
    again = browser.send(f"/items/{item}/outcome/consulting", form)
    assert (again.status_code, "Nhãn còn thiếu ngày sản xuất</textarea>" in again.text) == (200, True)
    assert 'href="/rounds/2024-2"' in again.text  # the page of the item, not a bare form


def test_form_with_a_token_from_elsewhere_is_not_kept_and_leads_to_its_page(
    client: TestClient, url: str, now: datetime
) -> None:
    browser, item = typed_then_cookie_gone(client, url, now)
    browser.send(f"/items/{item}/outcome/consulting", {"_csrf": "0" * 64, "findings": "của trang khác"})
    assert "chưa được ghi" in browser.last.text

    page = with_code(browser, "tu-van-1")

    assert (page.status_code, page.url.path, "của trang khác" in page.text) == (200, f"/items/{item}", False)


def test_form_from_before_signing_in_again_is_given_back(client: TestClient, url: str, now: datetime) -> None:
    browser, item = typed_then_cookie_gone(client, url, now)
    old = re.search(r'name="_csrf" value="([0-9a-f]+)"', browser.last.text)
    assert old is not None
    sign_in(client, url, "tu-van-1", now)

    told = browser.send(f"/items/{item}/outcome/consulting", {"_csrf": old.group(1), "findings": "đã gõ dài"})
    sign_in(client, url, "kiem-tra", now)
    other = browser.send(f"/items/{item}/outcome/consulting", {"_csrf": old.group(1), "findings": "đã gõ dài"})

    assert ("Tiếp tục biểu mẫu" in told.text, "đã gõ dài" in told.text) == (True, True)
    assert (other.status_code, "đã gõ dài" in other.text) == (403, False)


def test_address_of_every_act_leads_to_a_page() -> None:
    app = application()
    paths = {act.path.format(**{name: 7 if kind is int else "x-1" for name, kind in act.ids.items()}) for act in ALL}

    found = {path: page_of(app, path) for path in paths}

    assert [path for path, above in found.items() if route_at(app, above) is None] == []
    assert [path for path, above in found.items() if above == "/" or not path.startswith(above)] == []


def test_address_of_a_form_that_is_opened_leads_to_its_page(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)

    answer = browser.get("/items/12/outcome/consulting", follow=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/items/12")


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
