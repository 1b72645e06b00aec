"""What a dossier starts from: nothing for a first evaluation, else the certificate in force and its dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.certificates.life import CertificateState
from models.certificates.register import ENDING_DAYS, in_force, standing
from models.errors import InputError, WrongMomentError
from models.regimes.kinds import DossierKind
from models.tables import Certificate, DossierAttempt, Product

OVER = {CertificateState.LAPSED, CertificateState.REVOKED, CertificateState.REPLACED}
MOST_STARS = 5


@dataclass(frozen=True)
class Ground:
    """The certificate that an upgrade or a re-evaluation builds on, and the attempt that earned it (if it is here)."""

    certificate: Certificate
    attempt: DossierAttempt | None


def ground_for(session: Session, product: Product, kind: DossierKind, on: date) -> Ground | None:
    """What a dossier of this kind, handed in on `on`, starts from; `None` for a first evaluation.

    Raises:
        WrongMomentError: no certificate in force, one in force for a first evaluation, or a re-evaluation before its
            window.
    """
    certificate = in_force(session, product, on)
    if kind is DossierKind.FIRST:
        _check_none_held(product, certificate)
        return None
    if certificate is None:
        raise WrongMomentError(
            f"«{product.name}» không có giấy chứng nhận còn hiệu lực nên không nộp hồ sơ {kind.label.lower()} được.",
            field="kind",
            remedy="Chọn «first» (lần đầu), hoặc ghi giấy chứng nhận cấp trước đây: ocop certificate enter.",
        )
    if kind is DossierKind.RENEWAL:
        check_renewal_moment(session, certificate, on)
    earned = session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id is not None else None
    return Ground(certificate, earned)


def _check_none_held(product: Product, certificate: Certificate | None) -> None:
    if certificate is not None:
        raise WrongMomentError(
            f"«{product.name}» đang có giấy chứng nhận {certificate.code} ({certificate.stars} sao, hiệu lực đến "
            f"{certificate.valid_until:%d/%m/%Y}) nên không phải đánh giá lần đầu.",
            field="kind",
            remedy="Chọn «upgrade» (nâng hạng), hoặc «renewal» (đánh giá lại) khi đến thời gian nộp.",
        )


def check_renewal_moment(session: Session, certificate: Certificate, on: date) -> None:
    """Refuse a re-evaluation of a certificate that is over, or before its window opens.

    Where the law has no window a renewal is taken from 180 days before the end [ours].

    Raises:
        WrongMomentError: see above.
    """
    stands = standing(session, certificate, on)
    if stands.state in OVER:
        raise WrongMomentError(
            f"Giấy chứng nhận {certificate.code}: {stands.state.label.lower()}, không đánh giá lại được.",
            field="certificate",
            remedy=_instead_of(session, certificate),
        )
    opens = stands.dates.renewal_opens or certificate.valid_until - timedelta(days=ENDING_DAYS)
    if on < opens:
        raise WrongMomentError(
            f"Chưa đến thời gian nộp hồ sơ đánh giá lại (từ {opens:%d/%m/%Y}).",
            field="certificate",
            remedy="Nộp từ ngày đó.",
        )


def _instead_of(session: Session, certificate: Certificate) -> str:
    if certificate.replaced_by_id is None:
        return "Nộp hồ sơ đánh giá lần đầu: ocop dossier submit."
    newer = session.get_one(Certificate, certificate.replaced_by_id)
    return f"Giấy thay thế là {newer.code}: đánh giá lại giấy đó khi đến thời gian."


def target_of(kind: DossierKind, ground: Ground | None, wanted: int | None) -> int:
    """The stars that the dossier aims at: as written or planned, else the least that makes sense for its kind.

    Raises:
        InputError: an upgrade that does not go beyond the certificate in force.
    """
    if ground is None:
        return wanted or 3
    held = ground.certificate.stars
    if kind is DossierKind.RENEWAL:
        return wanted or held
    target = wanted or min(held + 1, MOST_STARS)
    if target <= held:
        raise InputError(
            f"Sản phẩm đang có {held} sao ({ground.certificate.code}) nên nâng hạng phải đăng ký nhiều hơn {held} sao.",
            field="target_stars",
            remedy="Sửa số sao đăng ký, hoặc chọn «renewal» (đánh giá lại) khi giấy chứng nhận sắp hết hiệu lực.",
        )
    return target
