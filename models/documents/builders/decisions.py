"""Submission letter and decision with its annex (step 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.builders.common import (
    ResultLine,
    frame_of_plan,
    product_line,
    regimes_of,
    result_line,
)
from models.documents.builders.round_results import (
    concluded_session,
    decision_named,
    decision_of,
    minutes_of,
    numbered,
    results_in,
)
from models.documents.building import builds
from models.documents.framing import Frame, Making
from models.documents.kinds import Kind, kind_named
from models.documents.paper import Paper
from models.documents.words import points, referred, spelled_out, star_words
from models.steps.decision import goes_on, granted_here
from models.tables import (
    Decision,
    Result,
    Round,
    SessionProduct,
)
from models.vietnamese import in_words
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
        recognised=numbered([lines[r.id] for r in mine]),
        recognised_count=counted(len(mine)),
        forwarded=numbered([lines[r.id] for r in onward]),
        forwarded_count=counted(len(onward)),
        forwarded_to=spelled_out(frame.above),
        others=numbered([lines[r.id] for r in rest]),
        authority=spelled_out(frame.authority_name),
        enclosures=[
            f"{minutes_of(frame, meeting)}",
            f"Báo cáo của {frame.settings.advisory_team}",
            "Dự thảo Quyết định công nhận kết quả và phụ lục",
            "Hồ sơ sản phẩm",
        ],
        **frame.parts(kind, bases=frame.bases(round_.plan, regimes_of(making.session, [round_]))),
    )


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
    regimes = regimes_of(making.session, [round_])
    months = regimes[0].certificate.valid_months
    number, on = (signed.number, signed.signed_on) if signed else (None, None)
    parts = frame.parts(
        kind,
        number=number,
        dated=on,
        bases=[*frame.bases(round_.plan, regimes), *(f"Căn cứ {line}" for line in more_bases), asked],
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
        rows=numbered(ordered),
        paper_name=decision_named(frame, number, on),
        **parts,
    )


def _submission(frame: Frame, kind: Kind) -> str:
    return referred("Tờ trình", None, frame.symbol(kind), None, frame.on.year)


def _stars_in_words(rows: Sequence[ResultLine]) -> str:
    """`02 sản phẩm đạt 4 sao, 05 sản phẩm đạt 3 sao`."""
    kinds = list(dict.fromkeys(row.stars for row in rows))
    return ", ".join(f"{sum(row.stars == stars for row in rows):02d} sản phẩm đạt {stars}" for stars in kinds)
