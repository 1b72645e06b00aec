"""Notices of results: to a commune of all its products, to a producer with reasons and guidance."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy import select

from models.criteria import load_set
from models.documents.builders.common import (
    ResultLine,
    frame_of_plan,
    ground,
    missed_gates,
    result_line,
)
from models.documents.builders.round_results import (
    concluded_session,
    decision_named,
    decision_of,
    numbered,
    results_in,
)
from models.documents.building import builds
from models.documents.framing import Making
from models.documents.kinds import Kind
from models.documents.paper import Paper
from models.documents.words import points, spelled_out, star_words
from models.enums import AttemptStatus, RoundStatus
from models.offices.history import place_of_attempt
from models.regimes import load_regime
from models.steps.decision import RECOGNISED_FROM
from models.tables import (
    Certificate,
    DossierAttempt,
    Place,
    Result,
    Round,
    SessionProduct,
)
from models.vietnamese import long_date


@dataclass(frozen=True, kw_only=True)
class CommuneNoticePaper(Paper):
    """The notice of results to one commune."""

    addressees: list[str]
    round_title: str
    council: str
    held_on: str
    commune: str
    rows: list[ResultLine]
    decision: str


@dataclass(frozen=True, kw_only=True)
class ProducerNoticePaper(Paper):
    """The notice of its result to one producer; reasons and guidance when it was not recognised."""

    addressees: list[str]
    product: str
    producer: str
    round_title: str
    council: str
    held_on: str
    points: str
    stars: str
    decision: str
    certificate: str
    valid_until: str
    forwarded_to: str
    reasons: list[str]
    guidance: list[str] = field(default_factory=list)


@builds("result_notice_commune", fields=CommuneNoticePaper)
def result_notice_commune(making: Making, kind: Kind, of: tuple[Round, Place]) -> CommuneNoticePaper | None:
    """The results of one commune's products in a round."""
    round_, place = of
    meeting = concluded_session(round_)
    if meeting is None:
        return None
    mine = [r for r in results_in(meeting) if place_of_attempt(making.session, r.product.attempt).id == place.id]
    if not mine:
        return None
    frame = frame_of_plan(making, round_.plan)
    own = decision_of(making.session, round_)
    return CommuneNoticePaper(
        addressees=[spelled_out(f"UBND {place.title}")],
        round_title=round_.title,
        council=meeting.council.name,
        held_on=long_date(meeting.held_on),
        commune=place.title,
        rows=numbered([result_line(making.session, r, 0) for r in mine]),
        decision=decision_named(frame, own.number, own.signed_on) if own else "",
        **frame.parts(kind, commune=place.title),
    )


@builds("result_notice_producer", fields=ProducerNoticePaper)
def result_notice_producer(making: Making, kind: Kind, attempt: DossierAttempt) -> ProducerNoticePaper | None:
    """What became of one product, with reasons and guidance when it was not recognised."""
    query = select(Result).join(Result.product).where(SessionProduct.attempt_id == attempt.id)
    result = making.session.scalars(query.where(SessionProduct.taken_off == "").order_by(Result.id.desc())).first()
    if result is None:
        return None
    frame = frame_of_plan(making, attempt.round.plan, attempt.ended_on)
    line = result_line(making.session, result, 0)
    issued = select(Certificate).where(Certificate.attempt_id == attempt.id).order_by(Certificate.id.desc())
    certificate = making.session.scalars(issued).first()
    case = _case_of(attempt, result, certificate)
    if not case:
        return None
    refused = case in {"not_recognised", "eliminated"}
    meeting = result.product.session
    return ProducerNoticePaper(
        addressees=[line.producer],
        product=line.product,
        producer=line.producer,
        round_title=attempt.round.title,
        council=meeting.council.name,
        held_on=long_date(meeting.held_on),
        points=line.points,
        stars=star_words(certificate.stars) if certificate else line.stars,
        decision=_decision_of_certificate(certificate),
        certificate=certificate.code if certificate else "",
        valid_until=long_date(certificate.valid_until) if certificate else "",
        forwarded_to=spelled_out(frame.above) if case == "forwarded" else "",
        reasons=_reasons(attempt, result) if refused else [],
        guidance=_guidance(attempt, result, frame.office.name) if refused else [],
        case=case,
        **frame.parts(kind, commune=line.commune),
    )


def _case_of(attempt: DossierAttempt, result: Result, certificate: Certificate | None) -> str:
    if result.eliminated:
        return "eliminated"
    if certificate is not None:
        return "recognised"
    if attempt.status is AttemptStatus.NOT_RECOGNISED or (result.stars or 0) < RECOGNISED_FROM:
        return "not_recognised"
    return "forwarded" if attempt.round.status in {RoundStatus.DECIDED, RoundStatus.CLOSED} else ""


def _decision_of_certificate(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    return f"Quyết định số {certificate.decision_number} {long_date(certificate.issued_on)}"


def _reasons(attempt: DossierAttempt, result: Result) -> list[str]:
    """Why it was not recognised: the ground of elimination, the points, what the level above said."""
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    if result.eliminated:
        return [f"Bị loại theo {ground(criteria, code)}" for code in result.eliminated]
    said = []
    least = load_regime(attempt.regime).bands[RECOGNISED_FROM]
    if result.mean is not None and Fraction(result.mean) < least:
        said.append(
            f"Điểm trung bình {points(result.mean_cut)} điểm, dưới mức {least} điểm của hạng {RECOGNISED_FROM} sao"
        )
    elif (result.stars or 0) < RECOGNISED_FROM:
        said.append(f"Chưa đạt điều kiện của hạng {RECOGNISED_FROM} sao ở các tiêu chí nêu dưới đây")
    if attempt.ended_because and attempt.ended_because != result.explanation:
        said.append(attempt.ended_because)
    return [line.rstrip(".") for line in said]


def _guidance(attempt: DossierAttempt, result: Result, office: str) -> list[str]:
    """What the producer is to do: the missed gates, then how to hand in again."""
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    missed = missed_gates(result, criteria, up_to=(result.stars or 0) + 1)
    if result.eliminated:
        missed = []
        again = "Khắc phục căn cứ bị loại nêu trên trước khi nộp lại hồ sơ ở đợt sau"
    else:
        again = "Hoàn thiện sản phẩm và hồ sơ, nộp lại ở đợt sau; giấy tờ còn hạn và còn giá trị được mang sang"
    return [*missed, again, f"Liên hệ {office} và UBND cấp xã để được hướng dẫn"]
