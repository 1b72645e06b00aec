"""Whatever the day of issue and however the days are visited: one state, each milestone once, nothing passes unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.issuing import register_old
from models.certificates.kinds import Milestone
from models.certificates.life import CertificateState, certificate_dates
from models.certificates.register import standing
from models.certificates.sweeping import sweep
from models.clock import VN_TZ
from models.enums import ItemStatus, Level, OutboxKind
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Certificate, CertificateMilestone, OutboxMessage, WorkItem
from models.work_items.ladder import climb
from tests.factories import CAKE

ISSUED = st.dates(date(2020, 1, 1), date(2026, 1, 1))
ORDER = list(CertificateState)
OF_TIME = ORDER[: ORDER.index(CertificateState.LAPSED) + 1]


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9), VN_TZ)


@contextmanager
def certificate_of(session: Session, issued: date) -> Iterator[Certificate]:
    """A certificate that is gone again afterwards: each example begins with an empty register."""
    step = session.begin_nested()
    product = product_by_name(session, CAKE)
    try:
        yield register_old(session, product, stars=3, decision_number="1/QĐ", issued_on=issued, level=Level.PROVINCE)
    finally:
        step.rollback()
        session.expire_all()


@given(ISSUED, st.integers(0, 1800))
def test_dates_of_any_day_are_in_order_and_the_state_is_one_of_time(issued: date, age: int) -> None:
    found = certificate_dates(issued, issued + timedelta(days=age))

    known = [found.renewal_opens, found.renewal_closes, found.notice_by, found.valid_until, found.extended_until]
    in_time = [day for day in known if day is not None]
    assert in_time == sorted(in_time)
    assert found.state in OF_TIME


@given(ISSUED, st.integers(0, 1800))
def test_lapsed_stays_lapsed_whatever_law_comes(issued: date, age: int) -> None:
    on = issued + timedelta(days=age)
    if certificate_dates(issued, on).state is CertificateState.LAPSED:
        later = (on + timedelta(days=n) for n in (1, 30, 400, 1500))
        assert {certificate_dates(issued, day).state for day in later} == {CertificateState.LAPSED}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ISSUED, st.lists(st.integers(1, 90), min_size=12, max_size=40))
def test_milestones_are_claimed_once_and_items_were_opened_and_told_before_the_end(
    session: Session, issued: date, gaps: list[int]
) -> None:
    with certificate_of(session, issued) as certificate:
        end = certificate.valid_until
        visits = [end - timedelta(days=400)]
        for gap in (*gaps, 90, 90, 90, 90, 90, 90, 90, 90):
            visits.append(visits[-1] + timedelta(days=gap))
        visits = [day for day in visits if day <= end] + [end, end + timedelta(days=1), end + timedelta(days=200)]

        passed: list[Milestone] = []
        for day in visits:
            passed += [m for one in sweep(session, morning(day)) for m in one.new]
            list(climb(session, morning(day), day))

        assert len(passed) == len(set(passed))
        assert passed[-1] is Milestone.LAPSE
        rows = session.scalars(
            select(CertificateMilestone.on)
            .where(CertificateMilestone.certificate_id == certificate.id)
            .order_by(CertificateMilestone.id)
        ).all()
        assert all(a <= b for a, b in pairwise(rows))
        filing = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.RENEWAL_FILING)).one()
        assert filing.opened_at <= morning(end)
        assert filing.status is ItemStatus.CANCELLED
        texts = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION))
        about = [p for p in texts if p.get("item") == filing.id or p.get("certificate") == certificate.id]
        assert about


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ISSUED, st.lists(st.integers(0, 1500), min_size=1, max_size=12))
def test_state_does_not_depend_on_when_anybody_looked(session: Session, issued: date, ages: list[int]) -> None:
    with certificate_of(session, issued) as certificate:
        asked = [issued + timedelta(days=age) for age in sorted(ages)]
        before = [standing(session, certificate, day).state for day in asked]

        for day in asked:
            sweep(session, morning(day))

        assert [standing(session, certificate, day).state for day in asked] == before
