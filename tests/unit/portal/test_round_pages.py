"""Rounds on their pages: the board as each may see it, its filters, calendar, opening, plan."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from models.database import transaction
from models.enums import RoundStatus, TokenScope
from models.office_clock import set_stored_now
from models.rounds.board import board
from models.rounds.queries import round_by_code
from tests.factories import CAKE, CANDY, ROUND, at, in_consulting
from tests.portal_client import sign_in, token_for
from tests.unit.portal.scenes import stage

TODAY = at("2024-08-30")
OPENS = at("2024-07-01")


@pytest.fixture
def round_(client: TestClient, url: str) -> None:
    """Two dossiers of different communes are with the consultant, too long; two planned products were not handed in."""
    for product in (CAKE, CANDY):
        stage(url, TODAY, in_consulting, product)


def lines(client: TestClient, url: str, code: str, query: str = "") -> list[str]:
    """The products that the board shows to somebody."""
    text = sign_in(client, url, code, TODAY).get(f"/rounds/{ROUND}{query}").text
    rows = text.split("<tbody>")[1].split("</tbody>")[0].split("<tr")[1:] if "<tbody>" in text else []
    names = [row.split("<td>")[1].split("</td>")[0] for row in rows]
    return [name.split(">")[1].split("<")[0] if "<a" in name else name for name in names]


@pytest.mark.usefixtures("round_")
def test_board_page_has_the_lines_of_the_board(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        expected = [row.product for row in board(session, round_by_code(session, ROUND), TODAY.date()).rows]

    assert lines(client, url, "dieu-phoi") == expected


@pytest.mark.usefixtures("round_")
def test_board_shows_a_commune_its_own_products_only(client: TestClient, url: str) -> None:
    assert lines(client, url, "cb-xa-tho-dien") == [CAKE]
    assert lines(client, url, "cb-xa-tho-lam") == [CANDY]
    assert lines(client, url, "cb-xa-xuan-phong") == ["Hạt sen Anh Sơn"]  # planned, not handed in


@pytest.mark.usefixtures("round_")
def test_filters_of_the_board(client: TestClient, url: str) -> None:
    assert lines(client, url, "dieu-phoi", "?commune=xã+Thọ+Diên&step=&late=") == [CAKE]
    assert lines(client, url, "dieu-phoi", "?step=4") == [CAKE, CANDY]
    assert lines(client, url, "dieu-phoi", "?step=6") == []
    assert CAKE in lines(client, url, "dieu-phoi", "?late=1")
    assert sign_in(client, url, "dieu-phoi", TODAY).get(f"/rounds/{ROUND}?step=four").status_code == 422


@pytest.mark.usefixtures("round_")
def test_board_through_the_api_is_as_narrow_as_the_page(client: TestClient, url: str) -> None:
    header = token_for(url, "cb-xa-tho-dien", TODAY, TokenScope.READ)

    found = client.get(f"/api/v1/rounds/{ROUND}/board", headers=header).json()

    assert [row["product"] for row in found["rows"]["items"]] == [CAKE]
    assert found["communes"] == ["xã Thọ Diên"]


@pytest.mark.usefixtures("round_")
def test_progress_and_deadlines_of_all_are_not_for_a_commune(client: TestClient, url: str) -> None:
    officer = sign_in(client, url, "cb-xa-tho-dien", TODAY)
    refused = [officer.get(f"/rounds/{ROUND}/{page}").status_code for page in ("progress", "progress.svg")]
    calendar = officer.get(f"/rounds/{ROUND}/calendar").text
    coordinator = sign_in(client, url, "dieu-phoi", TODAY)

    assert refused == [403, 403]
    assert ("Ngày cuối nhận hồ sơ" in calendar, "Hạn của việc" in calendar) == (True, False)
    assert "Hạn của việc" in coordinator.get(f"/rounds/{ROUND}/calendar").text
    assert coordinator.get(f"/rounds/{ROUND}/progress.svg").headers["content-type"] == "image/svg+xml"


def test_calendar_file_holds_the_days_of_the_round(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        set_stored_now(session, TODAY)

    found = sign_in(client, url, "cb-xa-tho-dien", TODAY).get(f"/rounds/{ROUND}/calendar.ics")

    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert found.text.count("BEGIN:VEVENT") == 4
    assert "DTSTART;VALUE=DATE:20240726" in found.text


def test_round_is_opened_on_its_page_by_a_coordinator_only(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        set_stored_now(session, OPENS)
    officer = sign_in(client, url, "cb-xa-tho-dien", OPENS)
    assert officer.get(f"/rounds/{ROUND}/opening").status_code == 403
    coordinator = sign_in(client, url, "dieu-phoi", OPENS)
    assert f'href="/rounds/{ROUND}/opening"' in coordinator.get(f"/rounds/{ROUND}").text

    coordinator.get(f"/rounds/{ROUND}/opening")
    done = coordinator.send(f"/rounds/{ROUND}/opening")

    assert "Đã mở Đợt 2 năm 2024." in done.text
    with transaction(url) as session:
        assert round_by_code(session, ROUND).status is RoundStatus.OPEN


@pytest.mark.usefixtures("round_")
def test_plan_shows_a_producer_and_a_commune_their_own_lines(client: TestClient, url: str) -> None:
    whole = sign_in(client, url, "dieu-phoi", TODAY).get("/plans/2024").text
    own = sign_in(client, url, "cb-xa-tho-dien", TODAY).get("/plans/2024").text

    assert (CAKE in whole, CANDY in whole) == (True, True)
    assert (CAKE in own, CANDY in own) == (True, False)
    assert sign_in(client, url, "dieu-phoi", TODAY).get("/plans/2031").status_code == 404


def test_round_that_is_not_theirs_is_not_found(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        set_stored_now(session, TODAY)

    assert sign_in(client, url, "kiem-tra", TODAY).get(f"/rounds/{ROUND}").status_code == 404
    assert sign_in(client, url, "kiem-tra", TODAY).get("/rounds/2031-1").status_code == 404
