"""The score sheet of every criteria set: filled in by a member, or blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.criteria import load_set
from models.criteria.schema import CriteriaSet, Criterion, Note, NoteKind
from models.documents.builders.common import address_of, frame_of_plan
from models.documents.building import builds
from models.documents.framing import Making
from models.documents.kinds import Kind
from models.documents.paper import Paper
from models.offices.history import place_of_attempt
from models.tables import ScoreSheet
from models.vietnamese import long_date

NOTE_WORDS = {
    NoteKind.REQUIREMENT: "",
    NoteKind.EXPLANATION: "Ghi chú: ",
    NoteKind.CONDITION: "Điều kiện: ",
    NoteKind.EVIDENCE: "Minh chứng: ",
    NoteKind.ELIMINATION: "Loại: ",
}


@dataclass(frozen=True)
class SheetRow:
    """One printed line: `level` is part, group, subgroup, criterion, note or option.

    `points`: the most for a heading, those of an option; `given`: the member's points; `chosen`: X at the one chosen.
    """

    level: str
    code: str
    text: str
    points: str
    given: str = ""
    chosen: str = ""


@dataclass(frozen=True)
class CaseBox:
    """One case of a set that is scored by one of several: its name, and the box, crossed when it is the chosen one."""

    name: str
    box: str


@dataclass(frozen=True, kw_only=True)
class ScoreSheetPaper(Paper):
    """One sheet; of a blank one product and member are empty."""

    set_number: int
    set_name: str
    source: str
    branch: str
    group: str
    case_name: str
    cases: list[CaseBox]
    product: str
    dossier: str
    producer: str
    phone: str
    address: str
    member: str
    post: str
    scoring: int
    rows: list[SheetRow]
    total: str
    most: int
    opinion: str
    place: str
    day: str


SOURCES = {"qd148": "148/QĐ-TTg", "qd26": "26/2026/QĐ-TTg"}


@builds("score_sheet", fields=ScoreSheetPaper)
def score_sheet(making: Making, _kind: Kind, sheet: ScoreSheet) -> ScoreSheetPaper:
    """A member's sheet as it was handed in."""
    attempt, member = sheet.product.attempt, sheet.member
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    product, place = attempt.dossier.product, place_of_attempt(making.session, attempt)
    return _sheet(
        criteria,
        attempt.case,
        {code: int(points) for code, points in sheet.choices.items()},
        product=product.name,
        dossier=attempt.dossier.code,
        producer=product.producer.name,
        phone=product.producer.phone or "",
        address=address_of(place, product.producer.address),
        member=member.person.name,
        post=member.post,
        scoring=sheet.scoring,
        total=str(sheet.total),
        opinion=sheet.opinion,
        place=frame_of_plan(making, attempt.round.plan, sheet.product.session.held_on).place,
        day=long_date(sheet.product.session.held_on),
    )


@builds("score_sheet_blank", fields=ScoreSheetPaper)
def score_sheet_blank(_making: Making, _kind: Kind, criteria: CriteriaSet) -> ScoreSheetPaper:
    """The set as a sheet to fill in by hand."""
    empty = dict.fromkeys(
        ("product", "dossier", "producer", "phone", "address", "member", "post", "total", "opinion", "place"), ""
    )
    return _sheet(criteria, None, {}, scoring=1, day=long_date(None), case=criteria.source, **empty)


def _sheet(criteria: CriteriaSet, chosen_case: int | None, choices: Mapping[str, int], **facts: Any) -> ScoreSheetPaper:
    rows = list(_rows(criteria, chosen_case, choices))
    return ScoreSheetPaper(
        set_number=criteria.number,
        set_name=criteria.name,
        source=SOURCES.get(criteria.source, criteria.source),
        branch=criteria.branch,
        group=criteria.subgroup or criteria.group,
        case_name=criteria.cases.get(chosen_case, "") if chosen_case is not None else "",
        cases=[CaseBox(name, "[X]" if case == chosen_case else "[   ]") for case, name in criteria.cases.items()],
        rows=rows,
        most=criteria.reachable(chosen_case),
        **facts,
    )


def _rows(criteria: CriteriaSet, case: int | None, choices: Mapping[str, int]) -> Iterator[SheetRow]:
    for part in criteria.parts:
        codes = [c.code for group in part.groups for c in group.criteria]
        yield SheetRow("part", part.code, f"PHẦN {part.code}: {part.name.upper()}", str(part.max), _sum(choices, codes))
        for group in part.groups:
            alone = len(group.criteria) == 1 and group.criteria[0].code == group.code
            if not alone:
                codes = [c.code for c in group.criteria]
                yield SheetRow("group", group.code, group.name, str(group.max), _sum(choices, codes))
                yield from _notes(group.notes)
            headings = {sub.code: sub for sub in group.subgroups}
            for criterion in group.criteria:
                heading = headings.pop(criterion.under or "", None)
                if heading is not None:
                    yield SheetRow("subgroup", heading.code, heading.name, str(heading.max))
                yield from _criterion(criterion, criteria, case, choices)
            if alone:
                yield from _notes(group.notes)


def _criterion(
    criterion: Criterion, criteria: CriteriaSet, case: int | None, choices: Mapping[str, int]
) -> Iterator[SheetRow]:
    given = choices.get(criterion.code)
    gate = "".join(f" (điều kiện {stars} sao: từ {least} điểm)" for stars, least in sorted(criterion.gates.items()))
    name = criterion.name + gate
    yield SheetRow("criterion", criterion.code, name, str(criterion.max), "" if given is None else str(given))
    yield from _notes(criterion.notes)
    for option in criterion.options_in(case):
        marks = f" (điều kiện {option.gate} sao)" if option.gate else ""
        only = f"[{criteria.cases[option.case]}] " if option.case and case is None else ""
        chosen = "X" if given == option.points else ""
        yield SheetRow("option", "", f"{only}{option.label}{marks}", str(option.points), chosen=chosen)


def _notes(notes: tuple[Note, ...]) -> Iterator[SheetRow]:
    for note in notes:
        said = note.label.lower().startswith(NOTE_WORDS[note.kind].lower().rstrip())
        yield SheetRow("note", "", note.label if said else NOTE_WORDS[note.kind] + note.label, "")


def _sum(choices: Mapping[str, int], codes: list[str]) -> str:
    return str(sum(choices.get(code, 0) for code in codes)) if choices else ""
