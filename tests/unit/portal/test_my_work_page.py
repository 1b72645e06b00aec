"""The first page and the inbox: what waits, what a colleague has in hand, what is new."""

from __future__ import annotations

from datetime import datetime

from fastapi.testclient import TestClient
from sqlalchemy import select

from models.database import transaction
from models.enums import Role, TokenScope
from models.process.kinds import StepKind
from models.tables import DossierAttempt, Notice, Person
from models.work_items.claiming import claim
from tests.factories import CAKE, CANDY, at, opened, someone, submit
from tests.portal_client import sign_in, token_for
from tests.unit.portal.scenes import stage

LATE = at("2024-08-20")


def both_checks(url: str) -> list[int]:
    """Two dossiers wait for the office's check: their items."""
    found = []
    for product in (CAKE, CANDY):
        scene = stage(url, LATE, submit, product)
        with transaction(url) as session:
            attempt = session.get_one(DossierAttempt, scene.attempt)
            found.append(opened(session, attempt, StepKind.REGISTRATION_CHECK, at("2024-07-08")).id)
    return found


def test_item_that_a_colleague_claimed_carries_the_colleagues_name(client: TestClient, url: str) -> None:
    first, second = both_checks(url)
    with transaction(url) as session:
        colleague = someone(session, "chanh-vp", Role.COORDINATOR)
        claim(session, first, colleague, LATE)
        name = session.scalars(select(Person.name).where(Person.code == "chanh-vp")).one()

    page = sign_in(client, url, "dieu-phoi", LATE).get("/")

    rows = [row.split("</tr>")[0] for row in page.text.split("<tr")[2:]]
    marked = {item: f"{name} đã nhận" in row for row in rows for item in (first, second) if f'/items/{item}"' in row}
    assert marked == {first: True, second: False}


def test_filters_of_my_work_keep_what_they_name(client: TestClient, url: str) -> None:
    both_checks(url)
    browser = sign_in(client, url, "dieu-phoi", LATE)

    assert browser.get("/?late=1").text.count("/items/") == 2
    assert browser.get("/?soon=1").text.count("/items/") == 0
    assert browser.get("/?kind=registration_check&late=1").text.count("/items/") == 2
    assert browser.get("/?kind=supplement").text.count("/items/") == 0
    assert browser.get("/?kind=nothing").status_code == 422
    assert browser.get("/?page=x").status_code == 422


def test_work_of_others_is_not_on_my_page(client: TestClient, url: str) -> None:
    both_checks(url)

    assert sign_in(client, url, "cb-xa-tho-dien", LATE).get("/").text.count("/items/") == 0


def test_api_gives_the_same_work(client: TestClient, url: str) -> None:
    items = both_checks(url)
    header = token_for(url, "dieu-phoi", LATE, TokenScope.READ)

    found = client.get("/api/v1/work?late=true", headers=header).json()

    assert sorted(row["item"]["id"] for row in found["rows"]["items"]) == sorted(items)
    assert (found["open"], found["late"]) == (2, 2)


def tell(url: str, code: str, subject: str, now: datetime) -> None:
    with transaction(url) as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        told = {"payload": {}, "told_on": now.date(), "told_at": now, "subject": subject, "text": "Nội dung."}
        session.add(Notice(key=subject, what="test", person_id=person.id, **told))


def test_inbox_counts_new_ones_and_marks_mine_as_read_only(client: TestClient, url: str, now: datetime) -> None:
    tell(url, "dieu-phoi", "Cho tôi", now)
    tell(url, "chanh-vp", "Cho người khác", now)
    browser = sign_in(client, url, "dieu-phoi", now)

    before = browser.get("/inbox").text
    after = browser.send("/inbox/read").text

    assert ("Cho tôi" in before, "Cho người khác" in before) == (True, False)
    assert ('class="badge">1' in before, 'class="badge"' in after) == (True, False)
    with transaction(url) as session:
        assert {n.subject: n.read_at is None for n in session.scalars(select(Notice))} == {
            "Cho tôi": False,
            "Cho người khác": True,
        }
