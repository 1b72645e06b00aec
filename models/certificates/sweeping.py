"""The daily look at all certificates: milestones are claimed once, what is to be done becomes people's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM
from models.certificates.cases import end_all
from models.certificates.inspecting import due_inspections, open_inspection, plan_yearly
from models.certificates.kinds import Milestone
from models.certificates.life import CertificateState
from models.certificates.register import ENDING_DAYS, Standing, standing
from models.certificates.renewal_case import open_renewal, renewal_from
from models.certificates.telling import EVERYBODY, certificate_subject, tell
from models.clock import vn_date
from models.enums import Role
from models.errors import FinalError
from models.regimes import regime_in_force
from models.tables import Certificate, CertificateMilestone

ONE_DAY = timedelta(days=1)
T = TypeVar("T")


@dataclass(frozen=True)
class Passed:
    """One certificate that passed milestones since the last look; only `told` is told."""

    code: str
    new: tuple[Milestone, ...]
    told: Milestone


def sweep(session: Session, now: datetime) -> list[Passed]:
    """Claim what certificates have newly passed, open renewals and inspections, plan inspections. Idempotent.

    A certificate that is revoked, replaced or lapsed is looked at no more. One whose units are not set up does not
    hold up the others: the coordinator is told.
    """
    today = vn_date(now)
    passed = [
        one
        for certificate in _open(session, today)
        if (one := _alone(session, certificate, partial(_look, session, certificate, now, today))) is not None
    ]
    plan_yearly(session, today)
    for row in due_inspections(session, today):
        _alone(session, row.certificate, partial(open_inspection, session, row, now))
    return passed


def _open(session: Session, today: date) -> list[Certificate]:
    lapsed = select(CertificateMilestone.certificate_id).where(CertificateMilestone.milestone == Milestone.LAPSE)
    query = (
        select(Certificate)
        .where(
            Certificate.valid_until <= today + timedelta(days=ENDING_DAYS),
            Certificate.issued_on <= today,
            Certificate.revoked_on.is_(None),
            Certificate.replaced_on.is_(None),
            Certificate.id.not_in(lapsed),
        )
        .order_by(Certificate.id)
    )
    return list(session.scalars(query))


def _alone(session: Session, certificate: Certificate, act: Callable[[], T]) -> T | None:
    try:
        with session.begin_nested():
            return act()
    except FinalError as error:
        words = f"chưa giao được việc của giấy chứng nhận này: {error}"
        tell(session, certificate, "not_set_up", words, {}, to=(Role.COORDINATOR, Role.ADMINISTRATOR))
        return None


def milestones_passed(stands: Standing, today: date) -> dict[Milestone, date]:
    """The milestones that a certificate has passed by `today`, in order of time, each with its day. Pure.

    A window is one only by a law that was in force while the certificate was valid, and not before that law [ours].
    """
    dates = stands.dates
    late = stands.state is not CertificateState.VALID  # what was handed in within the window is not late
    law = regime_in_force(min(today, dates.valid_until))
    window = law.certificate.renewal_opens_days is not None
    opens = dates.renewal_opens if window else None
    closes = dates.renewal_closes if window and late else None
    days = {
        Milestone.NOTICE_DUE: dates.notice_by,
        Milestone.WINDOW_OPEN: opens and max(opens, law.received_from),
        Milestone.WINDOW_CLOSED: closes and max(closes + ONE_DAY, law.received_from),
        Milestone.END: dates.valid_until + ONE_DAY,
    }
    found = {milestone: day for milestone, day in days.items() if day is not None and day <= today}
    if stands.state is CertificateState.LAPSED:
        end = dates.extended_until if dates.extended_until and dates.extended_until < today else dates.valid_until
        found[Milestone.LAPSE] = end + ONE_DAY
    return found


def _look(session: Session, certificate: Certificate, now: datetime, today: date) -> Passed | None:
    stands = standing(session, certificate, today)
    if stands.state is CertificateState.LAPSED:
        end_all(session, certificate, "Giấy chứng nhận hết hiệu lực.", SYSTEM, now)
    elif renewal_from(stands.dates) <= today:
        open_renewal(session, certificate, stands, now)
    reached = milestones_passed(stands, today)
    claimed = session.scalars(
        select(CertificateMilestone.milestone).where(CertificateMilestone.certificate_id == certificate.id)
    ).all()
    new = {milestone: day for milestone, day in reached.items() if milestone not in claimed}
    if not new:
        return None
    return _claim(session, certificate, new, stands, now)


def _claim(
    session: Session, certificate: Certificate, new: dict[Milestone, date], stands: Standing, now: datetime
) -> Passed:
    for milestone, day in new.items():
        session.add(CertificateMilestone(certificate_id=certificate.id, milestone=milestone, on=day, claimed_at=now))
    session.flush()
    told = list(new)[-1]
    facts = {
        "milestone": told.value,
        "milestone_on": new[told].isoformat(),
        "state": stands.state.value,
        "valid_until": certificate.valid_until.isoformat(),
        "renewal": stands.renewal,
    }
    words = f"{told.label} (ngày {new[told]:%d/%m/%Y}; hiệu lực đến {certificate.valid_until:%d/%m/%Y}). {told.advice}"
    tell(session, certificate, told.value, words, facts, to=EVERYBODY)
    audit.record(session, SYSTEM, f"certificate.{told}", certificate_subject(certificate), now, data=facts)
    return Passed(certificate.code, tuple(new), told)
