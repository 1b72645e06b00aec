"""Papers of step 6: submission letter, decision with annex, forwarding letter, notices of results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.councils.sessions import still_on_agenda
from models.criteria import load_set
from models.documents.builders.common import (
    ResultLine,
    frame_of_plan,
    ground,
    missed_gates,
    outcome_of_round,
    product_line,
    result_line,
)
from models.documents.building import builds
from models.documents.framing import Frame, Making
from models.documents.kinds import Kind, kind_named
from models.documents.paper import Paper
from models.documents.words import points, referred, spelled_out, star_words
from models.dossiers.evidence import in_force
from models.enums import AttemptStatus, RoundStatus, SessionStatus
from models.offices.history import place_of_attempt
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.steps.decision import RECOGNISED_FROM, goes_on, granted_here
from models.tables import (
    Certificate,
    CouncilSession,
    Decision,
    DossierAttempt,
    Place,
    Result,
    Round,
    SessionProduct,
)
from models.vietnamese import in_words, long_date
from models.vietnamese.numbers import counted


@dataclass(frozen=True, kw_only=True)
class SubmissionPaper(Paper):
    """The letter that submits the council's results to the People's Committee."""

    addressees: list[str]
    round_title: str
    council: str
    minutes: str
    evaluated: str
    recognised: list[ResultLine]
    recognised_count: str
    forwarded: list[ResultLine]
    forwarded_count: str
    forwarded_to: str
    others: list[ResultLine]
    authority: str
    enclosures: list[str]


@dataclass(frozen=True, kw_only=True)
class DecisionPaper(Paper):
    """The decision that recognises results, with its annex; `paper_name`: how the annex names it."""

    proposer: str
    round_title: str
    count: str
    stars: str
    valid: str
    office: str
    communes: str
    authority: str
    rows: list[ResultLine]
    paper_name: str


@dataclass(frozen=True)
class ContentLine:
    """One paper in the list of contents: its number, what it is, how many originals and pages, notes."""

    no: str
    name: str
    copies: str
    pages: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ForwardingPaper(Paper):
    """The letter that forwards dossiers to the level above, with its list of contents."""

    addressees: list[str]
    round_title: str
    authority: str
    above: str
    decision: str
    minutes: str
    rows: list[ResultLine]
    count: str
    contents: list[ContentLine]
    paper_name: str


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


def concluded_session(round_: Round) -> CouncilSession | None:
    """The latest session of a round that has concluded."""
    return next((s for s in reversed(round_.sessions) if s.status is SessionStatus.CONCLUDED), None)


def results_in(meeting: CouncilSession) -> list[Result]:
    """The results of a session, in the order of its agenda."""
    return [p.result for p in still_on_agenda(meeting) if p.result is not None]


def minutes_of(frame: Frame, meeting: CouncilSession) -> str:
    """The minutes as other papers name them."""
    symbol = frame.symbol(kind_named("council_minutes"))
    return f"{referred('Biên bản', meeting.minutes_number, symbol, meeting.held_on)} của {meeting.council.name}"


def decision_of(session: Session, round_: Round) -> Decision | None:
    """The decision of the round's own level, once it is signed."""
    return session.scalars(select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id.desc())).first()


def signed_on(session: Session, round_: Round) -> date | None:
    """The day on which the papers of the round were signed."""
    signing = outcome_of_round(session, round_, StepKind.DECISION_SIGNING)
    return date.fromisoformat(signing["signed_on"]) if signing.get("signed_on") else None


def decision_named(frame: Frame, number: str | None, on: date | None) -> str:
    """The decision as other papers name it."""
    symbol = frame.symbol(kind_named("decision"))
    return f"{referred('Quyết định', number, symbol, on, frame.on.year)} của {spelled_out(frame.authority_name)}"


@builds("submission_letter", fields=SubmissionPaper)
def submission_letter(making: Making, kind: Kind, round_: Round) -> SubmissionPaper | None:
    """The results in short, what is to be recognised and forwarded, the enclosures."""
    meeting = concluded_session(round_)
    if meeting is None:
        return None
    frame = frame_of_plan(making, round_.plan)
    results, level = results_in(meeting), round_.plan.office.level
    mine = [r for r in results if granted_here(r, level)]
    onward = [r for r in results if goes_on(r)]
    rest = [r for r in results if r not in mine and r not in onward]
    lines = {r.id: result_line(making.session, r, 0) for r in results}
    return SubmissionPaper(
        addressees=[spelled_out(frame.authority_name)],
        round_title=round_.title,
        council=meeting.council.name,
        minutes=minutes_of(frame, meeting),
        evaluated=counted(len(results)),
        recognised=_numbered([lines[r.id] for r in mine]),
        recognised_count=counted(len(mine)),
        forwarded=_numbered([lines[r.id] for r in onward]),
        forwarded_count=counted(len(onward)),
        forwarded_to=spelled_out(frame.above),
        others=_numbered([lines[r.id] for r in rest]),
        authority=spelled_out(frame.authority_name),
        enclosures=[
            f"{minutes_of(frame, meeting)}",
            f"Báo cáo của {frame.settings.advisory_team}",
            "Dự thảo Quyết định công nhận kết quả và phụ lục",
            "Hồ sơ sản phẩm",
        ],
        **frame.parts(kind, bases=frame.bases(round_.plan)),
    )


def _numbered(lines: Sequence[ResultLine]) -> list[ResultLine]:
    return [ResultLine(**(vars(line) | {"no": no})) for no, line in enumerate(lines, start=1)]


@builds("decision", fields=DecisionPaper)
def decision(making: Making, kind: Kind, round_: Round) -> DecisionPaper | None:
    """The round's decision: a draft with room for number and date, then as it was signed."""
    meeting = concluded_session(round_)
    if meeting is None:
        return None
    signed = decision_of(making.session, round_)
    level = round_.plan.office.level
    rows = [result_line(making.session, r, 0) for r in results_in(meeting) if granted_here(r, level)]
    if signed is not None:
        rows = [_line_of_decision(making.session, line) for line in signed.lines]
    if not rows:
        return None
    frame = frame_of_plan(making, round_.plan, signed.signed_on if signed else None)
    return _decision_paper(making, kind, frame, round_, rows, signed, [minutes_of(frame, meeting)])


@builds("decision_single", fields=DecisionPaper)
def decision_single(making: Making, kind: Kind, signed: Decision) -> DecisionPaper | None:
    """A decision of this level on one product alone (after the level above did not recognise more)."""
    if signed.round_id is not None or not signed.lines:
        return None
    round_ = signed.lines[0].attempt.round
    if signed.issuer != round_.plan.authority:
        return None
    frame = frame_of_plan(making, round_.plan, signed.signed_on)
    meeting = concluded_session(round_)
    rows = [_line_of_decision(making.session, line) for line in signed.lines]
    more = [minutes_of(frame, meeting)] if meeting is not None else []
    return _decision_paper(making, kind, frame, round_, rows, signed, more)


def _line_of_decision(session: Session, line: Any) -> ResultLine:
    query = select(Result).join(Result.product).where(SessionProduct.attempt_id == line.attempt_id)
    result = session.scalars(query.where(SessionProduct.taken_off == "").order_by(Result.id.desc())).first()
    if result is not None:
        return result_line(session, result, 0, line.stars)
    about = product_line(session, line.attempt, 0)
    known = {name: getattr(about, name) for name in ("no", "product", "producer", "address", "commune")}
    return ResultLine(**known, points=points(line.points), stars=star_words(line.stars), spread="–", conclusion="")


def _decision_paper(
    making: Making,
    kind: Kind,
    frame: Frame,
    round_: Round,
    rows: Sequence[ResultLine],
    signed: Decision | None,
    more_bases: Sequence[str],
) -> DecisionPaper:
    submission = kind_named("submission_letter")
    asked = f"Theo đề nghị của {frame.office.name} tại {_submission(frame, submission)}"
    months = load_regime(_regime(making.session, round_)).certificate.valid_months
    number, on = (signed.number, signed.signed_on) if signed else (None, None)
    parts = frame.parts(
        kind,
        number=number,
        dated=on,
        bases=[*frame.bases(round_.plan), *(f"Căn cứ {line}" for line in more_bases), asked],
        signer=signed.signer if signed else "",
    )
    ordered = sorted(rows, key=lambda row: row.stars, reverse=True)
    communes = list(dict.fromkeys(f"UBND {row.commune}" for row in ordered))
    return DecisionPaper(
        proposer=frame.office.name,
        round_title=round_.title,
        count=counted(len(rows)),
        stars=_stars_in_words(ordered),
        valid=f"{months} ({in_words(months)}) tháng",
        office=frame.office.name,
        communes=", ".join(communes),
        authority=spelled_out(frame.authority_name),
        rows=_numbered(ordered),
        paper_name=decision_named(frame, number, on),
        **parts,
    )


def _regime(session: Session, round_: Round) -> str:
    query = select(DossierAttempt.regime).where(DossierAttempt.round_id == round_.id).order_by(DossierAttempt.id)
    return session.scalars(query).first() or "qd148-2023"


def _submission(frame: Frame, kind: Kind) -> str:
    return referred("Tờ trình", None, frame.symbol(kind), None, frame.on.year)


def _stars_in_words(rows: Sequence[ResultLine]) -> str:
    """`02 sản phẩm đạt 4 sao, 05 sản phẩm đạt 3 sao`."""
    kinds = list(dict.fromkeys(row.stars for row in rows))
    return ", ".join(f"{sum(row.stars == stars for row in rows):02d} sản phẩm đạt {stars}" for stars in kinds)


@builds("forwarding_letter", fields=ForwardingPaper)
def forwarding_letter(making: Making, kind: Kind, round_: Round) -> ForwardingPaper | None:
    """The letter to the level above, with the list of what is in the package in its order."""
    meeting = concluded_session(round_)
    onward = [r for r in results_in(meeting) if goes_on(r)] if meeting is not None else []
    if meeting is None or not onward:
        return None
    signing = outcome_of_round(making.session, round_, StepKind.DECISION_SIGNING)
    on, number = signed_on(making.session, round_), signing.get("letter_number") or None
    frame = frame_of_plan(making, round_.plan, on)
    own = decision_of(making.session, round_)
    rows = _numbered([result_line(making.session, r, 0) for r in onward])
    named = decision_named(frame, own.number, own.signed_on) if own is not None else ""
    return ForwardingPaper(
        addressees=[spelled_out(frame.above)],
        round_title=round_.title,
        authority=spelled_out(frame.authority_name),
        above=spelled_out(frame.above),
        decision=named,
        minutes=minutes_of(frame, meeting),
        rows=rows,
        count=counted(len(rows)),
        contents=contents(making.session, frame, onward, with_decision=own is not None),
        paper_name=f"{referred('Văn bản', number, frame.symbol(kind), on, frame.on.year)} của "
        f"{spelled_out(frame.authority_name)}",
        **frame.parts(kind, number=number, dated=on, signer=str(signing.get("signer", ""))),
    )


def contents(
    session: Session, frame: Frame, onward: Sequence[Result], *, with_decision: bool = True
) -> list[ContentLine]:
    """The list of contents in the order of the package: common papers, then dossier by dossier."""
    common = [
        f"Báo cáo của {frame.settings.advisory_team}",
        "Biên bản họp Hội đồng đánh giá, phân hạng",
        *(["Quyết định công nhận kết quả kèm phụ lục"] if with_decision else []),
    ]
    lines = [ContentLine("I", "Văn bản chung", "", "")]
    lines += [ContentLine(str(no), name, "01", "") for no, name in enumerate(common, start=1)]
    for index, result in enumerate(onward, start=2):
        attempt = result.product.attempt
        about = product_line(session, attempt, 0)
        lines.append(ContentLine(roman(index), f"Hồ sơ {about.dossier}: {about.product} ({about.producer})", "", ""))
        forms = ["Phiếu đăng ký (mẫu 01)", "Tự đánh giá (mẫu 02)", "Báo cáo của UBND cấp xã (mẫu 03)"]
        lines += [ContentLine(str(no), name, "01", "") for no, name in enumerate(forms, start=1)]
        lines += [
            ContentLine(str(no), _paper_name(paper), "01", _pages(paper.page_from, paper.page_to), _dates(paper))
            for no, paper in enumerate(sorted(in_force(attempt), key=lambda p: p.kind.number), start=len(forms) + 1)
        ]
    return lines


def _paper_name(paper: Any) -> str:
    title = paper.title if paper.title != paper.kind.label else ""
    number = f", số {paper.number}" if paper.number else ""
    return f"{paper.kind.label}{f': {title}' if title else ''}{number}"


def _pages(first: int | None, last: int | None) -> str:
    return f"{first}–{last}" if first and last and first != last else str(first or last or "")


def _dates(paper: Any) -> str:
    return f"hết hạn {paper.expires_on:%d/%m/%Y}" if paper.expires_on else ""


def roman(number: int) -> str:
    """A number in Roman letters, as headings are numbered."""
    pairs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    found = ""
    for value, letters in pairs:
        times, number = divmod(number, value)
        found += letters * times
    return found


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
        rows=_numbered([result_line(making.session, r, 0) for r in mine]),
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
    missed = missed_gates(result, load_set(attempt.criteria_source, attempt.criteria_set))
    if result.eliminated:
        missed = []
        again = "Khắc phục căn cứ bị loại nêu trên trước khi nộp lại hồ sơ ở đợt sau"
    else:
        again = "Hoàn thiện sản phẩm và hồ sơ, nộp lại ở đợt sau; giấy tờ còn hạn và còn giá trị được mang sang"
    return [*missed, again, f"Liên hệ {office} và UBND cấp xã để được hướng dẫn"]
