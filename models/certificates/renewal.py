"""Renewal: the product is registered for the next round with its old papers, then handed in again (domain.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.life import CertificateState
from models.certificates.register import Standing, certificate_by_code, standing
from models.certificates.telling import certificate_subject, tell
from models.clock import vn_date
from models.dossiers.candidacy import check_renewal_moment
from models.dossiers.evidence import in_force
from models.dossiers.handing_in import Resubmission, submit
from models.enums import RoundStatus
from models.errors import InputError, WrongMomentError
from models.forms import read_form
from models.regimes.kinds import DossierKind
from models.tables import (
    Certificate,
    DossierAttempt,
    Evidence,
    PlannedProduct,
    RenewalCandidate,
    Round,
)


def open_candidate(session: Session, certificate: Certificate, stands: Standing, today: date) -> RenewalCandidate:
    """Register the product for the next round as a renewal, once; a round planned later is filled in later.

    The papers in force of the old dossier are copied; each says whether it can be kept.
    """
    row = candidate_of(session, certificate)
    if row is None:
        row = RenewalCandidate(
            certificate=certificate,
            opened_on=today,
            file_by=stands.dates.renewal_closes or certificate.valid_until,
        )
        session.add(row)
    if row.round_id is None and stands.renewal is None:
        round_ = next_round(session, today)
        if round_ is not None:
            row.round = round_
            row.papers = _cloned(session, certificate, round_.council_on)
            _expect(session, round_, certificate)
    session.flush()
    return row


def candidate_of(session: Session, certificate: Certificate) -> RenewalCandidate | None:
    """The certificate's registration for a next round, if there is one."""
    return session.scalar(select(RenewalCandidate).where(RenewalCandidate.certificate_id == certificate.id))


def next_round(session: Session, today: date) -> Round | None:
    """The round that a dossier of `today` goes into: the first whose registration is not over."""
    query = select(Round).where(
        Round.registration_closes_on >= today, Round.status.in_((RoundStatus.PLANNED, RoundStatus.OPEN))
    )
    return session.scalar(query.order_by(Round.opens_on, Round.id).limit(1))


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
    tell(session, certificate, "renewal_filed", facts)
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
    old = _old_attempt(session, certificate) if certificate else None
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
    round_ = next_round(session, on)
    if round_ is None:
        raise WrongMomentError(
            "Chưa có đợt nào nhận hồ sơ.", field="round", remedy="Nhập kế hoạch năm và mở đợt: ocop plan import."
        )
    return round_.code


def _old_attempt(session: Session, certificate: Certificate) -> DossierAttempt | None:
    return session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id is not None else None


def _cloned(session: Session, certificate: Certificate, council_on: date) -> list[dict[str, Any]]:
    old = _old_attempt(session, certificate)
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
