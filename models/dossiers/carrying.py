"""Taking over the commune's report when a dossier is handed in again: only where nothing it rests on has changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import Actor
from models.clock import vn_date
from models.dossiers.carry_rules import carry_rules, report_days
from models.dossiers.evidence import in_force
from models.enums import CommuneTopic, ItemStatus, OutboxKind
from models.forms import CommuneAssessmentForm
from models.forms.registration import FORMS_OF, title_of
from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.steps.addressing import addressee_of
from models.steps.commune import write_report
from models.steps.whose import Whose, of_round
from models.subjects import attempt_subject, item_key
from models.tables import DossierAttempt, Evidence, Outcome, WorkItem
from models.work_items.closing import find_item
from models.work_items.opening import open_item
from models.work_items.terms import Budget


def carry_findings(session: Session, old: DossierAttempt, new: DossierAttempt, who: Actor, now: datetime) -> list[str]:
    """Close the commune's step of the new attempt with the report of the earlier one, if it holds; else say why not.

    The outcome keeps the person, capacity and moment of the original and is linked to it. Nothing is carried, and
    nothing said, where the commune had not reported.
    """
    item = find_item(session, item_key(attempt_subject(old.id), StepKind.COMMUNE_ASSESSMENT, 1))
    if item is None or item.outcome is None:
        return []
    why_not = why_not_carried(session, old, new, item, vn_date(now))
    facts: dict[str, Any] = {"from_attempt": old.number, "report": item.outcome.data["report_number"]}
    if why_not:
        subject = attempt_subject(new.id)
        audit.record(session, who, "findings.not_carried", subject, now, reason="; ".join(why_not), data=facts)
        return why_not
    carried = _closed_item(session, new, item.outcome, now)
    write_report(session, new, CommuneAssessmentForm.model_validate(item.outcome.data))
    audit.record(session, who, "item.carried", carried.subject, now, data=facts | {"item": carried.id})
    event = {"event": "ocop.step.carried", "item": carried.id}
    outbox.put(session, OutboxKind.EVENT, f"event:carried:{carried.key}", event)
    return []


def why_not_carried(session: Session, old: DossierAttempt, new: DossierAttempt, item: WorkItem, on: date) -> list[str]:
    """Why the report of the old attempt does not hold for the new one (Vietnamese); empty when it does."""
    rules, outcome = carry_rules(), item.outcome
    if outcome is None:
        return ["UBND xã chưa báo cáo"]
    found = []
    if old.status in rules.not_after or outcome.code != "proposed":
        found.append(f"lần {old.number} kết thúc vì: {old.status.label.lower()}")
    if (old.regime, old.criteria_set, old.case) != (new.regime, new.criteria_set, new.case):
        found.append("quy định hoặc bộ tiêu chí áp dụng đã khác")
    days = report_days(new.round.plan.office)
    if date.fromisoformat(outcome.data["signed_on"]) + timedelta(days=days) < on:
        found.append(f"báo cáo đã quá {days} ngày")
    if addressee_of(session, item.kind, _whose(new)).office_id != item.office_id:
        found.append("địa bàn đã thuộc UBND xã khác")
    found += [f"giấy tờ của nội dung «{topic.label}» đã đổi" for topic in changed_topics(session, old, new)]
    for label, name, free in (
        ("phiếu đăng ký", "registration", rules.free.registration),
        ("tự đánh giá", "self_assessment", rules.free.self_assessment),
    ):
        changed = _changed_fields(getattr(old, name), getattr(new, name), free)
        if changed:
            found.append(f"{label} đã đổi: {', '.join(title_of(FORMS_OF[name], entry) for entry in changed)}")
    return found


def changed_topics(session: Session, old: DossierAttempt, new: DossierAttempt) -> list[CommuneTopic]:
    """The topics of which a paper was changed, dropped or added, since the commune saw it."""
    later = _supplemented(session, old)
    return [
        topic
        for topic, kinds in carry_rules().topics.items()
        if later & set(kinds) or _contents(in_force(old), kinds) != _contents(in_force(new), kinds)
    ]


def _supplemented(session: Session, attempt: DossierAttempt) -> set[EvidenceKind]:
    """The kinds of papers handed in after the commune's report, at the consultant's request."""
    query = select(WorkItem).where(
        WorkItem.subject == attempt_subject(attempt.id), WorkItem.kind == StepKind.SUPPLEMENT
    )
    stated = [outcome.data for item in session.scalars(query) for outcome in item.outcomes]
    return {EvidenceKind(paper["kind"]) for data in stated for paper in data["evidence"]}


def _contents(papers: Collection[Evidence], kinds: Collection[EvidenceKind]) -> set[tuple[Any, ...]]:
    # Pages move when other papers are added; the paper is the same.
    return {(p.kind, p.title, p.number, p.issued_on, p.expires_on, p.file_sha256) for p in papers if p.kind in kinds}


def _changed_fields(before: dict[str, Any], after: dict[str, Any], free: Collection[str]) -> list[str]:
    names = dict.fromkeys([*before, *after])
    return [name for name in names if name not in free and before.get(name) != after.get(name)]


def _whose(attempt: DossierAttempt) -> Whose:
    return of_round(attempt.round, attempt_subject(attempt.id), attempt)


def _closed_item(session: Session, new: DossierAttempt, outcome: Outcome, now: datetime) -> WorkItem:
    case = _whose(new)
    item = open_item(
        session,
        StepKind.COMMUNE_ASSESSMENT,
        case.subject,
        office=case.office,
        to=addressee_of(session, StepKind.COMMUNE_ASSESSMENT, case),
        budget=Budget(0, "date", f"Mang sang từ lần {outcome.item.case.number}", vn_date(now)),
        now=now,
        round_id=new.round_id,
        attempt_id=new.id,
    )
    item.outcomes.append(
        Outcome(
            version=1,
            code=outcome.code,
            data=dict(outcome.data),
            fingerprint=outcome.fingerprint,
            actor_id=outcome.actor_id,
            on_behalf_of_id=outcome.on_behalf_of_id,
            capacity=outcome.capacity,
            recorded_at=outcome.recorded_at,
            carried_from=outcome,
        )
    )
    item.status, item.closed_at = ItemStatus.DONE, now
    session.flush()
    return item
