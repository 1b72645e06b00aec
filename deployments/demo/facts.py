"""The facts of the year as JSON, read from the domain database (and the counters of the engine)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.certificates.life import certificate_dates
from models.clock import VN_TZ
from models.enums import ClockEvent, ItemStatus, OutboxKind
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.subjects import attempt_subject, round_subject
from models.tables import (
    Certificate,
    ClockEntry,
    CyclePlan,
    Delivery,
    Dossier,
    DossierAttempt,
    Evidence,
    Notice,
    OutboxMessage,
    Result,
    Round,
    RungClaim,
    SessionProduct,
    WorkItem,
)


def collect(
    session: Session, today: date, engine: dict[str, int], worker_kills: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Everything that happened: dossiers with attempts and steps, rounds, certificates, targets, counters.

    `worker_kills`: when the worker was ended by SIGKILL and how many runs were under way (the stage knows, no table).
    """
    plan = session.scalars(select(CyclePlan)).one()
    certificates = [certificate_facts(c, today) for c in session.scalars(select(Certificate).order_by(Certificate.id))]
    return {
        "year": plan.year,
        "office": plan.office.name,
        "on": today.isoformat(),
        "rounds": [_round(session, r, today) for r in plan.rounds],
        "dossiers": [_dossier(session, d, today) for d in session.scalars(select(Dossier).order_by(Dossier.id))],
        "certificates": certificates,
        "targets": targets(session, plan),
        "counters": counters(session) | engine | {"worker_kills": len(worker_kills)},
        "worker_kills": list(worker_kills),
    }


def targets(session: Session, plan: CyclePlan) -> dict[str, Any]:
    """Products recognised in the plan's year, the latest certificate of each, against the targets of the plan."""
    reached = {4: 0, 3: 0}
    for certificate in session.scalars(select(Certificate).where(Certificate.attempt_id.is_not(None))):
        if certificate.issued_on.year == plan.year and certificate.replaced_on is None:
            reached[certificate.stars] = reached.get(certificate.stars, 0) + 1
    wanted = {4: plan.targets.get("four_star", 0), 3: plan.targets.get("three_star", 0)}
    return {
        str(stars): {"target": wanted[stars], "reached": reached[stars], "met": reached[stars] >= wanted[stars]}
        for stars in (4, 3)
    }


def certificate_facts(certificate: Certificate, today: date) -> dict[str, Any]:
    """One certificate with its dates and its state on `today` by the law in force then."""
    life = certificate_dates(
        certificate.issued_on, today, revoked_on=certificate.revoked_on, replaced_on=certificate.replaced_on
    )
    return {
        "code": certificate.code,
        "product": certificate.product.name,
        "stars": certificate.stars,
        "granted_by": certificate.level.value,
        "decision": certificate.decision_number,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "state": life.state.value,
        "notice_by": _iso(life.notice_by),
        "renewal_opens": _iso(life.renewal_opens),
        "renewal_closes": _iso(life.renewal_closes),
        "extended_until": _iso(life.extended_until),
        "replaced_on": _iso(certificate.replaced_on),
        "inspections": [
            {"on": i.inspected_on.isoformat(), "passed": i.passed, "findings": i.findings}
            for i in certificate.inspections
        ],
    }


def counters(session: Session) -> dict[str, Any]:
    """Counts of the domain: steps opened and closed, reminders, extensions, signals."""
    items = select(func.count()).select_from(WorkItem)
    signals = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == OutboxKind.SIGNAL)
    tries = select(func.sum(OutboxMessage.tries)).where(OutboxMessage.kind == OutboxKind.SIGNAL)
    extensions = select(func.count()).select_from(ClockEntry).where(ClockEntry.event == ClockEvent.EXTENDED)
    deliveries = select(func.count()).select_from(Delivery)
    sent = int(session.scalar(signals) or 0)
    return {
        "steps": int(session.scalar(items.where(WorkItem.kind != StepKind.SCORE_SHEET)) or 0),
        "steps_completed": int(
            session.scalar(items.where(WorkItem.kind != StepKind.SCORE_SHEET, WorkItem.status == ItemStatus.DONE)) or 0
        ),
        "score_sheets": int(session.scalar(items.where(WorkItem.kind == StepKind.SCORE_SHEET)) or 0),
        "rungs_climbed": int(session.scalar(select(func.count()).select_from(RungClaim)) or 0),
        "extensions": int(session.scalar(extensions) or 0),
        "notices": _by_what(session),
        "deliveries_sent": int(session.scalar(deliveries.where(Delivery.sent_at.is_not(None))) or 0),
        "deliveries_waiting": int(session.scalar(deliveries.where(Delivery.done.is_(False))) or 0),
        "signals": sent,
        "signals_redelivered": int(session.scalar(tries) or 0) - sent,
    }


def _by_what(session: Session) -> dict[str, int]:
    """Notices by what they tell; rungs by their own name."""
    found: dict[str, int] = {}
    for notice in session.scalars(select(Notice).order_by(Notice.what, Notice.id)):
        name = str(notice.payload.get("rung", notice.what))
        found[name] = found.get(name, 0) + 1
    return found


def _round(session: Session, round_: Round, today: date) -> dict[str, Any]:
    return {
        "code": round_.code,
        "status": round_.status.value,
        "opens_on": round_.opens_on.isoformat(),
        "council_on": round_.council_on.isoformat(),
        "planned_products": len(round_.planned_products),
        "steps": _steps(session, round_subject(round_.id), today),
    }


def _dossier(session: Session, dossier: Dossier, today: date) -> dict[str, Any]:
    product = dossier.product
    return {
        "code": dossier.code,
        "product": product.name,
        "commune": product.place.title,
        "kind": dossier.kind.value,
        "target_stars": dossier.target_stars,
        "attempts": [_attempt(session, a, today) for a in dossier.attempts],
    }


def _attempt(session: Session, attempt: DossierAttempt, today: date) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "round": attempt.round.code,
        "received_on": attempt.received_on.isoformat(),
        "regime": attempt.regime,
        "criteria_set": attempt.criteria_set,
        "status": attempt.status.value,
        "ended_on": _iso(attempt.ended_on),
        "ended_because": attempt.ended_because,
        "evidence": len(attempt.evidence),
        "evidence_carried_over": sum(e.carried_from_id is not None for e in attempt.evidence),
        "papers": [_paper(paper) for paper in attempt.evidence],
        "steps": _steps(session, attempt_subject(attempt.id), today),
        "result": _result(session, attempt),
    }


def _paper(paper: Evidence) -> dict[str, Any]:
    return {
        "kind": paper.kind.value,
        "title": paper.title,
        "issued_on": _iso(paper.issued_on),
        "expires_on": _iso(paper.expires_on),
        "carried_over": paper.carried_from_id is not None,
        "replaced": paper.replaced_by_id is not None,
    }


def _steps(session: Session, subject: str, today: date) -> list[dict[str, Any]]:
    items = session.scalars(select(WorkItem).where(WorkItem.subject == subject).order_by(WorkItem.id))
    return [_step(session, item, today) for item in items if step_definition(item.kind).scope is not Scope.SHEET]


def _step(session: Session, item: WorkItem, today: date) -> dict[str, Any]:
    closed = _day(item.closed_at)
    rungs = session.scalars(select(RungClaim).where(RungClaim.item_id == item.id).order_by(RungClaim.id)).all()
    dues = [r.due_on for r in rungs] + [item.due_on]
    return {
        "step": item.kind.value,
        "turn": item.turn,
        "status": item.status.value,
        "opened": _iso(_day(item.opened_at)),
        "due": item.due_on.isoformat(),
        "first_due": min(dues).isoformat(),
        "due_rule": item.clock[0].rule,
        "completed": _iso(closed),
        "overdue": (closed or today) > min(dues),
        "rungs": [r.rung.value for r in rungs],
        "extensions": [{"days": e.days, "reason": e.rule} for e in item.clock if e.event is ClockEvent.EXTENDED],
        "outcome": item.outcome.code if item.outcome else None,
    }


def _result(session: Session, attempt: DossierAttempt) -> dict[str, Any] | None:
    result = session.scalar(select(Result).join(Result.product).where(SessionProduct.attempt_id == attempt.id))
    if result is None:
        return None
    return {
        "mean": result.mean_cut,
        "mean_exact": result.mean,
        "band": result.band,
        "stars": result.stars,
        "spread": result.spread,
        "scoring": result.product.scoring,
        "scorings": _scorings(result.product),
        "sheets": len(result.product.sheets),
        "recused": len(result.product.recusals),
        "missed_gates": [g for g in result.missed_gates if g["stars"] <= (result.band or 0)],
        "eliminated": result.eliminated,
        "granted_by": result.granted_by,
        "forward_to": result.forward_to,
        "explanation": result.explanation,
    }


def _scorings(product: SessionProduct) -> list[dict[str, Any]]:
    """The sheets of each scoring, the first one kept beside the second."""
    found = []
    for number in sorted({sheet.scoring for sheet in product.sheets}):
        totals = {s.member.person.code: s.total for s in product.sheets if s.scoring == number}
        spread = max(totals.values()) - min(totals.values())
        found.append({"scoring": number, "spread": str(spread), "totals": totals})
    return found


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(VN_TZ).date() if moment else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
