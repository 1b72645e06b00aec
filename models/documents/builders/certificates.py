"""Papers of a certificate's life: the certificate, the notice that it will end, its revocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.addresses import in_address
from models.certificates.life import certificate_dates
from models.documents.builders.common import address_of, outcome_at
from models.documents.building import builds
from models.documents.framing import Frame, Making, decisions_of
from models.documents.kinds import Kind
from models.documents.paper import Paper
from models.documents.words import COMMITTEE_SHORT, spelled_out, star_words
from models.offices.history import place_as_of
from models.offices.owning import office_of
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.settings import settings
from models.tables import Certificate, Decision, RenewalCandidate, Revocation
from models.vietnamese import in_words, long_date

LOOK_UP = "c"
"""The page of the portal on which anybody looks up a certificate by its code."""


@dataclass(frozen=True, kw_only=True)
class CertificatePaper(Paper):
    """The certificate; `look_up`: what its QR code says, `qr` is the picture of it."""

    granted_by: str
    product: str
    producer: str
    address: str
    stars: int
    stars_in_words: str
    code: str
    decision: str
    issued_on: str
    valid_until: str
    look_up: str
    qr: str = ""


@dataclass(frozen=True, kw_only=True)
class ExpiryPaper(Paper):
    """The notice that a certificate will end.

    `still`: what is possible once the last day to file (`file_by`) is past, in one sentence; empty before.
    """

    addressees: list[str]
    product: str
    producer: str
    stars: str
    code: str
    decision: str
    valid_until: str
    file_by: str
    still: str
    round_title: str
    to_renew: list[str]


@dataclass(frozen=True, kw_only=True)
class RevocationPaper(Paper):
    """The decision that revokes a certificate."""

    authority: str
    office: str
    product: str
    producer: str
    address: str
    commune: str
    stars: str
    code: str
    decision: str
    ground: str
    finding: str
    found_on: str
    from_day: str


@builds("certificate", fields=CertificatePaper)
def certificate(making: Making, kind: Kind, row: Certificate) -> CertificatePaper | None:
    """The certificate, where this installation's level issued it."""
    frame = _frame(making, row, row.issued_on)
    decision = making.session.get(Decision, row.decision_id) if row.decision_id is not None else None
    if decision is None or frame.authority_name not in {"", decision.issuer}:
        return None
    return CertificatePaper(
        granted_by=spelled_out(decision.issuer).upper(),
        product=row.product.name,
        producer=row.product.producer.name,
        address=_address(making.session, row),
        stars=row.stars,
        stars_in_words=f"{row.stars} ({in_words(row.stars)}) sao",
        code=row.code,
        decision=_decision(row),
        issued_on=long_date(row.issued_on),
        valid_until=long_date(row.valid_until),
        look_up=look_up(row.code),
        **frame.parts(kind, number=row.code, dated=row.issued_on, signer=decision.signer),
    )


def look_up(code: str) -> str:
    """What the QR code of a certificate says: the public page, or the code while no other machine reaches it."""
    portal = settings().public_url
    return f"{portal}/{LOOK_UP}/{in_address(code)}" if portal else f"OCOP {code}"


@builds("expiry_notice", fields=ExpiryPaper)
def expiry_notice(making: Making, kind: Kind, renewal: RenewalCandidate) -> ExpiryPaper:
    """The notice to the producer, with what is to be done until when."""
    row = renewal.certificate
    frame = _frame(making, row)
    sent = outcome_at(making.session, renewal.subject, StepKind.RENEWAL_NOTICE)
    sent_on = date.fromisoformat(sent["sent_on"]) if sent.get("sent_on") else None
    old = [str(paper["title"]) for paper in renewal.papers if paper.get("mark") == "renew"]
    return ExpiryPaper(
        addressees=[row.product.producer.name],
        product=row.product.name,
        producer=row.product.producer.name,
        stars=star_words(row.stars),
        code=row.code,
        decision=_decision(row),
        valid_until=long_date(row.valid_until),
        file_by=long_date(renewal.file_by),
        still=_still_possible(renewal, sent_on or making.today),
        round_title=renewal.round.title if renewal.round else "",
        to_renew=old,
        **frame.parts(
            kind,
            number=sent.get("notice_number"),
            dated=sent_on,
            commune=place_as_of(making.session, row.product, making.today).title,
        ),
    )


def _still_possible(renewal: RenewalCandidate, on: date) -> str:
    """After the last day to file: filed late it stays valid until the result, at most so long past its end [law]."""
    row = renewal.certificate
    if on <= renewal.file_by:
        return ""
    if on > row.valid_until:
        return "Giấy chứng nhận đã hết hiệu lực; muốn được công nhận lại, chủ thể đăng ký đánh giá ở đợt tiếp theo"
    until = certificate_dates(row.issued_on, on).extended_until
    late = f"Chủ thể vẫn nộp được đến hết {long_date(row.valid_until)}"
    if until is None:
        return late
    return (
        f"{late}; nộp muộn thì giấy chứng nhận có giá trị đến khi có kết quả đánh giá lại, nhưng không quá "
        f"{(until - row.valid_until).days} ngày kể từ ngày hết hiệu lực (đến hết {long_date(until)})"
    )


@builds("revocation_decision", fields=RevocationPaper)
def revocation_decision(making: Making, kind: Kind, revocation: Revocation) -> RevocationPaper | None:
    """The decision, or its draft while the finding is looked into; none when no ground was seen."""
    if revocation.closed_on is not None and revocation.decision_number is None:
        return None
    row = revocation.certificate
    frame = _frame(making, row, revocation.decided_on)
    place = place_as_of(making.session, row.product, making.today)
    bases = [
        *frame.law,
        *decisions_of([load_regime(revocation.regime)], frame.law),
        f"Căn cứ {_decision(row)} công nhận kết quả đánh giá, phân hạng sản phẩm OCOP",
        f"Theo đề nghị của {frame.office.name}",
    ]
    return RevocationPaper(
        authority=spelled_out(frame.authority_name),
        office=frame.office.name,
        product=row.product.name,
        producer=row.product.producer.name,
        address=_address(making.session, row),
        commune=f"{COMMITTEE_SHORT} {place.title}",
        stars=star_words(row.stars),
        code=row.code,
        decision=_decision(row),
        ground=revocation.ground,
        finding=revocation.finding,
        found_on=long_date(revocation.found_on),
        from_day=long_date(revocation.decided_on, making.today.year),
        **frame.parts(
            kind,
            number=revocation.decision_number,
            dated=revocation.decided_on,
            bases=bases,
            signer=revocation.signer or "",
        ),
    )


def _frame(making: Making, row: Certificate, on: date | None = None) -> Frame:
    return Frame(making.session, office_of(making.session, row.product), on or making.today)


def _address(session: Session, row: Certificate) -> str:
    return address_of(place_as_of(session, row.product, row.issued_on), row.product.producer.address)


def _decision(row: Certificate) -> str:
    return f"Quyết định số {row.decision_number} {long_date(row.issued_on)}"
