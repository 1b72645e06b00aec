"""The cut-off for the council: a dossier that is not ready goes on in the next round, as the same attempt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM, Actor
from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus, OutboxKind, RoundStatus
from models.process import step_definition
from models.process.kinds import StepKind
from models.rounds.following import round_after
from models.steps.whose import of_round
from models.subjects import attempt_subject
from models.tables import CouncilSession, DossierAttempt, Round, RoundCarry, SessionProduct, WorkItem
from models.work_items.locking import locked_open_items
from models.work_items.opening import restart_clock
from models.work_items.terms import Budget, budget_for

TO_WHOM = ["producer", "commune_officer", "coordinator"]
NOT_READY = "Chưa sẵn sàng khi hội đồng của đợt được triệu tập"
DAY_PASSED = "Chưa sẵn sàng khi ngày họp hội đồng theo kế hoạch đã qua"


def carry_unready(
    session: Session, round_: Round, who: Actor, now: datetime, reason: str | None = None
) -> list[RoundCarry]:
    """Carry on what is not on the agenda of a council that was called; before that, once the planned day has passed,
    what is not ready. Gives what was newly decided; looking again changes nothing."""
    reason = reason or (NOT_READY if round_.sessions else DAY_PASSED)
    known = set(session.scalars(select(RoundCarry.attempt_id).where(RoundCarry.from_round_id == round_.id)))
    carried = []
    for attempt in _unready(session, round_):
        if attempt.id in known:
            continue
        carry = RoundCarry(
            attempt=attempt, from_round=round_, decided_on=vn_date(now), reason=f"{reason} ({round_.title})."
        )
        session.add(carry)
        session.flush()
        if not _go_on(session, carry, who, now):
            _tell(session, carry, now, who)
        carried.append(carry)
    return carried


def settle_carries(session: Session, now: datetime, who: Actor = SYSTEM) -> int:
    """Find new cut-offs, and move what waited for a round that is there now; gives how many attempts moved or wait."""
    today = vn_date(now)
    rounds = session.scalars(select(Round).where(Round.status != RoundStatus.PLANNED).order_by(Round.id)).all()
    cut_off = [round_ for round_ in rounds if round_.sessions or round_.council_on < today]
    new = sum(len(carry_unready(session, round_, who, now)) for round_ in cut_off)
    waiting = session.scalars(select(RoundCarry).where(RoundCarry.to_round_id.is_(None)).order_by(RoundCarry.id)).all()
    return new + sum(_go_on(session, carry, who, now) for carry in waiting)


def _unready(session: Session, round_: Round) -> list[DossierAttempt]:
    """Attempts in progress that the council has not evaluated and that are on no agenda of the round."""
    evaluation = WorkItem.attempt_id == DossierAttempt.id, WorkItem.kind == StepKind.COUNCIL_EVALUATION
    settled = [ItemStatus.DONE] if round_.sessions else [ItemStatus.DONE, ItemStatus.OPEN]
    past = select(WorkItem.id).where(*evaluation, WorkItem.status.in_(settled))
    on_agenda = (
        select(SessionProduct.id)
        .join(CouncilSession)
        .where(
            SessionProduct.attempt_id == DossierAttempt.id,
            SessionProduct.taken_off == "",
            CouncilSession.round_id == round_.id,
        )
    )
    query = select(DossierAttempt).where(
        DossierAttempt.round_id == round_.id,
        DossierAttempt.status == AttemptStatus.IN_PROGRESS,
        ~past.exists(),
        ~on_agenda.exists(),
    )
    return list(session.scalars(query.order_by(DossierAttempt.id)))


def _go_on(session: Session, carry: RoundCarry, who: Actor, now: datetime) -> bool:
    """Move the attempt to the next round if there is one and the attempt is still under way."""
    attempt = carry.attempt
    round_ = round_after(session, carry.from_round, vn_date(now))
    if round_ is None or attempt.status is not AttemptStatus.IN_PROGRESS:
        return False
    carry.to_round, carry.moved_on, attempt.round = round_, vn_date(now), round_
    for item in locked_open_items(session, attempt_subject(attempt.id)):
        _move_item(session, item, carry, round_, who, now)
    session.flush()
    _tell(session, carry, now, who)
    return True


def _move_item(session: Session, item: WorkItem, carry: RoundCarry, round_: Round, who: Actor, now: datetime) -> None:
    item.round_id = round_.id
    if step_definition(item.kind).due == "term":
        item.version += 1  # its run is tagged with the round: the watch looks at it again
        return
    case = of_round(round_, item.subject, carry.attempt)
    budget = budget_for(item.kind, regime=case.regime, office=case.office, dates=round_, dates_rule=case.dates_rule)
    rule = f"{budget.rule}: chuyển từ {carry.from_round.title}"
    restart_clock(session, item, Budget(budget.days, budget.unit, rule, budget.fixed), now, who)


def _tell(session: Session, carry: RoundCarry, now: datetime, who: Actor) -> None:
    attempt, to = carry.attempt, carry.to_round
    subject = attempt_subject(attempt.id)
    codes = {"from": carry.from_round.code, "to": to.code if to is not None else None}
    audit.record(session, who, "attempt.carried", subject, now, reason=carry.reason, data=dict(codes))
    name = f"{subject}:{carry.from_round.code}:{codes['to'] or 'cho'}"
    event = {"event": "ocop.dossier.carried", "attempt": attempt.id, **codes}
    outbox.put(session, OutboxKind.EVENT, f"event:dossier-carried:{name}", event)
    if to is None:
        subject_words = f"Hồ sơ {attempt.dossier.code} chờ đợt kế tiếp"
        where = "Chưa có đợt kế tiếp trong kế hoạch; hồ sơ chờ và tự chuyển khi có."
    else:
        subject_words = f"Hồ sơ {attempt.dossier.code} chuyển sang {to.title}"
        where = f"Hồ sơ chuyển sang {to.title}, hội đồng dự kiến họp ngày {to.council_on:%d/%m/%Y}."
    text = f"{attempt.title} (hồ sơ {attempt.dossier.code}): {carry.reason} {where} Các bước đã làm giữ nguyên."
    payload = {"what": "dossier-carried", "attempt": attempt.id, "subject": subject_words, "text": text, "to": TO_WHOM}
    payload |= {"from_round": codes["from"], "to_round": codes["to"]}
    key = f"notify:{subject}:dossier-carried:{carry.from_round.code}:{codes['to'] or 'cho'}"
    outbox.put(session, OutboxKind.NOTIFICATION, key, payload)
