"""Attempts of dossiers: making one with the rules of its day pinned, ending it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from models import audit, outbox
from models.actors import Actor
from models.certificates.filing import note_filed
from models.clock import VN_TZ
from models.councils.sessions import take_off_agenda
from models.enums import AttemptStatus, OutboxKind, RoundStatus
from models.errors import ConflictError, InputError, NotFoundError, WrongMomentError
from models.process import Scope, process_version
from models.regimes import regime_for
from models.regimes.kinds import DossierKind
from models.signals import signal
from models.subjects import attempt_subject, subject_of
from models.tables import AuditEntry, Dossier, DossierAttempt, Product, Round, SessionProduct
from models.work_items.opening import cancel_open_items

TOURISM_SET = 26


def dossier_by_code(session: Session, code: str, *options: ORMOption) -> Dossier:
    """The dossier with this code; `options` say what is loaded with it.

    Raises:
        NotFoundError: there is none.
    """
    dossier = session.scalar(select(Dossier).where(Dossier.code == code).options(*options))
    if dossier is None:
        raise NotFoundError(f"Không có hồ sơ mã «{code}».", field="dossier", remedy="Xem danh sách: ocop dossier list.")
    return dossier


def takes_dossiers(round_: Round, on: date) -> bool:
    """Whether a dossier may be handed in for the round on that day."""
    return round_.status is RoundStatus.OPEN and round_.opens_on <= on <= round_.registration_closes_on


def check_window(round_: Round, on: date) -> None:
    """Refuse a handing-in outside the registration window of a round.

    Raises:
        WrongMomentError: the round is not open yet, or its list is closed.
    """
    if not takes_dossiers(round_, on):
        raise WrongMomentError(
            f"{round_.title} không nhận hồ sơ vào ngày {on:%d/%m/%Y} "
            f"(nhận từ {round_.opens_on:%d/%m/%Y} đến {round_.registration_closes_on:%d/%m/%Y}; "
            f"trạng thái: {round_.status.label}).",
            field="round",
            remedy="Chọn đợt đang nhận hồ sơ: ocop round list.",
        )


def check_none_under_way(session: Session, product: Product) -> None:
    """Refuse a second candidacy of a product beside one that is under way.

    Raises:
        ConflictError: another dossier of the product is in progress.
    """
    query = (
        select(Dossier.code)
        .join(DossierAttempt)
        .where(Dossier.product_id == product.id, DossierAttempt.status == AttemptStatus.IN_PROGRESS)
    )
    code = session.scalar(query)
    if code is not None:
        raise ConflictError(
            f"Sản phẩm «{product.name}» đã có hồ sơ {code} đang xử lý.",
            field="product",
            remedy="Theo dõi hồ sơ đó, hoặc rút trước khi nộp hồ sơ mới.",
        )


def new_attempt(
    session: Session, dossier: Dossier, round_: Round, who: Actor, now: datetime, *, case: int | None = None
) -> DossierAttempt:
    """Make the next attempt, pinned to regime, criteria set and process of the day of receipt; start its run.

    Raises:
        InputError: the regime has no criteria, or a case is missing for tourism.
    """
    on = now.astimezone(VN_TZ).date()
    regime = regime_for(on, DossierKind(dossier.kind))
    if regime.criteria is None:
        raise InputError(
            f"Quy định {regime.code} chỉ còn dùng cho giấy chứng nhận cũ.",
            field="received_on",
            remedy="Kiểm tra lại ngày nhận hồ sơ.",
        )
    if dossier.product.criteria_set == TOURISM_SET and case not in {1, 2}:
        raise InputError(
            "Dịch vụ du lịch (bộ 26) phải chọn trường hợp 1 hoặc 2.",
            field="case",
            remedy="Ghi case: 1 (cộng đồng) hoặc 2 (điểm du lịch).",
        )
    attempt = DossierAttempt(
        dossier=dossier,
        number=len(dossier.attempts) + 1,
        round=round_,
        received_on=on,
        submitted_by_id=who.person_id,
        regime=regime.code,
        criteria_source=regime.criteria,
        criteria_set=dossier.product.criteria_set,
        case=case,
        process_version=process_version(),
    )
    session.add(attempt)
    session.flush()
    subject = attempt_subject(attempt.id)
    audit.record(
        session,
        who,
        "dossier.received",
        subject,
        now,
        data={"dossier": dossier.code, "attempt": attempt.number},
    )
    signal(session, subject, "received")
    if dossier.kind is DossierKind.RENEWAL:
        note_filed(session, attempt, who, now)
    return attempt


def end_attempt(
    session: Session, attempt: DossierAttempt, status: AttemptStatus, because: str, who: Actor, now: datetime
) -> None:
    """Record how the attempt ended; a withdrawal also cancels what is open, score sheets too, and wakes the run."""
    attempt.status = status
    attempt.ended_on = now.astimezone(VN_TZ).date()
    attempt.ended_because = because
    subject = attempt_subject(attempt.id)
    audit.record(session, who, f"attempt.{status}", subject, now, reason=because)
    _tell_ended(session, attempt)
    if status is AttemptStatus.WITHDRAWN:
        take_off_agenda(session, attempt, status.label)
        for of in [subject, *_sheets_of(session, attempt)]:
            cancel_open_items(session, of, because, who, now)
        signal(session, subject, f"ended:{attempt.number}")


def _tell_ended(session: Session, attempt: DossierAttempt) -> None:
    # An attempt may end again after a correction; the audit, which is never cleared, counts the ends.
    ends = select(func.count()).where(
        AuditEntry.subject == attempt_subject(attempt.id), AuditEntry.act == f"attempt.{attempt.status}"
    )
    name = f"ocop.dossier.{attempt.status.replace('_', '-')}"
    event = {"event": name, "attempt": attempt.id, "because": attempt.ended_because}
    outbox.put(session, OutboxKind.EVENT, f"event:{name}:{attempt.id}:{session.scalar(ends)}", event)


def _sheets_of(session: Session, attempt: DossierAttempt) -> list[str]:
    products = session.scalars(select(SessionProduct.id).where(SessionProduct.attempt_id == attempt.id))
    return [subject_of(Scope.SHEET, product_id) for product_id in products]
