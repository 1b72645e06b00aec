"""Settings through pages and API: what the law fixes stays, effects are shown before they act."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from deployments.commands.checks import check_database
from models.actors import SYSTEM
from models.database import transaction
from models.enums import ItemStatus, Role, TokenScope
from models.offices.people import add_person
from models.settings import settings
from models.tables import AuditEntry, Channel, Delivery, Office, Person, WorkItem
from tests.factories import in_consulting
from tests.portal_client import sign_in, token_for

SECRET = "AAFabcdefghijklmnopqrstuvwxyz0123456"


def office_settings(url: str) -> dict[str, object]:
    with transaction(url) as session:
        return dict(session.scalars(select(Office).where(Office.code == "vpdp")).one().settings)


def due_of_check(url: str, now: datetime) -> tuple[int, date]:
    """An item with a term in working days, opened today."""
    with transaction(url) as session:
        in_consulting(session)
        item = session.scalars(
            select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, WorkItem.attempt_id.is_not(None))
        ).first()
        assert item is not None
        return item.id, item.due_on


def test_own_term_is_kept_and_what_the_law_fixes_is_not_asked(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    page = browser.get("/settings/vpdp/terms").text

    browser.send("/settings/vpdp/terms", {"terms[consulting][days]": "12", "terms[consulting][unit]": "calendar"})

    assert "terms[consulting][days]" in page
    assert office_settings(url)["terms"] == {"consulting": {"days": 12, "unit": "calendar"}}
    assert "12 ngày liên tục" in browser.get("/settings/vpdp").text


def test_day_off_shows_which_due_dates_move_before_they_move(client: TestClient, url: str, now: datetime) -> None:
    number, due = due_of_check(url, now)
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/settings/vpdp/days")
    day_off = {"days_off[0][date]": due.isoformat(), "days_off[0][reason]": "Hội làng"}

    asked = browser.send("/settings/vpdp/days", {**day_off, "seen": "false"})

    assert asked.status_code == 422
    assert f"việc số {number} " in asked.text
    assert 'value="Hội làng"' in asked.text or ">Hội làng<" in asked.text
    assert "calendar" not in office_settings(url)

    done = browser.send("/settings/vpdp/days", {**day_off, "seen": "true"})

    assert "Đã ghi lịch" in done.text
    with transaction(url) as session:
        assert session.get_one(WorkItem, number).due_on > due
    assert check_database(settings()).due_dates == []


def test_reminders_that_make_no_ladder_are_refused(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/settings/vpdp/reminders")
    rungs = {"before": "3", "escalated_head": "9", "escalated_coordinator": "5", "escalated_leader": "8"}

    refused = browser.send("/settings/vpdp/reminders", rungs)

    assert refused.status_code == 422
    assert "rungs" not in office_settings(url)


def test_checklist_entry_of_the_office_shows_on_the_page(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/settings/vpdp/checklist")

    browser.send("/settings/vpdp/checklist", {"papers[awards][need]": "yes", "papers[awards][note]": "<b>Bản sao</b>"})

    assert office_settings(url)["checklist"] == {"awards": {"mandatory": True, "note": "<b>Bản sao</b>"}}
    shown = browser.get("/settings/vpdp").text
    assert "&lt;b&gt;Bản sao&lt;/b&gt;" in shown
    assert "<b>Bản sao" not in shown


@pytest.mark.parametrize("path", ["terms", "reminders", "checklist", "days"])
def test_coordinator_of_another_office_sets_nothing_here(
    client: TestClient, url: str, now: datetime, path: str
) -> None:
    with transaction(url) as session:
        session.add(Office(code="vp-khac", name="Văn phòng khác", kind="coordination", level="province"))
        session.flush()
        add_person(session, "nguoi-khac", "Người Khác", Role.COORDINATOR, SYSTEM, now, on=now.date(), office="vp-khac")
    browser = sign_in(client, url, "nguoi-khac", now)

    assert browser.get("/settings/vp-khac/" + path).status_code == 200
    assert browser.get("/settings/vpdp/" + path).status_code == 403
    assert browser.get("/settings/vpdp").status_code == 403
    header = token_for(url, "nguoi-khac", now, TokenScope.ACT) | {"Idempotency-Key": "k"}
    body = {"before": 3, "escalated_head": 3, "escalated_coordinator": 5, "escalated_leader": 9}
    assert client.post("/api/v1/settings/vpdp/reminders", json=body, headers=header).status_code == 403


def test_newer_version_of_a_setting_is_not_overwritten(client: TestClient, url: str, now: datetime) -> None:
    header = token_for(url, "dieu-phoi", now, TokenScope.ACT) | {"Idempotency-Key": "k", "If-Match": '"old"'}

    refused = client.post("/api/v1/settings/vpdp/terms", json={"terms": {}}, headers=header)

    assert refused.status_code == 412


def test_secret_of_a_channel_is_never_shown_again(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/channels/new")

    url_of = f"tgram://123456789:{SECRET}/12345"
    added = browser.send("/channels/new", {"person": "dieu-phoi", "url": url_of, "takes": "all"})

    header = token_for(url, "dieu-phoi", now, TokenScope.READ)
    shown = added.text + browser.get("/channels").text + browser.get("/people/dieu-phoi").text
    shown += client.get("/api/v1/channels", headers=header).text
    shown += client.get("/api/v1/people/dieu-phoi", headers=header).text
    assert "tgram://***" in shown
    assert SECRET not in shown
    with transaction(url) as session:
        assert [one for one in session.scalars(select(AuditEntry)) if SECRET in str(one.data)] == []


def test_trial_is_a_delivery_by_that_channel_only(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        person = session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()
        session.add_all(
            [
                Channel(person_id=person.id, url="json://a.example/1"),
                Channel(person_id=person.id, url="json://a.example/2"),
            ]
        )
        session.flush()
        first = session.scalars(select(Channel).where(Channel.url == "json://a.example/1")).one().id
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get(f"/channels/{first}/trial")

    browser.send(f"/channels/{first}/trial")

    with transaction(url) as session:
        assert [row.channel_id for row in session.scalars(select(Delivery))] == [first]


def test_channel_of_the_authority_is_the_administrators_to_keep(client: TestClient, url: str, now: datetime) -> None:
    header = token_for(url, "dieu-phoi", now, TokenScope.ACT) | {"Idempotency-Key": "k"}
    body = {"office": "ubnd-huyen", "url": "json://a.example/1"}

    refused = client.post("/api/v1/channels/new", json=body, headers=header)

    assert refused.status_code == 403
    with transaction(url) as session:
        assert session.scalars(select(Channel).where(Channel.url.startswith("json"))).all() == []


def test_people_without_a_say_see_no_settings(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "cb-xa-tho-dien", now)

    paths = ("/settings", "/channels", "/people", "/system", "/audit")
    assert [browser.get(path).status_code for path in paths] == [403] * len(paths)
