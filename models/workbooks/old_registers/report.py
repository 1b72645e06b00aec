"""What became of an old register: row by row what was understood, what not, and what to look at again."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from models.errors import Problem


class Fate(StrEnum):
    """What became of one row."""

    ENTERED = "entered"
    KNOWN = "known"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The Vietnamese words."""
        return {"entered": "ghi mới", "known": "đã có trong sổ", "refused": "chưa ghi được"}[self.value]


@dataclass
class RowReport:
    """One row: what was read of it, what stood in the way, and what was taken with a doubt."""

    sheet: str
    row: int
    understood: dict[str, str] = field(default_factory=dict)
    fate: Fate = Fate.REFUSED
    certificate: str | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass
class RegisterReport:
    """The whole file. `ignored`: columns, lines and sheets of which nothing was taken."""

    rows: list[RowReport] = field(default_factory=list)
    ignored: list[Problem] = field(default_factory=list)

    def count(self, fate: Fate) -> int:
        """How many rows ended so."""
        return sum(row.fate is fate for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        """Everything that stood in the way."""
        return [problem for row in self.rows for problem in row.problems]

    @property
    def notes(self) -> list[Problem]:
        """Everything to look at again."""
        return [note for row in self.rows for note in row.notes]

    @property
    def words(self) -> str:
        """The report in a sentence."""
        counts = ", ".join(f"{self.count(fate)} {fate.label}" for fate in Fate)
        return f"{len(self.rows)} dòng: {counts}"
