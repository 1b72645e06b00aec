"""People, the system's state and the audit trail: who may appoint whom, who reads what."""

from __future__ import annotations

import socket
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.actors import SYSTEM
from models.backups import Backup, note_backup
from models.database import transaction
from models.enums import Role, TokenScope
from models.notifications.links import note_server_port
from models.offices.people import add_person
from models.tables import Capacity, Person
from tests.portal_client import sign_in, token_for

NEW = {"code": "nguoi-moi", "name": "Người <b>Mới</b>", "title": "Công chức"}


@pytest.fixture
def administrator(url: str, now: datetime) -> str:
    with transaction(url) as session:
        add_person(session, "quan-tri", "Vũ Thị Trị", Role.ADMINISTRATOR, SYSTEM, now, on=now.date())
    return "quan-tri"


@pytest.fixture
def auditor(url: str, now: datetime) -> str:
    with transaction(url) as session:
        add_person(session, "kiem-toan", "Đỗ Văn Kiểm", Role.AUDITOR, SYSTEM, now, on=now.date())
    return "kiem-toan"


def free_port() -> int:
    """A port on which nothing listens."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def capacities(url: str, code: str) -> list[tuple[str, date | None]]:
    with transaction(url) as session:
        query = select(Capacity).join(Person).where(Person.code == code).order_by(Capacity.id)
        return [(one.role.value, one.valid_to) for one in session.scalars(query)]


def test_coordinator_appoints_a_commune_officer(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/appointments")

    added = browser.send("/appointments", NEW | {"role": "commune_officer", "office": "xa-tho-dien"})

    assert capacities(url, "nguoi-moi") == [("commune_officer", None)]
    assert "Người &lt;b&gt;Mới&lt;/b&gt;" in added.text
    assert "<b>Mới" not in added.text


@pytest.mark.parametrize(
    ("role", "office"), [("administrator", ""), ("auditor", ""), ("leader", "ubnd-huyen"), ("system", "vpdp")]
)
def test_coordinator_gives_no_role_above_her_own(
    client: TestClient, url: str, now: datetime, role: str, office: str
) -> None:
    header = token_for(url, "dieu-phoi", now, TokenScope.ACT) | {"Idempotency-Key": "k"}

    refused = client.post("/api/v1/appointments", json=NEW | {"role": role, "office": office}, headers=header)
    herself = client.post("/api/v1/people/dieu-phoi/role", json={"role": role, "office": office}, headers=header)

    assert {refused.status_code, herself.status_code} <= {403, 422, 409}
    assert capacities(url, "nguoi-moi") == []
    assert capacities(url, "dieu-phoi") == [("coordinator", None)]


def test_administrator_appoints_an_auditor(client: TestClient, url: str, now: datetime, administrator: str) -> None:
    browser = sign_in(client, url, administrator, now)
    browser.get("/appointments")

    browser.send("/appointments", NEW | {"role": "auditor"})

    assert capacities(url, "nguoi-moi") == [("auditor", None)]


def test_role_ends_with_its_last_day(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        query = select(Capacity).join(Person).where(Person.code == "cb-xa-tho-dien")
        number = session.scalars(query).one().id
    browser = sign_in(client, url, "dieu-phoi", now)
    browser.get("/people/cb-xa-tho-dien/role-end")

    browser.send(
        "/people/cb-xa-tho-dien/role-end",
        {"capacity": str(number), "last_day": "2024-03-05", "reason": "Chuyển công tác"},
    )

    assert capacities(url, "cb-xa-tho-dien") == [("commune_officer", date(2024, 3, 5))]


def test_role_of_another_person_is_not_ended_by_its_number(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        number = session.scalars(select(Capacity).join(Person).where(Person.code == "lanh-dao")).one().id
    header = token_for(url, "dieu-phoi", now, TokenScope.ACT)
    body = {"capacity": number, "last_day": "2024-03-05", "reason": "x"}

    answers = [
        client.post(f"/api/v1/people/{code}/role-end", json=body, headers=header | {"Idempotency-Key": code})
        for code in ("cb-xa-tho-dien", "lanh-dao")
    ]

    assert [answer.status_code for answer in answers] == [404, 403]
    assert capacities(url, "lanh-dao")[0][1] is None


def test_last_administrator_stays(client: TestClient, url: str, now: datetime, administrator: str) -> None:
    with transaction(url) as session:
        number = session.scalars(select(Capacity).join(Person).where(Person.code == administrator)).one().id
    header = token_for(url, administrator, now, TokenScope.ACT) | {"Idempotency-Key": "k"}
    body = {"capacity": number, "last_day": "2024-03-01", "reason": "x"}

    refused = client.post(f"/api/v1/people/{administrator}/role-end", json=body, headers=header)

    assert refused.status_code == 409
    assert capacities(url, administrator) == [("administrator", None)]


def test_contact_is_for_whoever_looks_after_the_person(
    client: TestClient, url: str, now: datetime, auditor: str
) -> None:
    with transaction(url) as session:
        for code, phone in (("cb-xa-tho-dien", "0901111111"), ("lanh-dao", "0902222222")):
            session.scalars(select(Person).where(Person.code == code)).one().phone = phone
    browser = sign_in(client, url, "dieu-phoi", now)
    own, leader = browser.get("/people/cb-xa-tho-dien").text, browser.get("/people/lanh-dao").text
    refused = browser.get("/people/lanh-dao/contact")
    audited = sign_in(client, url, auditor, now).get("/people/cb-xa-tho-dien").text

    assert ("0901111111" in own, "0902222222" in leader, "0901111111" in audited) == (True, False, False)
    assert refused.status_code == 403


def test_person_changes_the_own_contact_and_nobody_elses(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "cb-xa-tho-dien", now)
    browser.get("/people/cb-xa-tho-dien/contact")

    wrong = browser.send("/people/cb-xa-tho-dien/contact", {"email": "khong phai thu", "phone": "1"})
    right = browser.send("/people/cb-xa-tho-dien/contact", {"email": "moi@xa.example", "phone": ""}, follow=False)
    other = browser.get("/people/cb-xa-xuan-lap/contact")

    assert (wrong.status_code, right.status_code, other.status_code) == (422, 303, 403)
    with transaction(url) as session:
        assert session.scalars(select(Person).where(Person.code == "cb-xa-tho-dien")).one().email == "moi@xa.example"


def test_system_page_tells_that_the_server_is_away_and_when_data_were_backed_up(
    client: TestClient, url: str, now: datetime
) -> None:
    with transaction(url) as session:
        note_server_port(session, free_port())
    browser = sign_in(client, url, "dieu-phoi", now)
    before = browser.get("/system").text
    made = Backup(datetime(2024, 2, 29, 1, tzinfo=UTC), "/mnt/sao-luu", "ocop-1.sqlite", 1000, 2, 2000)
    with transaction(url) as session:
        note_backup(session, made, SYSTEM, now)

    after = browser.get("/system").text

    assert "Chưa sao lưu lần nào" in before
    assert "không trả lời" in before
    assert "29/02/2024 08:00: ocop-1.sqlite" in after


def test_audit_trail_is_the_auditors_and_filtered_by_the_address(
    client: TestClient, url: str, now: datetime, auditor: str
) -> None:
    browser = sign_in(client, url, auditor, now)

    by_act = browser.get("/audit?act=plan.imported").text
    nobody = browser.get("/audit?person=khong-co")
    none = browser.get("/audit?until=2020-01-01").text

    assert "Nhập kế hoạch năm" in by_act
    assert "Lê Thị Hương" in by_act
    assert (nobody.status_code, "Không có dòng nào" in none) == (404, True)
    assert sign_in(client, url, "dieu-phoi", now).get("/audit").status_code == 403


def test_audit_trail_goes_on_page_after_page(client: TestClient, url: str, now: datetime, auditor: str) -> None:
    header = token_for(url, auditor, now, TokenScope.READ)
    first = client.get("/api/v1/audit?size=1", headers=header).json()

    second = client.get(f"/api/v1/audit?size=1&before={first['before']}", headers=header).json()

    assert first["lines"][0]["id"] > second["lines"][0]["id"]


def test_search_finds_people_without_accents(client: TestClient, url: str, now: datetime) -> None:
    browser = sign_in(client, url, "dieu-phoi", now)

    found = browser.get("/people?q=le thi huong").text

    assert "dieu-phoi" in found
    assert "lanh-dao" not in found
