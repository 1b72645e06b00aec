"""A whole dossier as one package: forms, evidence, findings, scores (for whoever may see them), papers, audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import VN_TZ, vn_date
from models.dossiers.attempts import dossier_by_code
from models.dossiers.comparing import FIELDS
from models.dossiers.package_papers import paper_parts
from models.dossiers.package_tables import as_csv, as_json, as_text
from models.dossiers.queries import dossier_detail
from models.enums import Role
from models.errors import NotAllowedError
from models.files.names import safe_name
from models.files.store import path_of
from models.files.zip_stream import Part
from models.forms import FORMS
from models.forms.registration import facts_in_words
from models.forms.words import in_words, outcome_in_words
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.subjects import attempt_subject, subject_of
from models.tables import AuditEntry, Dossier, DossierAttempt, Evidence, Outcome, SessionProduct, StoredFile, WorkItem

SCORING = {StepKind.SCORE_SHEET, StepKind.COUNCIL_SESSION, StepKind.COUNCIL_EVALUATION}
"""Steps whose outcomes are the council's own until they may be seen."""


def dossier_package(
    session: Session, code: str, who: Actor, now: datetime, *, scores: bool, folder: Path, home: Path
) -> list[Part]:
    """What goes into the package of a dossier, in its order, for `stream_zip`; the export is in the audit trail.

    `scores`: with sheets and results, of scorings that are closed only (until then they are secret, domain.md §4).
    `folder`: the store; `home`: where the papers lie. No transaction is needed while the parts are sent.

    Raises:
        NotFoundError: there is no such dossier.
        NotAllowedError: neither its office, nor its producer, nor an auditor; or a producer asks for the scores.
    """
    dossier = dossier_by_code(session, code)
    _check_may_export(dossier, who, scores=scores)
    detail = dossier_detail(session, code, vn_date(now))
    general = {"dossier": detail.dossier, "exported_at": now.astimezone(VN_TZ), "scores_included": scores}
    parts = [
        Part(f"{code}/00 Thông tin chung.json", as_json(general)),
        Part(f"{code}/00 Thông tin chung.txt", as_text(_general_words(detail.dossier))),
    ]
    packed: dict[str, str] = {}
    for attempt in dossier.attempts:
        parts += _attempt_parts(session, attempt, f"{code}/Lần {attempt.number}", packed, folder, scores=scores)
    parts += paper_parts(session, dossier, who, f"{code}/90 Giấy tờ", folder, home, scores=scores)
    entries = _audit_rows(session, dossier.attempts, scores=scores)
    parts += [
        Part(f"{code}/99 Nhật ký.csv", as_csv(entries)),
        Part(f"{code}/99 Nhật ký.json", as_json(entries)),
    ]
    facts = {"dossier": code, "scores": scores, "entries": len(parts)}
    for attempt in dossier.attempts[-1:]:
        audit.record(session, who, "dossier.exported", attempt_subject(attempt.id), now, data=facts)
    return parts


def _check_may_export(dossier: Dossier, who: Actor, *, scores: bool) -> None:
    if not may_export(dossier, who):
        raise NotAllowedError(
            f"Không được xuất hồ sơ {dossier.code}.",
            field="actor",
            remedy="Văn phòng điều phối của hồ sơ, kiểm toán hoặc chính chủ thể mới xuất được.",
        )
    if scores and who.role is Role.PRODUCER:
        raise NotAllowedError(
            f"Chủ thể không được xuất hồ sơ {dossier.code} kèm phiếu chấm.",
            field="scores",
            remedy="Xuất không kèm phiếu chấm; phiếu chấm do văn phòng điều phối hoặc kiểm toán xuất.",
        )


def may_export(dossier: Dossier, who: Actor) -> bool:
    """The office of the dossier, an auditor, and the producer of its own (without the council's scores)."""
    if who.role is Role.PRODUCER:
        return who.producer_id == dossier.product.producer_id
    return who.role is Role.AUDITOR or (who.role is Role.COORDINATOR and who.office_id == dossier.office_id)


def _general_words(row: Any) -> dict[str, Any]:
    return {
        "Mã hồ sơ": row.code,
        "Sản phẩm": row.product,
        "Chủ thể": row.producer,
        "Địa bàn": row.commune,
        "Loại hồ sơ": row.kind_label,
        "Số sao đăng ký": row.target_stars,
        "Trạng thái": row.status_label,
    }


def _attempt_parts(
    session: Session, attempt: DossierAttempt, under: str, packed: dict[str, str], folder: Path, *, scores: bool
) -> list[Part]:
    parts = []
    for number, (name, (label, form)) in enumerate(FIELDS.items(), start=1):
        data = getattr(attempt, name)
        parts.append(Part(f"{under}/{number:02d} {label}.json", as_json(data)))
        parts.append(Part(f"{under}/{number:02d} {label}.txt", as_text(facts_in_words(form, data))))
    parts += _evidence_parts(session, attempt, f"{under}/03 Minh chứng", packed, folder)
    for kind, place in ((StepKind.COMMUNE_ASSESSMENT, "04"), (StepKind.CONSULTING, "05")):
        parts += _outcome_texts(session, attempt, kind, f"{under}/{place} {step_definition(kind).label}")
    if scores:
        parts.append(Part(f"{under}/06 Hội đồng.json", as_json(_council(session, attempt))))
    steps = [_step(item) for item in _items(session, attempt) if scores or item.kind not in SCORING]
    return [*parts, Part(f"{under}/07 Kết quả các bước.json", as_json(steps))]


def _evidence_parts(
    session: Session, attempt: DossierAttempt, under: str, packed: dict[str, str], folder: Path
) -> list[Part]:
    """The list of papers in the order of the checklist, and each stored file once."""
    parts, rows = [], []
    for place, paper in enumerate(sorted(attempt.evidence, key=lambda p: (p.kind.number, p.id)), start=1):
        sha = paper.file_sha256
        row = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha)) if sha else None
        if row is not None and row.sha256 not in packed:
            packed[row.sha256] = f"{under}/{_file_name(place, paper, row)}"
            parts.append(Part(packed[row.sha256], path_of(folder, row.sha256), row.sha256))
        rows.append(_paper_row(place, paper, packed.get(row.sha256, "") if row else ""))
    return [Part(f"{under}/00 Danh mục.csv", as_csv(rows)), *parts]


def _file_name(place: int, paper: Evidence, row: StoredFile) -> str:
    told = f"{paper.kind.number:02d}-{place:03d} {paper.kind.label.split(':')[0]} - {paper.title}"
    extension = row.media_type.extension
    return safe_name(f"{told.replace('/', '-').replace(chr(92), '-')}{extension}", extension)


def _paper_row(place: int, paper: Evidence, where: str) -> dict[str, Any]:
    return {
        "STT": place,
        "Loại": f"{paper.kind.number}. {paper.kind.label}",
        "Tên giấy tờ": paper.title,
        "Số hiệu": paper.number,
        "Ngày cấp": paper.issued_on,
        "Ngày hết hạn": paper.expires_on,
        "Trang": _pages(paper.page_from, paper.page_to),
        "Tiêu chí": "; ".join(f"{u.criterion} {_pages(u.page_from, u.page_to)}".strip() for u in paper.uses),
        "Đã thay": "x" if paper.replaced_by_id is not None else "",
        "Tệp trong gói": where or ("không có trong kho" if paper.file_sha256 or paper.file_name else ""),
    }


def _pages(first: int | None, last: int | None) -> str:
    return "" if first is None and last is None else f"(trang {first or ''}–{last or ''})"


def _items(session: Session, attempt: DossierAttempt) -> list[WorkItem]:
    query = select(WorkItem).where(WorkItem.subject == attempt_subject(attempt.id)).order_by(WorkItem.id)
    return list(session.scalars(query))


def _step(item: WorkItem) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "label": step_definition(item.kind).label,
        "turn": item.turn,
        "status": item.status.value,
        "opened_at": item.opened_at,
        "due_on": item.due_on,
        "closed_at": item.closed_at,
        "outcomes": [_outcome(outcome) for outcome in item.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "version": outcome.version,
        "code": outcome.code,
        "label": outcome_in_words(outcome.code),
        "data": outcome.data,
        "by": outcome.actor.name if outcome.actor else None,
        "capacity": outcome.capacity.label,
        "at": outcome.recorded_at,
        "reason": outcome.reason,
    }


def _outcome_texts(session: Session, attempt: DossierAttempt, kind: StepKind, name: str) -> list[Part]:
    found = [item for item in _items(session, attempt) if item.kind is kind and item.outcome is not None]
    return [
        Part(f"{name} {item.turn}.txt", as_text(in_words(FORMS[kind], item.outcome.data)))
        for item in found
        if item.outcome is not None
    ]


def _council(session: Session, attempt: DossierAttempt) -> list[Mapping[str, Any]]:
    query = select(SessionProduct).where(SessionProduct.attempt_id == attempt.id).order_by(SessionProduct.id)
    return [
        {
            "held_on": product.session.held_on,
            "minutes_number": product.session.minutes_number,
            "conclusion": product.conclusion,
            "eliminations": product.eliminations,
            "taken_off": product.taken_off,
            "recusals": [{"member": r.member.person.name, "reason": r.reason} for r in product.recusals],
            "sheets": [
                {
                    "member": sheet.member.person.name,
                    "role": sheet.member.role.label,
                    "scoring": sheet.scoring,
                    "choices": sheet.choices,
                    "total": sheet.total,
                    "opinion": sheet.opinion,
                    "submitted_at": sheet.submitted_at,
                }
                for sheet in product.sheets
                if product.result is not None or sheet.scoring < product.scoring
            ],
            "result": None
            if product.result is None
            else {
                "mean": product.result.mean,
                "mean_cut": product.result.mean_cut,
                "spread": product.result.spread,
                "stars": product.result.stars,
                "computed_stars": product.result.computed_stars,
                "override_reason": product.result.override_reason,
                "missed_gates": product.result.missed_gates,
                "explanation": product.result.explanation,
            },
        }
        for product in session.scalars(query)
    ]


def _audit_rows(session: Session, attempts: list[DossierAttempt], *, scores: bool) -> list[dict[str, Any]]:
    """The acts on all attempts; those of the council's own steps only with the scores."""
    hidden = {i.id for a in attempts for i in _items(session, a) if i.kind in SCORING and not scores}
    subjects = [attempt_subject(attempt.id) for attempt in attempts]
    if scores:
        ids = select(SessionProduct.id).where(SessionProduct.attempt_id.in_([a.id for a in attempts]))
        subjects += [subject_of(Scope.SHEET, number) for number in session.scalars(ids)]
    query = select(AuditEntry).where(AuditEntry.subject.in_(subjects)).order_by(AuditEntry.id)
    return [
        {
            "at": entry.at.astimezone(VN_TZ),
            "by": entry.actor.name if entry.actor else None,
            "capacity": entry.capacity.label,
            "act": entry.act,
            "subject": entry.subject,
            "reason": entry.reason,
            "data": entry.data,
        }
        for entry in session.scalars(query)
        if entry.data.get("item") not in hidden
    ]
