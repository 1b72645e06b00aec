"""Correcting a recorded outcome: both versions are kept, exactly what depended on it opens again (decision 0008)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import Actor
from models.clock import vn_date
from models.councils.sessions import on_agendas
from models.enums import AttemptStatus, OutboxKind
from models.errors import InputError, WrongMomentError
from models.forms import FORMS, Form, check_days, read_form
from models.process import Scope, step_definition
from models.signals import locked_run_of, signal
from models.steps.correction_rules import check_may_correct, check_way_is_open, ending_items
from models.steps.undoing import undo_later
from models.tables import Outcome, WorkItem
from models.work_items.closing import add_version, fingerprint
from models.work_items.locking import lock_attempt, lock_meeting, locked

ENDED_BY_A_STEP = {
    AttemptStatus.RETURNED,
    AttemptStatus.NOT_PROPOSED,
    AttemptStatus.ELIMINATED,
    AttemptStatus.NOT_RECOGNISED,
}


def correct(session: Session, item_id: int, changes: dict[str, Any], reason: str, who: Actor, now: datetime) -> Outcome:
    """State the outcome of a closed item anew; `changes` are laid over what was stated before.

    When a field changes that later steps follow from (`decides` in steps.yaml), what is open later is cancelled, what
    rests on the step is void, and the run of the case goes through the procedure again: it opens what is needed.
    Other fields change the record only. The same outcome again changes nothing.

    Raises:
        NotFoundError: no such item.
        InputError: no reason, or the form is not filled in rightly.
        NotAllowedError: neither who stated it (while nothing depends on it) nor who corrects this step.
        WrongMomentError: nothing was stated yet, the step is never corrected by itself, or a recorded decision,
            withdrawal or later attempt stands against it.
        ConflictError: the product has another dossier under way.
    """
    item = locked(session, item_id)
    before = item.outcome
    label = step_definition(item.kind).label
    if before is None:
        raise WrongMomentError(
            f"Việc «{label}» không có kết quả đang có hiệu lực để đính chính ({item.status.label}).",
            field="item",
            remedy="Việc đang chờ thì ghi kết quả: ocop task complete.",
        )
    if not reason.strip():
        raise InputError("Đính chính phải ghi lý do.", field="reason", remedy="Ghi lý do trong dấu ngoặc kép.")
    check_may_correct(session, item, who, vn_date(now))
    form = read_form(FORMS[item.kind], dict(before.data) | changes)
    if form.model_dump(mode="json") == before.data:
        return before
    check_days(form, vn_date(now))
    return restate(session, item, form, reason.strip(), who, now)


def restate(session: Session, item: WorkItem, form: Form, reason: str, who: Actor, now: datetime) -> Outcome:
    """Put another outcome in the place of the one in force and let follow what follows; authority was checked."""
    data = form.model_dump(mode="json")
    stated = fingerprint(data)
    other_way = changes_the_way(item, data)
    if other_way:
        _take_back(session, item, reason, who, now)
    _apply(session, item, form, who, now, other_way=other_way)
    if other_way and item.case.status is AttemptStatus.IN_PROGRESS:
        _end_again(session, item, who, now)
    outcome = add_version(item, form, who, now, stated=stated, reason=reason)
    if other_way:
        item.taken_up_at = None
    session.flush()
    _tell(session, item, outcome, who, now)
    papers = {"item": item.id, "version": outcome.version}
    outbox.put(session, OutboxKind.PAPERS, f"papers:{item.key}:{outcome.version}", papers)
    if other_way:
        locked_run_of(session, item.subject).ended_at = None
        signal(session, item.subject, f"{item.key}:{outcome.version}")
    return outcome


def changes_the_way(item: WorkItem, data: dict[str, Any]) -> bool:
    """Whether a field changes from which later steps of the case follow."""
    definition = step_definition(item.kind)
    if definition.scope is not Scope.ATTEMPT or item.outcome is None:
        return False
    before = item.outcome.data
    return any(before.get(name) != data.get(name) for name in definition.decides)


def _take_back(session: Session, item: WorkItem, reason: str, who: Actor, now: datetime) -> None:
    attempt = item.case
    # Meeting before attempt, as closing a session does: it would conclude on what is being taken off its agenda.
    for product in on_agendas(session, attempt):
        lock_meeting(session, product.session)
    lock_attempt(session, attempt)
    check_way_is_open(session, item)
    undo_later(session, item, f"Đính chính «{step_definition(item.kind).label}»: {reason}", who, now)
    if attempt.status in ENDED_BY_A_STEP:
        attempt.status = AttemptStatus.IN_PROGRESS
        attempt.ended_on, attempt.ended_because = None, ""
    session.flush()


def _apply(session: Session, item: WorkItem, form: Form, who: Actor, now: datetime, *, other_way: bool) -> None:
    # Looked up late: correcting a session corrects further items itself.
    from models.steps.effects import CORRECTIONS, EFFECTS

    effect = CORRECTIONS.get(item.kind) or EFFECTS.get(item.kind)
    if effect is None:
        return
    ended_on = item.attempt.ended_on if item.attempt is not None else None
    effect(session, item, form, who, now)
    if item.attempt is not None and not other_way:
        item.attempt.ended_on = ended_on  # it ended when it ended, whatever was mistyped


def _end_again(session: Session, item: WorkItem, who: Actor, now: datetime) -> None:
    """A later step that had ended the attempt, and does not rest on this one, ends it as before."""
    _, after = ending_items(session, item)
    for other in after[:1]:
        if other.outcome is not None:
            form = read_form(FORMS[other.kind], dict(other.outcome.data))
            _apply(session, other, form, who, now, other_way=True)


def _tell(session: Session, item: WorkItem, outcome: Outcome, who: Actor, now: datetime) -> None:
    facts = {
        "item": item.id,
        "kind": item.kind.value,
        "before": item.outcomes[-2].code,
        "outcome": outcome.code,
        "version": outcome.version,
    }
    audit.record(session, who, "item.corrected", item.subject, now, reason=outcome.reason, data=facts)
    name = f"{item.key}:{outcome.version}"
    event = {"event": "ocop.step.corrected", "item": item.id}
    outbox.put(session, OutboxKind.EVENT, f"event:corrected:{name}", event)
    whose = item.attempt.title if item.attempt is not None else item.round.title
    text = f"Kết quả bước «{step_definition(item.kind).label}» của {whose} được đính chính. Lý do: {outcome.reason}"
    payload = {"what": "outcome-corrected", "item": item.id, "version": outcome.version, "text": text}
    roles = ["coordinator"] if item.attempt is None else ["coordinator", "producer", "commune_officer"]
    outbox.put(
        session,
        OutboxKind.NOTIFICATION,
        f"notify:{item.subject}:outcome-corrected:{item.id}:{outcome.version}",
        payload | {"to": roles},
    )
