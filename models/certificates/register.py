"""The register of certificates: where each stands on a day, and which end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.certificates.kinds import Milestone
from models.certificates.life import CertificateDates, CertificateState, certificate_dates
from models.enums import AttemptStatus, ItemStatus
from models.errors import NotFoundError
from models.offices.history import place_as_of
from models.process import step_definition
from models.regimes.kinds import DossierKind
from models.tables import Certificate, Dossier, DossierAttempt, Product, WorkItem

ENDING_DAYS = 180
"""How far the register looks ahead for what ends: the renewal window of 26/2026."""

ONE_DAY = timedelta(days=1)

WITHOUT_RESULT = (AttemptStatus.IN_PROGRESS, AttemptStatus.RETURNED)


@dataclass(frozen=True)
class Standing:
    """A certificate on a day: its dates, its state, and the dossier handed in for its renewal without a result yet."""

    dates: CertificateDates
    state: CertificateState
    renewal: str | None

    @property
    def ends_on(self) -> date:
        """The last day of validity as it stands: the extension counts once it is used."""
        extended = self.dates.extended_until if self.state is CertificateState.EXTENDED else None
        return extended or self.dates.valid_until


@dataclass(frozen=True)
class PendingRenewal:
    """A dossier handed in for a renewal that has no result yet, by the attempt that was received first."""

    dossier: str
    received_on: date


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register."""

    code: str
    product: str
    producer: str
    commune: str
    stars: int
    level: str
    regime: str
    decision_number: str
    issued_on: date
    valid_until: date
    ends_on: date
    days_left: int
    state: str
    state_label: str
    notice_by: date | None
    renewal_opens: date | None
    renewal_closes: date | None
    extended_until: date | None
    renewal: str | None
    next_milestone: str | None
    next_on: date | None
    waiting: list[str]


def certificate_by_code(session: Session, code: str) -> Certificate:
    """The certificate with this code.

    Raises:
        NotFoundError: there is none.
    """
    found = session.scalar(select(Certificate).where(Certificate.code == code))
    if found is None:
        raise NotFoundError(
            f"Không có giấy chứng nhận «{code}».", field="certificate", remedy="Xem danh sách: ocop certificate list."
        )
    return found


def standing(session: Session, certificate: Certificate, on: date) -> Standing:
    """Where a certificate stands on `on`, by the law in force that day and by what was handed in.

    Past its end it is extended only when a re-evaluation was handed in by its last day, has no result yet, and the
    law of the day after its end extends [law 26/2026; "by its last day" ours]. Handed in within the window, it is
    not late [ours].
    """
    dates = certificate_dates(
        certificate.issued_on, on, revoked_on=certificate.revoked_on, replaced_on=certificate.replaced_on
    )
    if dates.state in {CertificateState.REVOKED, CertificateState.REPLACED}:
        return Standing(dates, dates.state, None)
    attempt = pending_renewal(session, certificate, on)
    if attempt is None:
        return standing_of(dates, None)
    return standing_of(dates, PendingRenewal(attempt.dossier.code, attempt.received_on))


def standing_of(dates: CertificateDates, renewal: PendingRenewal | None) -> Standing:
    """The same from the dates and the renewal without a result, if there is one. Pure."""
    if dates.state in {CertificateState.REVOKED, CertificateState.REPLACED}:
        return Standing(dates, dates.state, None)
    received_on = renewal.received_on if renewal is not None else None
    return Standing(dates, _state(dates, received_on), renewal.dossier if renewal is not None else None)


def pending_renewal(session: Session, certificate: Certificate, on: date) -> DossierAttempt | None:
    """The attempt of a re-evaluation that was handed in while the certificate was valid and had no result on `on`."""
    query = (
        select(DossierAttempt)
        .join(Dossier)
        .where(
            Dossier.product_id == certificate.product_id,
            Dossier.kind == DossierKind.RENEWAL,
            DossierAttempt.received_on.between(certificate.issued_on, min(on, certificate.valid_until)),
        )
        .order_by(DossierAttempt.received_on, DossierAttempt.id)
    )
    for attempt in session.scalars(query):
        latest = attempt.dossier.latest
        if latest.status in WITHOUT_RESULT or (latest.ended_on is not None and latest.ended_on > on):
            return attempt
    return None


def _state(dates: CertificateDates, received_on: date | None) -> CertificateState:
    if dates.state is CertificateState.EXTENDED and received_on is None:
        return CertificateState.LAPSED
    in_time = received_on is not None and dates.renewal_closes is not None and received_on <= dates.renewal_closes
    return CertificateState.VALID if dates.state is CertificateState.LATE and in_time else dates.state


def in_validity(on: date) -> tuple[ColumnElement[bool], ...]:
    """The condition, as a query, of a certificate within its 36 months that was neither revoked nor replaced."""
    return (
        Certificate.issued_on <= on,
        Certificate.valid_until >= on,
        Certificate.revoked_on.is_(None),
        Certificate.replaced_on.is_(None),
    )


def in_force(session: Session, product: Product, on: date) -> Certificate | None:
    """The product's certificate that still counts on `on`, an extended one too; the latest of several."""
    query = (
        select(Certificate)
        .where(
            Certificate.product_id == product.id,
            Certificate.revoked_on.is_(None),
            Certificate.replaced_on.is_(None),
            Certificate.issued_on <= on,
        )
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    for certificate in session.scalars(query):
        if standing(session, certificate, on).state is not CertificateState.LAPSED:
            return certificate
    return None


def attempt_certificates_over(session: Session, attempt_id: int, on: date) -> bool:
    """Whether an attempt led to certificates of which none counts any more: nothing is left to inspect."""
    query = select(Certificate).where(Certificate.attempt_id == attempt_id, Certificate.issued_on <= on)
    states = [standing(session, certificate, on).state for certificate in session.scalars(query)]
    return bool(states) and all(state.is_over for state in states)


def waiting_words(item: WorkItem) -> str:
    """An open item of a certificate as the register names it."""
    return f"{step_definition(item.kind).label} (hạn {item.due_on:%d/%m/%Y})"


def next_milestone(stands: Standing, on: date) -> tuple[Milestone, date] | None:
    """The milestone that comes next after a day, by the dates of the law in force on it; none when it is over. Pure."""
    if stands.state.is_over:
        return None
    dates = stands.dates
    after_closing = dates.renewal_closes and dates.renewal_closes + ONE_DAY
    coming = (
        (Milestone.NOTICE_DUE, dates.notice_by),
        (Milestone.WINDOW_OPEN, dates.renewal_opens),
        (Milestone.WINDOW_CLOSED, after_closing if stands.renewal is None else None),
        (Milestone.END, dates.valid_until + ONE_DAY),
        (Milestone.LAPSE, stands.ends_on + ONE_DAY),
    )
    return next(((milestone, day) for milestone, day in coming if day is not None and day > on), None)


def row_of(session: Session, certificate: Certificate, on: date) -> RegisterRow:
    """One certificate as the register shows it."""
    query = select(WorkItem).where(WorkItem.certificate_id == certificate.id, WorkItem.status == ItemStatus.OPEN)
    waiting = [waiting_words(item) for item in session.scalars(query.order_by(WorkItem.due_on, WorkItem.id))]
    commune = place_as_of(session, certificate.product, on).title
    return register_row(certificate, standing(session, certificate, on), on, commune, waiting)


def register_row(certificate: Certificate, stands: Standing, on: date, commune: str, waiting: list[str]) -> RegisterRow:
    """The row from what is known; `waiting` are the open items in words."""
    product, coming = certificate.product, next_milestone(stands, on)
    return RegisterRow(
        code=certificate.code,
        product=product.name,
        producer=product.producer.name,
        commune=commune,
        stars=certificate.stars,
        level=certificate.level.value,
        regime=certificate.regime,
        decision_number=certificate.decision_number,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        ends_on=stands.ends_on,
        days_left=(stands.ends_on - on).days,
        state=stands.state.value,
        state_label=stands.state.label,
        notice_by=stands.dates.notice_by,
        renewal_opens=stands.dates.renewal_opens,
        renewal_closes=stands.dates.renewal_closes,
        extended_until=stands.dates.extended_until,
        renewal=stands.renewal,
        next_milestone=coming[0].label if coming else None,
        next_on=coming[1] if coming else None,
        waiting=waiting,
    )
