"""Submission letter and decision with its annex (step 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.builders.common import (
    ResultLine,
    frame_of_plan,
    outcome_at,
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
from models.process.kinds import StepKind
from models.steps.decision import goes_on, granted_here
from models.subjects import attempt_subject
from models.tables import (
    Decision,
    Document,
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
    others_count: str
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
        others_count=counted(len(rest)),
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
    return _decision_paper(making, kind, frame, round_, rows, signed, [*more, *_told_by(making.session, signed)])


def _told_by(session: Session, signed: Decision) -> list[str]:
    """What the level above wrote on the product, which this decision rests on."""
    attempt = signed.lines[0].attempt
    told = outcome_at(session, attempt_subject(attempt.id), StepKind.HIGHER_LEVEL_RESULT)
    if not told:
        return []
    on = long_date(date.fromisoformat(told["decided_on"]))
    return [f"Văn bản số {told['decision_number']} {on} của {spelled_out(told['issuer'])} về kết quả đánh giá"]


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
    asked = f"Theo đề nghị của {frame.office.name}{_submission(making.session, frame, round_, signed)}"
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


def _submission(session: Session, frame: Frame, round_: Round, signed: Decision | None) -> str:
    """The letter that a decision answers: as numbered before it, else room for it in a draft; not named once signed.

    A letter that is numbered after the decision was issued changes nothing in it.
    """
    letter = kind_named("submission_letter")
    issued = _first_issued(session, "decision", round_)
    kept = _first_issued(session, letter.code, round_, before=issued)
    if kept is None and signed is not None:
        return ""
    number, on = (kept.number, kept.dated) if kept is not None else (None, None)
    return f" tại {referred('Tờ trình', number, frame.symbol(letter), on, frame.on.year)}"


def _first_issued(session: Session, kind: str, round_: Round, before: Document | None = None) -> Document | None:
    """The first version of a round's paper that was issued; `before`: only if earlier than this one."""
    query = select(Document).where(
        Document.kind == kind, Document.subject == round_.code, Document.frozen_at.is_not(None)
    )
    if before is not None:
        query = query.where(Document.frozen_at < before.frozen_at)
    return session.scalars(query.order_by(Document.version)).first()


def _stars_in_words(rows: Sequence[ResultLine]) -> str:
    """`02 sản phẩm đạt 4 sao, 05 sản phẩm đạt 3 sao`."""
    kinds = list(dict.fromkeys(row.stars for row in rows))
    return ", ".join(f"{sum(row.stars == stars for row in rows):02d} sản phẩm đạt {stars}" for stars in kinds)
