"""Handing in the re-evaluation of a certificate: old papers that are still valid, and what changed (domain.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.filing import candidate_of
from models.certificates.life import CertificateState
from models.certificates.register import certificate_by_code, standing
from models.certificates.renewal_case import next_round, old_attempt
from models.certificates.telling import certificate_subject, tell
from models.clock import vn_date
from models.dossiers.candidacy import check_renewal_moment
from models.dossiers.evidence import in_force
from models.dossiers.handing_in import Resubmission, submit
from models.errors import InputError, WrongMomentError
from models.forms import read_form
from models.offices.owning import office_of
from models.regimes.kinds import DossierKind
from models.tables import Certificate, DossierAttempt, Evidence


def renew(session: Session, code: str, data: dict[str, Any], who: Actor, now: datetime) -> DossierAttempt:
    """Hand in the re-evaluation of a certificate: a renewal dossier with the old papers that are still valid.

    `data` is what changed (`Resubmission`): `evidence` replaces papers of the same kind and title, forms 01 and 02 are
    merged over the old ones. Late filing is accepted while the certificate is valid and told as late.

    Raises:
        NotFoundError: no such certificate or round.
        WrongMomentError: too early, the certificate is over, or no round takes dossiers.
        InputError, NotAllowedError, ConflictError: as for handing in a dossier.
    """
    certificate = certificate_by_code(session, code)
    form = read_form(Resubmission, data)
    on = vn_date(now)
    check_renewal_moment(session, certificate, on)
    stands = standing(session, certificate, on)
    facts_in = form.model_dump(mode="json") | {
        "round": form.round or _round_code(session, certificate, on),
        "product": certificate.product.name,
        "kind": DossierKind.RENEWAL,
        "target_stars": certificate.stars,
    }
    attempt = submit(session, facts_in, who, now)
    if attempt.dossier.product_id != certificate.product_id:
        raise InputError("Tên sản phẩm trùng nhau.", field="certificate", remedy="Nộp bằng mã sản phẩm.")
    late = stands.state is CertificateState.LATE
    facts = {"dossier": attempt.dossier.code, "received_on": on.isoformat(), "late": late}
    audit.record(session, who, "certificate.renewal_filed", certificate_subject(certificate), now, data=facts)
    words = f"đã nhận hồ sơ đánh giá lại {attempt.dossier.code}{' (nộp muộn)' if late else ''}."
    tell(session, certificate, "renewal_filed", words, facts, once=attempt.id)
    return attempt


@dataclass(frozen=True)
class PaperChange:
    """One paper of the old or new dossier: `carried`, `replaced`, `new` or `dropped` (expired and not handed in)."""

    kind: str
    title: str
    change: str


def paper_changes(session: Session, attempt: DossierAttempt) -> list[PaperChange]:
    """What changed in the papers of a renewal against the dossier it was cloned from."""
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.product_id == attempt.dossier.product_id, Certificate.issued_on <= attempt.received_on)
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
        .limit(1)
    )
    old = old_attempt(session, certificate) if certificate else None
    before = {(paper.kind, paper.title) for paper in in_force(old)} if old else set()
    after = {(paper.kind, paper.title): paper for paper in in_force(attempt)}
    rows = [
        PaperChange(kind.value, title, _change(paper, (kind, title) in before))
        for (kind, title), paper in after.items()
    ]
    return rows + [PaperChange(kind.value, title, "dropped") for kind, title in sorted(before - set(after))]


def _change(paper: Evidence, was_there: bool) -> str:
    if paper.carried_from_id is not None:
        return "carried"
    return "replaced" if was_there else "new"


def _round_code(session: Session, certificate: Certificate, on: date) -> str:
    candidate = candidate_of(session, certificate)
    registered = candidate.round if candidate else None
    if registered is not None and registered.registration_closes_on >= on:
        return registered.code
    round_ = next_round(session, on, office_of(session, certificate.product))
    if round_ is None:
        raise WrongMomentError(
            "Chưa có đợt nào nhận hồ sơ.", field="round", remedy="Nhập kế hoạch năm và mở đợt: ocop plan import."
        )
    return round_.code
