"""Small pieces of administrative wording: names of bodies, numbers, bases, points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from models.regimes.parts import Decision
from models.scoring.result import cut
from models.vietnamese import long_date
from models.vietnamese.dates import BLANK

COMMITTEE_SHORT, COMMITTEE = "UBND", "Ủy ban nhân dân"

PAPER_TYPES = {
    "QĐ": "Quyết định",
    "KH": "Kế hoạch",
    "NQ": "Nghị quyết",
    "NĐ": "Nghị định",
    "TB": "Thông báo",
    "TTr": "Tờ trình",
    "CT": "Chỉ thị",
    "BC": "Báo cáo",
}
"""What the letters after a number say of the paper."""


def spelled_out(body: str) -> str:
    """`UBND huyện Thọ Xuân` as `Ủy ban nhân dân huyện Thọ Xuân`."""
    return body.replace(COMMITTEE_SHORT, COMMITTEE)


def head_lines(body: str) -> list[str]:
    """A body as the head of its papers names it: a People's Committee on two lines."""
    name = spelled_out(body).upper()
    first = COMMITTEE.upper()
    if name.startswith(first) and len(name) > len(first):
        return [first, name[len(first) :].strip()]
    return [name]


def number_line(number: str | None, symbol: str) -> str:
    """`Số: 12/QĐ-UBND`, with room for the number until it is recorded."""
    return f"Số: {number}" if number else f"Số:{BLANK}/{symbol}"


def referred(kind: str, number: str | None, symbol: str, on: date | None, year: int | None = None) -> str:
    """A paper that another one names: `Quyết định số 12/QĐ-UBND ngày …`, with room for what is not recorded."""
    return f"{kind} số {number or f'{BLANK}/{symbol}'} {long_date(on, year)}".replace("số  ", "số ")


def basis(entry: dict[str, Any]) -> str:
    """A legal basis of the plan in words, without its final sign."""
    number = str(entry.get("no", "")).strip()
    letters = number.rpartition("/")[2].split("-")[0]
    kind = PAPER_TYPES.get(letters, "Văn bản")
    day = entry.get("date")
    on = f" {long_date(day if isinstance(day, date) else date.fromisoformat(str(day)))}" if day else ""
    by = f" của {spelled_out(str(entry['by']))}" if entry.get("by") else ""
    about = str(entry.get("about") or "").strip()
    joint = " " if about.lower().startswith(("về", "ban hành", "quy định")) else " về "
    return f"Căn cứ {kind} số {number}{on}{by}{joint + lowered(about) if about else ''}"


def decision_basis(decision: Decision) -> str:
    """A decision of a regime as a legal basis; without its day where that is not known to us."""
    day = f" {long_date(decision.date)}" if decision.date else ""
    return f"Căn cứ Quyết định số {decision.no}{day} của {decision.by}"


def ended(bases: Sequence[str]) -> list[str]:
    """Bases with their final signs: a semicolon each, the last a full stop."""
    lines = [line.rstrip(" ;.,") for line in bases if line.strip()]
    return [f"{line}{'.' if index == len(lines) - 1 else ';'}" for index, line in enumerate(lines)]


def listed(entries: Sequence[str]) -> list[str]:
    """Recipients with their final signs: a semicolon each, the last as it is with a full stop."""
    return ended(entries)


def lowered(text: str) -> str:
    """A text that goes on in a sentence: a small first letter, unless the word is an abbreviation."""
    first = text.split(" ", maxsplit=1)[0]
    return text if len(first) > 1 and first[1:] != first[1:].lower() else text[:1].lower() + text[1:]


def raised(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def points(value: str | Fraction | int | None) -> str:
    """Points as papers write them: two decimals cut off, with a comma; a dash for none."""
    if value is None:
        return "–"
    return cut(Fraction(value)).replace(".", ",")


def star_words(stars: int | None) -> str:
    """`4 sao`; a dash for none."""
    return "–" if stars is None else f"{stars} sao"
