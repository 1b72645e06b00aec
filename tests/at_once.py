"""What two people do at the same moment; the same checks run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.database import reading, transaction
from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus
from models.errors import OcopError, RetryableError
from models.process.kinds import StepKind
from models.steps.advancing import advance
from models.subjects import attempt_subject
from models.tables import AuditEntry, DossierAttempt, Outcome, WorkItem
from models.work_items import complete
from models.work_items.claiming import claim
from models.work_items.queries import holders_of
from tests.factories import ACCEPTED, CHECKED, coordinator, opened, submit

RETURNED = {"outcome": "returned", "note": "Thiếu giấy tờ."}
ROUNDS = 4

Act = Callable[[Session], object]


def at_once(url: str, *acts: Act) -> list[str]:
    """Run the acts at the same moment, one transaction each; what each gave: `ok` or the name of its error.

    Passing trouble is tried again, as tasks and people do.
    """
    start = Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait()
        for _ in range(5):
            try:
                with transaction(url) as session:
                    act(session)
                return "ok"
            except RetryableError:
                continue
            except OcopError as error:
                return type(error).__name__
        return "RetryableError"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def stating(item_id: int, form: dict[str, Any]) -> Act:
    """Complete the item, having read it before: what was read may be stale by the time it is locked."""

    def act(session: Session) -> object:
        session.get_one(WorkItem, item_id)
        return complete(session, item_id, form, coordinator(session), CHECKED)

    return act


def opening(subject: str) -> Act:
    """Open the check, as a run does."""
    return lambda session: advance(session, StepKind.REGISTRATION_CHECK, subject, CHECKED)


def withdrawing(code: str) -> Act:
    """Withdraw the dossier."""
    return lambda session: withdraw(session, code, "Thôi không làm nữa", coordinator(session), CHECKED)


def new_check(url: str) -> tuple[int, int]:
    """A dossier that waits for its check: numbers of attempt and item."""
    with transaction(url) as session:
        for old in session.scalars(select(DossierAttempt)):
            old.status = AttemptStatus.RETURNED
        attempt = submit(session)
        return attempt.id, opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED).id


def outcomes(url: str, item_id: int) -> list[str]:
    """The codes of all outcomes stored for the item."""
    with reading(url) as session:
        return list(session.scalars(select(Outcome.code).where(Outcome.item_id == item_id)))


def check_same_outcome(url: str) -> None:
    """Both are told that it is stored; it is stored once."""
    for _ in range(ROUNDS):
        _, item_id = new_check(url)
        assert at_once(url, *[stating(item_id, ACCEPTED)] * 3) == ["ok"] * 3
        assert outcomes(url, item_id) == ["accepted"]


def check_different_outcomes(url: str) -> None:
    """One is stored, the other told of it."""
    for _ in range(ROUNDS):
        _, item_id = new_check(url)
        told = at_once(url, stating(item_id, ACCEPTED), stating(item_id, RETURNED))
        assert sorted(told) == ["ConflictError", "ok"]
        assert outcomes(url, item_id) == [["accepted", "returned"][told.index("ok")]]


def check_opening(url: str) -> None:
    """Two runs of one case open its step once."""
    for _ in range(ROUNDS):
        with transaction(url) as session:
            for old in session.scalars(select(DossierAttempt)):
                old.status = AttemptStatus.RETURNED
            subject = attempt_subject(submit(session).id)
        assert at_once(url, *[opening(subject)] * 3) == ["ok"] * 3
        with reading(url) as session:
            entries = session.scalars(
                select(AuditEntry.act).where(AuditEntry.subject == subject, AuditEntry.act == "item.opened")
            ).all()
        assert entries == ["item.opened"]


def check_withdrawal_against_return(url: str) -> None:
    """Whoever comes second finds the attempt ended; nothing is left open or half cancelled."""
    for _ in range(ROUNDS):
        attempt_id, item_id = new_check(url)
        with reading(url) as session:
            code = session.get_one(DossierAttempt, attempt_id).dossier.code
        told = at_once(
            url,
            stating(item_id, RETURNED),
            withdrawing(code),
        )
        assert sorted(told) == ["WrongMomentError", "ok"]
        with reading(url) as session:
            status = session.get_one(WorkItem, item_id).status, session.get_one(DossierAttempt, attempt_id).status
        assert status in {
            (ItemStatus.DONE, AttemptStatus.RETURNED),
            (ItemStatus.CANCELLED, AttemptStatus.WITHDRAWN),
        }


def check_outcome_stored_since_the_item_was_read(url: str) -> None:
    """Read, somebody else states otherwise, then state: the lock must show what was stored in between.

    Only where a reader does not keep writers out (PostgreSQL).
    """
    _, item_id = new_check(url)
    with transaction(url) as slow:
        seen = slow.get_one(WorkItem, item_id)
        assert seen.outcomes == []
        with transaction(url) as quick:
            complete(quick, item_id, ACCEPTED, coordinator(quick), CHECKED)
        try:
            complete(slow, seen.id, RETURNED, coordinator(slow), CHECKED)
            told = "ok"
        except OcopError as error:
            told = type(error).__name__
    assert told == "ConflictError"
    assert outcomes(url, item_id) == ["accepted"]


def check_two_claims(url: str) -> None:
    """Two people of one unit claim its item: one has it, the other is told who."""
    for _ in range(ROUNDS):
        _, item_id = new_check(url)
        with transaction(url) as session:
            item = session.get_one(WorkItem, item_id)
            actors = [
                Actor(capacity.person_id, capacity.role, capacity.office_id)
                for capacity in holders_of(session, item, CHECKED.date())
            ]
        assert len(actors) >= 2
        told = at_once(url, *[claiming(item_id, who) for who in actors[:2]])
        assert sorted(told) == ["NotAllowedError", "ok"]
        with reading(url) as session:
            assert session.get_one(WorkItem, item_id).claimed_by_id == actors[told.index("ok")].person_id


def claiming(item_id: int, who: Actor) -> Act:
    """Claim the item."""
    return lambda session: claim(session, item_id, who, CHECKED)
