"""The steps of the council and the decision with what stands beside their forms."""

from __future__ import annotations

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.database import reading, transaction
from models.enums import ItemStatus
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import Certificate, CouncilSession, WorkItem
from tests.factories import (
    ABOVE,
    CAKE,
    HELD,
    LONGAN,
    REFUSED_ABOVE,
    VISITED,
    close,
    close_meeting,
    concluded,
    decided,
    in_consulting,
    list_closed,
    opened,
    score,
    session_with,
    waiting_for_council,
)
from tests.portal_client import sign_in


@pytest.fixture
def now(url: str) -> datetime:
    """The day of the meeting."""
    with transaction(url) as session:
        set_stored_now(session, HELD)
    return HELD


def open_item(url: str, kind: StepKind) -> int:
    with reading(url) as session:
        query = select(WorkItem.id).where(WorkItem.kind == kind, WorkItem.status == ItemStatus.OPEN)
        return session.scalars(query.order_by(WorkItem.id)).first() or 0


def test_convening_offers_what_is_ready_and_says_why_the_rest_is_not(
    client: TestClient, url: str, now: datetime
) -> None:
    with transaction(url) as session:
        waiting_for_council(session, CAKE)
        in_consulting(session, LONGAN)
        list_closed(session)
    secretary = sign_in(client, url, "thu-ky", now)
    item = open_item(url, StepKind.COUNCIL_CONVENING)

    page = secretary.get(f"/items/{item}").text
    sent = {"outcome": "called", "held_on": "2024-09-13", "place": "Hội trường", "dossiers": ["2024-001"]}
    refused = secretary.send(f"/items/{item}/outcome/council_convening", sent | {"dossiers": ["2024-002"]})
    done = secretary.send(f"/items/{item}/outcome/council_convening", sent)

    assert 'name="dossiers" value="2024-001" checked' in page
    assert ('value="2024-002"' in page, "Chờ tư vấn hoàn thiện" in page) == (False, True)
    assert (refused.status_code, "chưa sẵn sàng cho hội đồng" in refused.text) == (422, True)
    assert done.status_code == 200
    with reading(url) as session:
        assert session.scalars(select(CouncilSession)).one().place == "Hội trường"


def test_signing_shows_what_it_carries_out_and_does_it(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        meeting = session_with(session, CAKE, LONGAN)
        score(session, meeting.products[0], 72, gates=4, miss=("3.6",))
        score(session, meeting.products[1], 40)
        close_meeting(session, meeting)
        for product in meeting.products:
            opened(session, product.attempt, StepKind.DECISION, HELD)
        opened(session, meeting.round, StepKind.DECISION_SIGNING, HELD)
    leader = sign_in(client, url, "lanh-dao", now)
    item = open_item(url, StepKind.DECISION_SIGNING)

    page = leader.get(f"/items/{item}").text
    sent = {"outcome": "signed", "signed_on": "2024-09-12", "signer": "Nguyễn Quang Minh", "letter_number": "910/UBND"}
    refused = leader.send(f"/items/{item}/outcome/decision_signing", sent)
    leader.send(f"/items/{item}/outcome/decision_signing", sent | {"decision_number": "2105/QĐ-UBND"})

    assert "Cấp giấy chứng nhận 3 sao. Chuyển hồ sơ lên cấp tỉnh." in page
    assert "Không công nhận: thông báo lý do" in page
    assert (refused.status_code, "910/UBND" in refused.text) == (422, True)
    with reading(url) as session:
        assert [one.stars for one in session.scalars(select(Certificate))] == [3]


def test_decision_of_a_dossier_in_its_round_is_not_typed(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        concluded(session, 60)
    leader = sign_in(client, url, "lanh-dao", now)

    page = leader.get(f"/items/{open_item(url, StepKind.DECISION)}").text

    assert ("Bước này do quyết định của đợt ghi" in page, "outcome/decision" in page) == (True, False)


def test_result_of_a_meeting_is_not_typed(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        attempt = waiting_for_council(session)
        opened(session, attempt, StepKind.COUNCIL_EVALUATION, VISITED)
    secretary = sign_in(client, url, "thu-ky", now)

    page = secretary.get(f"/items/{open_item(url, StepKind.COUNCIL_EVALUATION)}").text

    assert ("không ghi tay" in page, "outcome/council_evaluation" in page) == (True, False)


def test_result_of_the_level_above_beside_the_councils(client: TestClient, url: str, now: datetime) -> None:
    with transaction(url) as session:
        attempt = decided(session, 72, gates=4)
        opened(session, attempt, StepKind.HIGHER_LEVEL_RESULT, HELD)
    coordinator = sign_in(client, url, "dieu-phoi", now)
    item = open_item(url, StepKind.HIGHER_LEVEL_RESULT)

    page = coordinator.get(f"/items/{item}").text
    done = coordinator.send(f"/items/{item}/outcome/higher_level_result", REFUSED_ABOVE | {"decided_on": "2024-09-12"})

    assert ("72,00" in page, 'value="UBND tỉnh"' in page) == (True, True)
    assert "không công nhận" in done.text


def test_what_went_to_the_level_above_is_corrected_on_pages_of_its_own(
    client: TestClient, url: str, now: datetime
) -> None:
    own = {"outcome": "recognised", "stars": 3, "decision_number": "3001/QĐ-UBND", "signed_on": "2024-11-26"}
    with transaction(url) as session:
        attempt = decided(session, 72, gates=4)
        above = close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE).item_id
        again = close(session, attempt, StepKind.DECISION, own | {"signer": "Nguyễn Quang Minh"}, ABOVE, turn=2).item_id
        set_stored_now(session, ABOVE)
    pages = {
        sign_in(client, url, "dieu-phoi", now).get(f"/items/{above}/correction/higher_level_result"): "Đính chính «Kết",
        sign_in(client, url, "lanh-dao", now).get(f"/items/{again}/correction/decision"): "3001/QĐ-UBND",
    }

    assert [(page.status_code, page.text.count("<h1"), said in page.text) for page, said in pages.items()] == [
        (200, 1, True)
    ] * 2
    assert all('name="reason"' in page.text for page in pages)
