"""The year-end report: against the targets, with the names of places of their time."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.certificates.issuing import register_old
from models.enums import Level, OutboxKind
from models.errors import NotFoundError
from models.offices.migration import migrate
from models.process.kinds import StepKind
from models.reports.telling import tell_report
from models.reports.year import YearReport, plans_of, year_report
from models.rounds.queries import product_by_name
from models.tables import OutboxMessage
from tests.factories import CANDY, CHECKED, HANDED_IN, LONGAN, accepted, at, close, decided, opened, proposed

END = date(2024, 12, 31)


def report(session: Session, today: date = END) -> YearReport:
    (plan,) = plans_of(session, 2024)
    return year_report(session, plan, today)


def test_recognised_products_are_laid_against_the_targets(session: Session) -> None:
    attempt = decided(session, 60)

    found = report(session)

    assert [(s.stars, s.recognised, s.target, s.guided, s.met) for s in found.stars] == [
        (4, 0, 3, 4, False),
        (3, 1, 8, 10, False),
    ]
    assert [(p.product, p.commune, p.stars, p.decision_number) for p in found.recognised] == [
        (attempt.dossier.product.name, "xã Thọ Diên", 3, "2105/QĐ-UBND")
    ]


def test_rounds_say_what_was_planned_handed_in_and_recognised(session: Session) -> None:
    decided(session, 60)

    lines = {line.code: line for line in report(session).rounds}

    assert (lines["2024-2"].planned, lines["2024-2"].handed_in, lines["2024-2"].recognised) == (4, 1, 1)
    assert lines["2024-2"].decisions == ["2105/QĐ-UBND"]
    assert (lines["2024-1"].planned, lines["2024-1"].handed_in, lines["2024-1"].decisions) == (6, 0, [])


def test_dossiers_are_counted_by_how_they_ended(session: Session) -> None:
    accepted(session, CANDY)
    decided(session, 60)

    assert [(line.status, line.dossiers) for line in report(session).ends] == [("in_progress", 1), ("recognised", 1)]


def test_late_items_are_counted_by_unit(session: Session) -> None:
    attempt = accepted(session)
    late = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(signed_on="2024-08-20"), at("2024-08-20"))
    opened(session, accepted(session, LONGAN), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    opened(session, accepted(session, CANDY), StepKind.COMMUNE_ASSESSMENT, CHECKED)

    found = {line.unit: (line.closed_late, line.still_late) for line in report(session, date(2024, 8, 21)).late}

    assert late.due_on < date(2024, 8, 20)
    assert found == {"UBND xã Thọ Diên": (1, 0), "UBND thị trấn Lam Sơn": (0, 1), "UBND xã Thọ Lâm": (0, 1)}


def test_certificates_that_end_next_year_are_listed(session: Session) -> None:
    for name, issued in ((LONGAN, date(2022, 7, 15)), (CANDY, date(2021, 7, 15))):
        register_old(
            session,
            product_by_name(session, name),
            stars=3,
            decision_number="1/QĐ",
            issued_on=issued,
            level=Level.DISTRICT,
        )

    assert [(line.product, line.valid_until) for line in report(session).ending] == [(LONGAN, date(2025, 7, 15))]


def test_report_of_a_past_year_keeps_the_old_names(session: Session) -> None:
    decided(session, 60)
    register_old(
        session,
        product_by_name(session, LONGAN),
        stars=3,
        decision_number="1/QĐ",
        issued_on=date(2022, 7, 15),
        level=Level.DISTRICT,
    )
    before = report(session)

    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))

    after = report(session, date(2026, 1, 5))
    assert [line.commune for line in after.recognised] == ["xã Thọ Diên"]
    assert [line.commune for line in after.ending] == ["thị trấn Lam Sơn"]
    assert (after.stars, after.recognised, after.ending) == (before.stars, before.recognised, before.ending)


def test_report_of_a_past_year_names_the_offices_of_that_time(session: Session) -> None:
    opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    before = report(session)
    assert before.office == plans_of(session, 2024)[0].office.name

    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))

    after = report(session, date(2026, 1, 5))
    assert plans_of(session, 2024)[0].office.name != before.office
    assert after.office == before.office
    assert [(line.unit, line.still_late) for line in after.late] == [("UBND xã Thọ Diên", 1)]


def test_year_without_plan_is_refused_and_says_which_there_are(session: Session) -> None:
    with pytest.raises(NotFoundError) as refused:
        plans_of(session, 2025)

    assert [p.remedy for p in refused.value.problems] == ["Các năm có kế hoạch: 2024."]


def test_report_is_told_to_coordinators_and_leaders_once_a_day(session: Session) -> None:
    (plan,) = plans_of(session, 2024)
    for _ in range(2):
        tell_report(session, plan, report(session))

    (told,) = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION))
    assert (told["what"], told["plan"], told["to"]) == ("year-report", plan.id, ["coordinator", "leader"])
    assert "4 sao: 0/3 sản phẩm (chưa đạt chỉ tiêu)" in told["text"]
    assert HANDED_IN.date() < report(session).on
