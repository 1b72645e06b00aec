"""The letter that forwards dossiers to the level above, with its list of contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.documents.builders.common import (
    ResultLine,
    frame_of_plan,
    outcome_of_round,
    product_line,
    result_line,
)
from models.documents.builders.round_results import (
    concluded_session,
    decision_named,
    decision_of,
    minutes_of,
    numbered,
    results_in,
    signed_on,
)
from models.documents.building import builds
from models.documents.framing import Frame, Making
from models.documents.kinds import Kind
from models.documents.paper import Paper
from models.documents.words import referred, spelled_out
from models.dossiers.attempts import TOURISM_SET
from models.dossiers.evidence import in_force
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.steps.decision import goes_on
from models.tables import (
    DossierAttempt,
    Result,
    Round,
)
from models.vietnamese.numbers import counted


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
    rows = numbered([result_line(making.session, r, 0) for r in onward])
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
        papers = sorted(in_force(attempt), key=lambda p: p.kind.number)
        lines += [
            ContentLine(str(no), _paper_name(paper), "01", _pages(paper.page_from, paper.page_to), _dates(paper))
            for no, paper in enumerate(papers, start=len(forms) + 1)
        ]
        besides = _besides(attempt)
        lines += [
            ContentLine(str(no), name, copies, "", note)
            for no, (name, copies, note) in enumerate(besides, start=len(forms) + len(papers) + 1)
        ]
    return lines


def _besides(attempt: DossierAttempt) -> list[tuple[str, str, str]]:
    """What goes with the dossier and is no paper of it: further tests and samples, none of tourism (domain §2)."""
    asked = load_regime(attempt.regime).submission
    tests = ("Phiếu kiểm nghiệm bổ sung", "", "nếu có")
    if attempt.criteria_set == TOURISM_SET:
        return [tests]
    pieces = f"{asked.samples:02d}" if asked is not None and asked.samples else ""
    return [tests, ("Mẫu sản phẩm", pieces, "" if pieces else "theo yêu cầu của cấp trên")]


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
