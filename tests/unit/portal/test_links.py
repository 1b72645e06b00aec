"""Links and buttons lead somewhere: everybody follows every link that their pages draw, and none is refused."""

from __future__ import annotations

import html
import re
from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.database import transaction
from models.enums import ItemStatus, OfficeKind, Role, TokenScope
from models.office_clock import set_stored_now
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.tables import CouncilSession, Office, Person, SessionProduct, WorkItem
from tests.factories import CAKE, HELD, LONGAN, close_meeting, in_consulting, score, session_with
from tests.portal_client import sign_in, token_for

LINK = re.compile(r'<a\b[^>]*?href="(/[^"#]*)')
MOST_PAGES = 90
HEAD = "ct-xa-cua-banh"


@pytest.fixture
def staged(url: str, now: datetime) -> int:
    """A meeting with products of two communes that is concluded, a dossier elsewhere; the id of the meeting."""
    with transaction(url) as session:
        set_stored_now(session, HELD)
        in_consulting(session, "Kẹo lạc Tuyên Tâm")
        meeting = session_with(session, CAKE, LONGAN)
        for product in meeting.products:
            score(session, product, 60)
        close_meeting(session, meeting)
        place = meeting.products[0].attempt.dossier.product.place_id
        commune = session.scalars(
            select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place)
        ).one()
        for code, role, office in ((HEAD, Role.LEADER, commune), ("kiem-toan", Role.AUDITOR, None)):
            person = Person(code=code, name=f"Người {code}")
            session.add(person)
            give_role(session, person, role, date(2024, 1, 1), office=office)
        return meeting.id


@pytest.mark.parametrize("code", [HEAD, "lanh-dao", "thu-ky", "tu-van-1", "hd-pho", "kiem-toan"])
def test_every_link_that_is_drawn_opens(client: TestClient, url: str, staged: int, code: str) -> None:
    sign_in(client, url, code, HELD)
    seen, ahead = {"/"}, ["/"]
    refused = {}

    while ahead and len(seen) < MOST_PAGES:
        path = ahead.pop(0)
        answer = client.get(path)
        if answer.status_code >= 400:
            refused[path] = answer.status_code
        for found in LINK.findall(answer.text if "text/html" in answer.headers["content-type"] else ""):
            link = html.unescape(found)
            if link not in seen:
                seen.add(link)
                ahead.append(link)

    assert refused == {}
    assert len(seen) > 10


def test_head_of_a_commune_sees_neither_meeting_nor_sheets_of_the_council(
    client: TestClient, url: str, staged: int
) -> None:
    with transaction(url) as session:
        meeting = session.get_one(CouncilSession, staged)
        others = [one.attempt.dossier.product.name for one in meeting.products if one.position > 1]
        kinds = [StepKind.COUNCIL_SESSION, StepKind.COUNCIL_CONVENING]
        items = session.scalars(select(WorkItem.id).where(WorkItem.kind.in_(kinds))).all()
        assert session.scalars(select(SessionProduct.id)).all()
    sign_in(client, url, HEAD, HELD)
    token = token_for(url, HEAD, HELD, TokenScope.READ)
    paths = [f"/sessions/{staged}", f"/sessions/{staged}/results", *(f"/items/{one}" for one in items)]

    pages = {path: client.get(path) for path in [*paths, "/rounds/2024-2", "/councils", "/plans/2024", "/"]}
    calls = {path: client.get(f"/api/v1{path}", headers=token).status_code for path in paths}

    assert {path: pages[path].status_code for path in paths} == dict.fromkeys(paths, 404)
    assert calls == dict.fromkeys(paths, 404)
    assert [path for path, page in pages.items() if any(name in page.text for name in others)] == []


def test_clock_of_an_item_is_offered_to_whom_it_obeys(client: TestClient, url: str, staged: int) -> None:
    with transaction(url) as session:
        meeting = session.get_one(CouncilSession, staged)
        attempt = meeting.products[0].attempt_id
        item = session.scalars(
            select(WorkItem.id).where(WorkItem.attempt_id == attempt).order_by(WorkItem.id.desc())
        ).first()
        session.get_one(WorkItem, item).status = ItemStatus.OPEN

    forms = {}
    for code in (HEAD, "lanh-dao", "dieu-phoi", "kiem-toan"):
        sign_in(client, url, code, HELD)
        page = client.get(f"/items/{item}").text
        forms[code] = {
            what: (f"/items/{item}/{what}" in page, client.get(f"/items/{item}/{what}").status_code)
            for what in ("extension", "suspension")
        }

    yes, no = (True, 200), (False, 403)
    assert forms == {
        HEAD: {"extension": no, "suspension": no},
        "lanh-dao": {"extension": yes, "suspension": no},
        "dieu-phoi": {"extension": yes, "suspension": yes},
        "kiem-toan": {"extension": no, "suspension": no},
    }
