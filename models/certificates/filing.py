"""What handing in a re-evaluation means for the certificate: its renewal is no longer waited for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.cases import end_case, is_open, item_in_case, lock_case
from models.certificates.register import in_force
from models.clock import vn_date
from models.forms import RenewalFilingForm
from models.process.kinds import StepKind
from models.tables import Certificate, DossierAttempt, RenewalCandidate
from models.work_items.closing import store_outcome


def candidate_of(session: Session, certificate: Certificate) -> RenewalCandidate | None:
    """The certificate's latest renewal case, if there is one."""
    query = select(RenewalCandidate).where(RenewalCandidate.certificate_id == certificate.id)
    return session.scalar(query.order_by(RenewalCandidate.id.desc()).limit(1))


def note_filed(session: Session, attempt: DossierAttempt, who: Actor, now: datetime) -> None:
    """Close what waits for the re-evaluation that was just handed in; without such a case nothing happens."""
    certificate = in_force(session, attempt.dossier.product, vn_date(now))
    row = candidate_of(session, certificate) if certificate is not None else None
    if row is None:
        return
    lock_case(session, row)
    if row.closed_on is not None:
        return
    code = attempt.dossier.code
    item = item_in_case(session, row, StepKind.RENEWAL_FILING)
    if item is not None and is_open(item):
        # Who may hand in was checked by the act itself.
        store_outcome(session, item, RenewalFilingForm(outcome="filed", dossier=code), who, now)
    end_case(session, row, f"Đã nộp hồ sơ đánh giá lại {code}.", who, now)
