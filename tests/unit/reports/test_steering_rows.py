"""The rows behind the steering figures: what counts, under which name, by which clock."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY
from models.errors import NotFoundError
from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.reports.steering import OpenItem, Recognised, StepTime, late_units, stars_by_year
from models.reports.steering_rows import (
    done_items,
    gates_missed,
    open_items,
    parts_of,
    progress_of,
    recognised,
    returned_for,
)
from models.rounds.board import board
from models.rounds.queries import round_by_code
from tests.counting import statements
from tests.factories import (
    ACCEPTED,
    CAKE,
    CHECKED,
    HANDED_IN,
    LONGAN,
    REPORTED,
    ROUND,
    accepted,
    at,
    close,
    concluded,
    decided,
    opened,
    proposed,
    session_with,
    submit,
)

RETURNED = {"outcome": "returned", "missing": ["product_story", "test_sheets"]}


def test_time_spent_is_that_of_the_clock_in_the_unit_of_the_term(session: Session) -> None:
    attempt = submit(session)  # Monday 08/07
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, at("2024-07-15"))  # the Monday after: due was 11/07
    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(signed_on="2024-07-16"), REPORTED)
    session.flush()

    found = done_items(session, [attempt.round_id])

    office = attempt.round.plan.office.name
    assert item.due_on == date(2024, 7, 11)
    assert found == [
        StepTime(StepKind.REGISTRATION_CHECK, office, spent=5, term=3, late=True),
        StepTime(StepKind.COMMUNE_ASSESSMENT, "UBND xã Thọ Diên", spent=0, term=10, late=False),
    ]


def test_open_items_name_whom_they_wait_for(session: Session) -> None:
    attempt = accepted(session)
    opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    session.flush()

    assert open_items(session, [attempt.round_id]) == [OpenItem("UBND xã Thọ Diên", date(2024, 7, 23))]
    assert open_items(session, [attempt.round_id + 1]) == []


def test_returns_count_and_acceptances_do_not(session: Session) -> None:
    first = submit(session, CAKE)
    close(session, first, StepKind.REGISTRATION_CHECK, RETURNED, CHECKED)
    accepted(session, LONGAN)
    session.flush()

    assert returned_for(session, [first.round_id]) == [[EvidenceKind.PRODUCT_STORY, EvidenceKind.TEST_SHEETS]]


def test_missed_gates_are_those_that_held_the_results_back(session: Session) -> None:
    meeting = concluded(session, 72, gates=3)
    session.flush()

    (found,) = gates_missed(session, [meeting.round_id])

    result = meeting.products[0].result
    assert result is not None
    assert (found.source, found.number) == ("qd148", 6)
    assert result.band == 4
    assert {gate["stars"] for gate in result.missed_gates} == {4, 5}
    assert list(found.missed) == [(4, gate["criterion"]) for gate in result.missed_gates if gate["stars"] == 4] != []


def test_certificates_count_in_their_year_and_commune(session: Session) -> None:
    own = {decided(session, 60).round.plan.office_id}
    session.flush()

    assert recognised(session, date(2024, 12, 31), own) == [Recognised(2024, "xã Thọ Diên", 3)]
    assert recognised(session, date(2024, 9, 19), own) == []
    assert recognised(session, date(2024, 12, 31), set()) == []


def test_progress_has_every_dossier_of_the_board(large: Session) -> None:
    for code in ("2023-1", "2025-1", "2025-2"):
        round_ = round_by_code(large, code)
        rows = board(large, round_, TODAY).rows

        found = progress_of(large, round_, TODAY)

        assert found.dossiers == len([row for row in rows if row.dossier]) > 0
        assert sum(step.late for step in found.steps) == sum(row.late for row in rows)


def test_scores_of_a_product_without_sheets_are_not_there(session: Session) -> None:
    meeting = session_with(session)
    session.flush()

    for number in (meeting.products[0].id, 999_999):
        with pytest.raises(NotFoundError):
            parts_of(session, number)


def test_scores_by_part_add_up_to_the_mean_of_the_result(session: Session) -> None:
    product = concluded(session, [58, 60, 62, 60, 60, 60, 60]).products[0]
    session.flush()

    assert sum(part.points for part in parts_of(session, product.id)) == 60


def test_number_of_statements_does_not_grow_with_the_rows(large: Session) -> None:
    small, big = (round_by_code(large, code).id for code in ("2025-3", "2025-2"))
    counts = []
    for number in (small, big):
        with statements(large) as sent:
            late_units(open_items(large, [number]), TODAY)
            returned_for(large, [number])
            gates_missed(large, [number])
            stars_by_year(recognised(large, TODAY, {1}))
        counts.append(len(sent))
    with statements(large) as sent:
        assert len(done_items(large, [round_by_code(large, ROUND).id])) > 20
    assert counts[0] == counts[1]
    assert len(sent) <= 5  # the round, the items, their clocks, the office
