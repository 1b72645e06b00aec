"""The renewal of a certificate as a case: what opens it, how it follows the law, how the producer gives it up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM, Actor
from models.certificates.cases import end_case, is_open, item_in_case, lock_case, mark_ended, open_in_case
from models.certificates.filing import candidate_of
from models.certificates.findings import over
from models.certificates.life import CertificateDates
from models.certificates.register import ENDING_DAYS, Standing, certificate_by_code, standing
from models.certificates.telling import tell
from models.clock import vn_date
from models.dossiers.evidence import in_force
from models.dossiers.handing_in import check_may_hand_in
from models.enums import ClockEvent, Role, RoundStatus
from models.errors import ConflictError, WrongMomentError
from models.forms import RenewalFilingForm, read_form
from models.offices.owning import office_of
from models.process.kinds import StepKind
from models.regimes import regime_in_force
from models.regimes.kinds import DossierKind
from models.tables import Certificate, CyclePlan, DossierAttempt, Office, PlannedProduct, RenewalCandidate, Round
from models.work_items.closing import store_outcome
from models.work_items.opening import cancel_item, restart_clock
from models.work_items.terms import Budget

NOT_RENEWING = "Chủ thể không đánh giá lại."
STEPS = (StepKind.RENEWAL_FILING, StepKind.RENEWAL_COMMUNE)


def renewal_from(dates: CertificateDates) -> date:
    """The first day on which a re-evaluation is taken; without a window in law, 180 days before the end [ours]."""
    return dates.renewal_opens or dates.valid_until - timedelta(days=ENDING_DAYS)


def open_renewal(session: Session, certificate: Certificate, stands: Standing, now: datetime) -> RenewalCandidate:
    """Open the renewal of a certificate, once: the producer's item, the commune's, and the notice where the law asks.

    The product is registered for the next round; a round planned later is filled in later, and when a round's list was
    closed without it the round after that. What was filed and then withdrawn or not recognised is waited for anew, in a
    case of its own.
    """
    today = vn_date(now)
    row = candidate_of(session, certificate)
    if row is None or _to_be_filed_anew(session, row, stands):
        row = _new_case(certificate, stands, today)
        session.add(row)
        session.flush()
    if row.closed_on is None and stands.renewal is not None:
        end_case(session, row, f"Đã nộp hồ sơ đánh giá lại {stands.renewal}.", SYSTEM, now)
    if row.closed_on is None:
        _register(session, row, today)
        _follow_law(session, row, stands, now)
        for kind in (*STEPS, StepKind.RENEWAL_NOTICE) if row.notice_by else STEPS:
            open_in_case(session, row, kind, now)
    return row


def decline(session: Session, code: str, reason: str, who: Actor, now: datetime) -> RenewalCandidate:
    """Record that the producer will not have the product evaluated again; the certificate lasts until its end.

    The producer says so, or whoever may hand in for it.

    Raises:
        NotFoundError: no such certificate.
        NotAllowedError: anyone else.
        WrongMomentError: its renewal is not waited for yet, or it is over.
        ConflictError: the producer answered otherwise before.
        InputError: no reason.
    """
    certificate = certificate_by_code(session, code)
    check_may_hand_in(session, certificate.product, who, office_of(session, certificate.product).id)
    row = candidate_of(session, certificate)
    if row is not None:
        lock_case(session, row)
    item = item_in_case(session, row, StepKind.RENEWAL_FILING) if row is not None else None
    if row is None or item is None:
        if standing(session, certificate, vn_date(now)).state.is_over:
            raise over(certificate)
        raise WrongMomentError(
            f"Chưa đến lúc đánh giá lại giấy chứng nhận {code}.",
            field="certificate",
            remedy="Xem: ocop certificate show MÃ.",
        )
    form = read_form(RenewalFilingForm, {"outcome": "not_renewing", "reason": reason})
    if is_open(item):
        give_up(session, row, form.reason, now)
        store_outcome(session, item, form, who, now)
    elif item.outcome is None or item.outcome.data != form.model_dump(mode="json"):
        raise ConflictError(
            f"Việc đánh giá lại giấy chứng nhận {code} đã kết thúc: {row.closed_because or 'đã trả lời'}",
            field="certificate",
            remedy="Xem: ocop certificate show MÃ.",
        )
    return row


def give_up(session: Session, row: RenewalCandidate, reason: str, now: datetime) -> None:
    """What follows from the producer's "no": no notice is needed; the commune still says whether production goes on."""
    notice = item_in_case(session, row, StepKind.RENEWAL_NOTICE)
    if notice is not None and is_open(notice):
        cancel_item(session, notice, "Chủ thể không đánh giá lại.", SYSTEM, now)
    if not is_open(item_in_case(session, row, StepKind.RENEWAL_COMMUNE)):
        mark_ended(row, NOT_RENEWING, now)
    text = f"chủ thể không đánh giá lại ({reason}). Giấy hết hiệu lực sau ngày {row.certificate.valid_until:%d/%m/%Y}."
    facts = {"reason": reason, "valid_until": row.certificate.valid_until.isoformat()}
    tell(
        session, row.certificate, "not_renewing", text, facts, to=(Role.COORDINATOR, Role.COMMUNE_OFFICER), once=row.id
    )


def next_round(session: Session, today: date, office: Office) -> Round | None:
    """The round of an office that a dossier of `today` goes into: the first whose registration is not over."""
    query = (
        select(Round)
        .join(CyclePlan)
        .where(
            CyclePlan.office_id == office.id,
            Round.registration_closes_on >= today,
            Round.status.in_((RoundStatus.PLANNED, RoundStatus.OPEN)),
        )
    )
    return session.scalar(query.order_by(Round.opens_on, Round.id).limit(1))


def _new_case(certificate: Certificate, stands: Standing, today: date) -> RenewalCandidate:
    return RenewalCandidate(
        certificate=certificate,
        opened_on=today,
        file_by=_file_by(stands),
        notice_by=stands.dates.notice_by,
        regime=regime_in_force(today).code,
    )


def _file_by(stands: Standing) -> date:
    return stands.dates.renewal_closes or stands.dates.valid_until


def _to_be_filed_anew(session: Session, row: RenewalCandidate, stands: Standing) -> bool:
    if row.closed_on is None or stands.renewal is not None:
        return False
    item = item_in_case(session, row, StepKind.RENEWAL_FILING)
    return item is None or item.outcome is None or item.outcome.code == "filed"


def _register(session: Session, row: RenewalCandidate, today: date) -> None:
    if row.round is not None and row.round.registration_closes_on >= today:
        return
    round_ = next_round(session, today, office_of(session, row.certificate.product))
    if round_ is not None:
        row.round = round_
        row.papers = _cloned(session, row.certificate, round_.council_on)
        _expect(session, round_, row.certificate)
        session.flush()


def _follow_law(session: Session, row: RenewalCandidate, stands: Standing, now: datetime) -> None:
    """When another law came into force: its last day to file counts for what is still open (decision 0003)."""
    law = regime_in_force(vn_date(now))
    if row.regime == law.code:
        return
    row.regime, row.file_by = law.code, _file_by(stands)
    for kind in STEPS:
        item = item_in_case(session, row, kind)
        # An extension that a person gave stays [ours].
        if item is not None and is_open(item) and not any(line.event is ClockEvent.EXTENDED for line in item.clock):
            restart_clock(session, item, Budget(0, "date", law.title, row.file_by), now)


def _cloned(session: Session, certificate: Certificate, council_on: date) -> list[dict[str, Any]]:
    old = old_attempt(session, certificate)
    return [
        {
            "evidence": paper.id,
            "kind": paper.kind.value,
            "title": paper.title,
            "expires_on": paper.expires_on and paper.expires_on.isoformat(),
            "mark": "renew" if paper.expires_on is not None and paper.expires_on < council_on else "keep",
        }
        for paper in (in_force(old) if old else [])
    ]


def _expect(session: Session, round_: Round, certificate: Certificate) -> None:
    known = session.scalar(
        select(PlannedProduct.id).where(
            PlannedProduct.round_id == round_.id, PlannedProduct.product_id == certificate.product_id
        )
    )
    if known is None:
        session.add(
            PlannedProduct(
                round_id=round_.id,
                product_id=certificate.product_id,
                kind=DossierKind.RENEWAL,
                target_stars=certificate.stars,
                from_stars=certificate.stars,
            )
        )


def old_attempt(session: Session, certificate: Certificate) -> DossierAttempt | None:
    """The attempt that led to the certificate; none for one of before this software."""
    return session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id is not None else None
