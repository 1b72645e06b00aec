"""Corrections, outcomes and withdrawal in any order; the engine runs after some of them and not after others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus
from models.errors import PersonError
from models.process.kinds import StepKind
from models.signals import waits_for_engine
from models.steps.correcting import correct
from models.subjects import attempt_subject
from models.tables import DossierAttempt, WorkItem
from models.work_items import complete
from models.work_items.opening import due_by_ledger
from tests.domain_engine import run_engine
from tests.factories import HANDED_IN, coordinator, proposed, submit, whoever

FORMS: dict[StepKind, list[dict[str, Any]]] = {
    StepKind.REGISTRATION_CHECK: [
        {"outcome": "accepted", "missing": [], "note": ""},
        {"outcome": "returned", "missing": ["awards"], "note": ""},
    ],
    StepKind.COMMUNE_ASSESSMENT: [
        proposed(),
        proposed(report_number="51/BC-UBND"),
        proposed(outcome="not_proposed"),
    ],
    StepKind.CONSULTING: [
        {"outcome": "ready", "visited_on": "2024-07-30", "findings": "Đủ", "requests": []},
        {"outcome": "not_ready", "visited_on": "2024-07-30", "findings": "Thiếu", "requests": ["Nhãn"]},
    ],
    StepKind.SUPPLEMENT: [
        {"outcome": "supplemented", "evidence": []},
        {"outcome": "supplemented", "evidence": [{"kind": "awards", "title": "Giải"}]},
    ],
}
Act = tuple[str, int, int]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("state"), st.just(0), st.integers(0, 2)),
        st.tuples(st.just("correct"), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.just("engine"), st.just(0), st.just(0)),
        st.tuples(st.just("withdraw"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=16,
).filter(lambda acts: sum(kind == "withdraw" for kind, _, _ in acts) <= 1)


def items_of(session: Session, attempt: DossierAttempt) -> list[WorkItem]:
    session.flush()
    return list(session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id).order_by(WorkItem.id)))


def act(session: Session, attempt: DossierAttempt, what: Act) -> None:
    kind, which, choice = what
    subject = attempt_subject(attempt.id)
    if kind == "engine":
        run_engine(session, subject, HANDED_IN)
    elif kind == "withdraw":
        withdraw(session, attempt.dossier.code, "Thôi", coordinator(session), HANDED_IN)
    elif kind == "state":
        for item in [i for i in items_of(session, attempt) if i.status is ItemStatus.OPEN and i.kind in FORMS][:1]:
            form = FORMS[item.kind][choice % len(FORMS[item.kind])]
            complete(session, item.id, form, whoever(session, item, HANDED_IN), HANDED_IN)
    else:
        done = [i for i in items_of(session, attempt) if i.status is ItemStatus.DONE]
        for item in done[which % len(done) :][:1] if done else []:
            form = FORMS[item.kind][choice % len(FORMS[item.kind])]
            correct(session, item.id, form, "Nhầm", coordinator(session), HANDED_IN)


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Each example begins with an empty register, also after one that failed."""
    step = session.begin_nested()
    try:
        yield
    finally:
        step.rollback()
        session.expire_all()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
@example([("state", 0, 0), ("engine", 0, 0), ("state", 0, 2), ("correct", 0, 1), ("correct", 1, 0), ("withdraw", 0, 0)])
@example([("state", 0, 0), ("engine", 0, 0), ("state", 0, 2), ("correct", 0, 1), ("correct", 0, 0)])
def test_dossier_always_waits_for_exactly_one_person_or_has_ended(session: Session, acts: list[Act]) -> None:
    with taken_back(session):
        attempt = submit(session)
        subject = attempt_subject(attempt.id)
        run_engine(session, subject, HANDED_IN)
        versions: dict[int, list[str]] = {}
        for one in acts:
            try:
                with session.begin_nested():
                    act(session, attempt, one)
            except PersonError:
                session.expire_all()
            for item in items_of(session, attempt):
                stated = [o.fingerprint for o in item.outcomes]
                assert stated[: len(versions.get(item.id, []))] == versions.get(item.id, [])  # nothing is overwritten
                versions[item.id] = stated
                assert item.due_on == due_by_ledger(item, attempt.round.plan.office)
        run_engine(session, subject, HANDED_IN)

        open_ = [i for i in items_of(session, attempt) if i.status is ItemStatus.OPEN]
        assert len(open_) == (1 if attempt.status is AttemptStatus.IN_PROGRESS else 0)
        assert not waits_for_engine(session, subject)
