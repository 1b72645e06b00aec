"""The own account, the accounts of others, and acts on several items, through the pages."""

from __future__ import annotations

import re
from datetime import date, datetime

from fastapi.testclient import TestClient
from sqlalchemy import select

from models.actors import oneself
from models.clock import VN_TZ
from models.database import transaction
from models.delegations.making import delegate
from models.enums import Role, Takes, TokenScope
from models.offices.people import person_of_code
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.subjects import attempt_subject
from models.tables import Account, AuditEntry, CalendarToken, Channel, Delegation, Outcome, Person, WorkItem
from tests.domain_engine import run_engine
from tests.factories import CAKE, HANDED_IN, LONGAN, submit
from tests.portal_client import Browser, give_account, sign_in, token_for

APRIL = date(2024, 4, 1)
ACCEPTED = {"outcome": "accepted"}


def checks(url: str, *products: str) -> list[int]:
    """Dossiers that wait for the coordinators' check of completeness."""
    with transaction(url) as session:
        for product in products or (CAKE,):
            run_engine(session, attempt_subject(submit(session, product).id), HANDED_IN)
        kind = WorkItem.kind == StepKind.REGISTRATION_CHECK
        return list(session.scalars(select(WorkItem.id).where(kind).order_by(WorkItem.id)))


def stand_in(url: str, giver: str, taker: str) -> None:
    with transaction(url) as session:
        one, other = person_of_code(session, giver), person_of_code(session, taker)
        now = datetime(2024, 3, 1, 9, tzinfo=VN_TZ)
        who = oneself(session, one.id, now.date())
        delegate(session, one, other, [], now.date(), APRIL, "nghỉ phép", who, now)


def claimed_by(url: str, item: int) -> str | None:
    with transaction(url) as session:
        person = session.get_one(WorkItem, item).claimed_by
        return person.code if person is not None else None


def test_person_lets_another_stand_in_and_ends_it(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account/delegation")
    asked = {"to": "chanh-vp", "valid_from": "2024-03-01", "valid_to": "2024-04-01", "reason": "Nghỉ phép"}

    made = browser.send("/account/delegation", asked)
    browser.get("/account/delegation/end")
    ended = browser.send("/account/delegation/end")

    assert "<strong>Trịnh Văn Sơn</strong> làm thay tôi" in made.text
    assert "Chưa ủy quyền cho ai" in ended.text
    with transaction(url) as session:
        assert session.scalars(select(Delegation)).one().ended_at is not None


def test_item_is_claimed_and_given_back(client: TestClient, url: str, now: datetime) -> None:
    (item,) = checks(url)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"/items/{item}")

    browser.send(f"/items/{item}/claim")
    taken = claimed_by(url, item)
    browser.send(f"/items/{item}/release")

    assert (taken, claimed_by(url, item)) == ("dieu-phoi", None)


def test_item_claimed_by_a_colleague_is_given_back_with_a_reason(client: TestClient, url: str, now: datetime) -> None:
    (item,) = checks(url)
    first = sign_in(client, url, "chanh-vp", now)
    first.get(f"/items/{item}")
    first.send(f"/items/{item}/claim")
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"/items/{item}/release")

    refused = browser.send(f"/items/{item}/release")
    held = claimed_by(url, item)
    browser.send(f"/items/{item}/release", {"reason": "Người nhận nghỉ ốm"})

    assert (refused.status_code, "Thiếu lý do" in refused.text, held) == (422, True, "chanh-vp")
    assert claimed_by(url, item) is None


def test_who_stands_in_for_two_says_for_whom(client: TestClient, url: str, now: datetime) -> None:
    (item,) = checks(url)
    for giver in ("dieu-phoi", "chanh-vp"):
        stand_in(url, giver, "tu-van-1")
    header = token_for(url, "tu-van-1", now, TokenScope.ACT) | {"Idempotency-Key": "1"}
    browser = sign_in(client, url, "tu-van-1", now)

    shown = browser.get(f"/items/{item}").text
    unsaid = browser.send(f"/items/{item}/outcome/registration_check", ACCEPTED)
    by_api = client.post(f"/api/v1/items/{item}/outcome/registration_check", json=ACCEPTED, headers=header)
    browser.get(f"/items/{item}")
    said = browser.send(f"/items/{item}/outcome/registration_check", ACCEPTED | {"_on_behalf_of": "chanh-vp"})

    assert ("Thay mặt Lê Thị Hương" in shown, "Thay mặt Trịnh Văn Sơn" in shown) == (True, True)
    assert (unsaid.status_code, by_api.status_code, said.status_code) == (422, 422, 200)
    with transaction(url) as session:
        stated = session.scalars(select(Outcome).where(Outcome.item_id == item)).one()
        instead = session.get_one(Person, stated.on_behalf_of_id).code
        assert (session.get_one(Person, stated.actor_id).code, instead) == ("tu-van-1", "chanh-vp")


def test_act_on_no_item_says_for_whom_as_well(client: TestClient, url: str, now: datetime) -> None:
    (item,) = checks(url)
    for giver in ("dieu-phoi", "chanh-vp"):
        stand_in(url, giver, "tu-van-1")
    browser = sign_in(client, url, "tu-van-1", now)
    more = {"days": "2", "reason": "Chờ giấy"}

    shown = browser.get(f"/items/{item}/extension").text
    unsaid = browser.send(f"/items/{item}/extension", more)
    browser.get(f"/items/{item}/extension")
    stranger = browser.send(f"/items/{item}/extension", more | {"_on_behalf_of": "lanh-dao"})
    browser.get(f"/items/{item}/extension")
    said = browser.send(f"/items/{item}/extension", more | {"_on_behalf_of": "chanh-vp"})

    assert ("Thay mặt Lê Thị Hương" in shown, "Thay mặt Trịnh Văn Sơn" in shown) == (True, True)
    assert (unsaid.status_code, stranger.status_code, said.status_code) == (422, 403, 200)
    assert "Chưa chọn làm thay mặt ai" in unsaid.text
    with transaction(url) as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.extended")).all()
        assert session.get_one(Person, entry.on_behalf_of_id).code == "chanh-vp"


def test_own_password_is_nobody_else_s_to_change(client: TestClient, url: str, now: datetime) -> None:
    for giver in ("dieu-phoi", "chanh-vp"):
        stand_in(url, giver, "tu-van-1")
    browser = sign_in(client, url, "tu-van-1", now)

    assert "Thay mặt" not in browser.get("/account/tokens/new").text.partition("<main")[2]


def test_several_items_are_shown_first_and_then_given_more_time(client: TestClient, url: str, now: datetime) -> None:
    items = checks(url, CAKE, LONGAN)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/items")
    asked = {"items": [str(item) for item in items], "kind": "extend", "days": "3", "reason": "Bão"}
    with transaction(url) as session:
        before = [session.get_one(WorkItem, item).due_on for item in items]

    shown = browser.send("/items/bulk/preview", asked)
    with transaction(url) as session:
        untouched = [session.get_one(WorkItem, item).due_on for item in items]
    confirm(browser)

    assert (shown.status_code, "Sẽ làm với 2 trong 2 việc" in shown.text) == (200, True)
    assert untouched == before
    with transaction(url) as session:
        assert all(session.get_one(WorkItem, item).due_on > day for item, day in zip(items, before, strict=True))


def test_what_changed_since_it_was_shown_is_not_touched(client: TestClient, url: str, now: datetime) -> None:
    items = checks(url, CAKE, LONGAN)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/items")
    browser.send("/items/bulk/preview", {"items": [str(item) for item in items], "kind": "claim"})
    shown = browser.last
    browser.send(f"/items/{items[0]}/claim")
    browser.last = shown

    refused = confirm(browser)

    assert refused == 409
    assert claimed_by(url, items[1]) is None


def test_all_work_of_a_person_is_handed_over_as_shown(client: TestClient, url: str, now: datetime) -> None:
    items = checks(url, CAKE, LONGAN)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/items")
    browser.send("/items/bulk/preview", {"items": [str(item) for item in items], "kind": "claim"})
    confirm(browser)
    browser.get("/people/dieu-phoi/hand-over")

    browser.send("/people/dieu-phoi/hand-over", {"to": "chanh-vp", "reason": "Chuyển công tác"})
    kept = [claimed_by(url, item) for item in items]
    confirm(browser)

    assert kept == ["dieu-phoi", "dieu-phoi"]
    assert [claimed_by(url, item) for item in items] == ["chanh-vp", "chanh-vp"]


def test_administrator_gives_out_resets_and_shuts_accounts(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        someone = Person(code="quan-tri", name="Quản trị")
        session.add(someone)
        give_role(session, someone, Role.ADMINISTRATOR, date(2024, 1, 1))
    browser = sign_in(client, url, "quan-tri", now)
    browser.get("/people/thu-ky/account/new")

    made = browser.send("/people/thu-ky/account/new")
    browser.get("/people/thu-ky/account/reset")
    reset = browser.send("/people/thu-ky/account/reset")
    browser.get("/people/thu-ky/account/disabling")
    shut = browser.send("/people/thu-ky/account/disabling")

    once = [re.search(r"<code>(\w{4}-\w{4}-\w{4})</code>", answer.text) for answer in (made, reset)]
    assert all(once)
    assert "ngừng sử dụng" in shut.text
    with transaction(url) as session:
        account = session.scalars(select(Account).where(Account.person_id == person_of_code(session, "thu-ky").id))
        assert account.one().disabled_at is not None


def test_calendar_opens_by_its_address_until_a_new_one_is_made(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account/calendar")
    browser.send("/account/calendar")
    with transaction(url) as session:
        token = session.scalars(select(CalendarToken.token)).one()
    opened = client.get(f"/ical/{token}.ics")
    browser.get("/account/calendar")
    browser.send("/account/calendar")

    assert opened.text.startswith("BEGIN:VCALENDAR")
    assert client.get(f"/ical/{token}.ics").status_code == 404


def test_signing_out_elsewhere_leaves_this_session(client: TestClient, url: str, now: datetime) -> None:
    sign_in(client, url, "dieu-phoi", now)
    other = client.cookies["ocop_session"]
    give_account(url, "dieu-phoi", now)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/account")

    browser.send("/account/sessions/end")

    assert browser.get("/", follow=False).status_code == 200
    client.cookies.clear()
    answer = client.get("/", headers={"Cookie": f"ocop_session={other}"}, follow_redirects=False)
    assert answer.status_code == 303


def confirm(browser: Browser) -> int:
    """Send the preview's own form, as it stands in the page."""
    form = browser.last.text.split('action="/items/bulk">')[1].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value)
    return browser.send("/items/bulk", sent).status_code


def test_own_account_is_read_by_a_program_without_any_secret(client: TestClient, url: str, now: datetime) -> None:
    stand_in(url, "dieu-phoi", "tu-van-1")
    header = token_for(url, "dieu-phoi", now, TokenScope.READ)
    sign_in(client, url, "dieu-phoi", now)

    answer = client.get("/api/v1/account", headers=header)

    found = answer.json()
    assert (found["account"]["code"], len(found["sessions"]), len(found["tokens"])) == ("dieu-phoi", 1, 1)
    assert [(rule["from_code"], rule["to_code"]) for rule in found["given"]] == [("dieu-phoi", "tu-van-1")]
    assert found["taken"] == []
    secret = header["Authorization"].removeprefix("Bearer ")
    assert not any(word in answer.text for word in (secret, "hash", "totp", "password_"))


def test_accounts_are_read_by_whoever_looks_after_them_only(client: TestClient, url: str, now: datetime) -> None:
    for code in ("cb-xa-tho-dien", "lanh-dao"):
        give_account(url, code, now)
    header = token_for(url, "dieu-phoi", now, TokenScope.READ)
    stranger = token_for(url, "tu-van-1", now, TokenScope.READ)

    listed = client.get("/api/v1/accounts?size=200", headers=header).json()
    one = client.get("/api/v1/people/cb-xa-tho-dien/account", headers=header)
    leader = client.get("/api/v1/people/lanh-dao/account", headers=header)

    assert one.json() == next(row for row in listed["items"] if row["code"] == "cb-xa-tho-dien")
    assert (one.json()["account"]["state"] != "", leader.status_code) == (True, 403)
    assert client.get("/api/v1/accounts", headers=stranger).status_code == 403


def test_person_sees_the_own_channels_and_says_what_they_take(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        people = [person_of_code(session, code).id for code in ("dieu-phoi", "chanh-vp")]
        channels = [Channel(person_id=one, url=f"json://127.0.0.1:9/k{one}") for one in people]
        session.add_all(channels)
        session.flush()
        mine, other = (channel.id for channel in channels)
    browser = sign_in(client, url, "dieu-phoi", now)

    shown = browser.get("/account").text
    browser.get(f"/account/channels/{mine}/takes")
    chosen = browser.send(f"/account/channels/{mine}/takes", {"takes": "digest"})
    foreign = browser.send(f"/account/channels/{other}/takes", {"takes": "digest"})

    assert (f"/account/channels/{mine}/takes" in shown, f"/account/channels/{other}/takes" in shown) == (True, False)
    assert "Chỉ bản tổng hợp hằng ngày" in chosen.text
    assert foreign.status_code == 404
    with transaction(url) as session:
        assert [session.get_one(Channel, one).takes for one in (mine, other)] == [Takes.DIGEST, Takes.ALL]
