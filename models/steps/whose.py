"""Whose a step is: the case behind a subject, with the office that counts its days and the row that names its dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from models.errors import WrongMomentError
from models.offices.owning import office_of
from models.process.kinds import Scope
from models.regimes import load_regime, regime_for, regime_in_force
from models.regimes.kinds import DossierKind
from models.subjects import split_subject
from models.tables import (
    Certificate,
    DossierAttempt,
    Office,
    PlannedInspection,
    Product,
    RenewalCandidate,
    Revocation,
    Round,
)

CertificateCaseRow = RenewalCandidate | PlannedInspection | Revocation

CASE_TABLES: dict[Scope, type[CertificateCaseRow]] = {
    Scope.RENEWAL: RenewalCandidate,
    Scope.INSPECTION: PlannedInspection,
    Scope.REVOCATION: Revocation,
}


@dataclass(frozen=True)
class Whose:
    """What a step is opened for.

    `dates` is the row whose fields `due` of `steps.yaml` names, `dates_rule` who set them, in words.
    """

    subject: str
    office: Office
    regime: str
    dates: Round | CertificateCaseRow
    dates_rule: str
    round: Round | None = None
    attempt: DossierAttempt | None = None
    certificate: Certificate | None = None

    @property
    def product(self) -> Product | None:
        """The product, unless it is about a whole round."""
        if self.attempt is not None:
            return self.attempt.dossier.product
        return self.certificate.product if self.certificate is not None else None


def whose(session: Session, subject: str) -> Whose:
    """The case that a subject names.

    Raises:
        WrongMomentError: the subject is not a case (a score sheet).
    """
    scope, number = split_subject(subject)
    if scope is Scope.ROUND:
        return of_round(session.get_one(Round, number), subject)
    if scope is Scope.ATTEMPT:
        attempt = session.get_one(DossierAttempt, number)
        return of_round(attempt.round, subject, attempt)
    if scope in CASE_TABLES:
        return of_certificate(session, case_row(session, subject))
    raise WrongMomentError(f"{subject} không phải đợt, hồ sơ hay giấy chứng nhận.", field="subject", remedy="")


def case_row(session: Session, subject: str) -> CertificateCaseRow:
    """The row of a case of a certificate."""
    scope, number = split_subject(subject)
    return cast(CertificateCaseRow, session.get_one(CASE_TABLES[scope], number))


def of_round(round_: Round, subject: str, attempt: DossierAttempt | None = None) -> Whose:
    """A round, or an attempt in it."""
    regime = attempt.regime if attempt is not None else regime_for(round_.opens_on, DossierKind.FIRST).code
    return Whose(subject, round_.plan.office, regime, round_, f"Kế hoạch {round_.title}", round_, attempt)


def of_certificate(session: Session, row: CertificateCaseRow) -> Whose:
    """A case of a certificate's life."""
    certificate = row.certificate
    office = office_of(session, certificate.product)
    if isinstance(row, PlannedInspection):
        regime = regime_in_force(row.planned_on).code
        rule = "Kế hoạch kiểm tra " + ("đột xuất" if row.ad_hoc else "hằng năm")
    else:
        regime = row.regime
        rule = load_regime(regime).title
    return Whose(row.subject, office, regime, row, rule, certificate=certificate)
