"""What a coordinator needs to steer the next round or year: where time goes, who is late, why dossiers come back.

Pure functions over rows; `steering_rows` finds the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TypeVar

from models.criteria import load_set
from models.process import step_definition
from models.process.kinds import StepKind
from models.process.schema import load_process
from models.regimes.evidence_kinds import EvidenceKind
from models.rounds.board import BoardRow

NOTE_ONLY = "Lý do khác (ghi trong hướng dẫn)"
STEPS = range(1, 8)
Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class StepProgress:
    """How many dossiers of a round wait in one step of the cycle, on time and late."""

    step: int
    name: str
    on_time: int
    late: int


@dataclass(frozen=True)
class RoundProgress:
    """Where the dossiers of a round are. `ended`: by how they ended; `between`: under way between two steps."""

    steps: list[StepProgress]
    between: int
    ended: dict[str, int]
    not_handed_in: int

    @property
    def dossiers(self) -> int:
        """How many were handed in."""
        return sum(step.on_time + step.late for step in self.steps) + self.between + sum(self.ended.values())


def round_progress(rows: Iterable[BoardRow], under_way: str, not_handed_in: str) -> RoundProgress:
    """Count the rows of a board; `under_way` and `not_handed_in` are the statuses by which it names these.

    Lines of the round itself are no dossiers. A suspended item counts as on time, as on the board.
    """
    rows = [row for row in rows if row.dossier is not None or row.status == not_handed_in]
    waiting: Counter[tuple[int, bool]] = Counter((row.step, row.late) for row in rows if row.step is not None)
    idle = [row for row in rows if row.step is None and row.dossier is not None]
    return RoundProgress(
        steps=[StepProgress(step, step_name(step), waiting[step, False], waiting[step, True]) for step in STEPS],
        between=sum(row.status == under_way for row in idle),
        ended=dict(Counter(row.status for row in idle if row.status != under_way).most_common()),
        not_handed_in=sum(row.dossier is None for row in rows),
    )


def step_name(step: int) -> str:
    """The name of a step of the cycle as people read it: "đánh giá cấp xã"."""
    return load_process().step_names[step].replace("-", " ")


@dataclass(frozen=True)
class OpenItem:
    """An open item: for whom it waits, until when; a suspended one is not late."""

    unit: str
    due_on: date
    suspended: bool = False


@dataclass(frozen=True)
class LateUnit:
    """How many open items one unit or person has, how many of them late, and the days of the latest of all."""

    unit: str
    open: int
    late: int
    most_days: int


def late_units(items: Iterable[OpenItem], today: date) -> list[LateUnit]:
    """The units with late items, most late items first."""
    found = []
    for unit, own in grouped(items, lambda item: item.unit).items():
        days = [(today - item.due_on).days for item in own if not item.suspended and item.due_on < today]
        if days:
            found.append(LateUnit(unit, len(own), len(days), max(days)))
    return sorted(found, key=lambda line: (-line.late, -line.most_days, line.unit))


@dataclass(frozen=True)
class StepTime:
    """One item that was done: days that its clock ran and its term, both in the unit of the term; was it late?"""

    kind: StepKind
    unit: str
    spent: int
    term: int
    late: bool


@dataclass(frozen=True)
class StepTimeLine:
    """How long a step took: of all (`unit` empty) or of one unit. `term`: the middle one of the terms given.

    `p90`: nine of ten took no longer (the nearest rank) [ours]; `late_share` is from 0 to 1.
    """

    kind: str
    label: str
    unit: str
    done: int
    median: float
    p90: int
    term: float
    late: int
    late_share: float


def step_times(items: Iterable[StepTime], *, by_unit: bool = False) -> list[StepTimeLine]:
    """One line a step in the order of the procedure; by unit the one that is late most often first."""
    groups = grouped(items, lambda item: (item.kind, item.unit if by_unit else ""))
    lines = [_step_time(kind, unit, own) for (kind, unit), own in groups.items()]
    order = [kind.value for kind in load_process().steps]
    return sorted(lines, key=lambda line: (order.index(line.kind), -line.late_share, -line.done, line.unit))


def _step_time(kind: StepKind, unit: str, own: Sequence[StepTime]) -> StepTimeLine:
    spent, late = sorted(item.spent for item in own), sum(item.late for item in own)
    return StepTimeLine(
        kind=kind.value,
        label=step_definition(kind).label,
        unit=unit,
        done=len(own),
        median=median(spent),
        p90=spent[-(-len(spent) * 9 // 10) - 1],
        term=median(item.term for item in own),
        late=late,
        late_share=late / len(own),
    )


@dataclass(frozen=True)
class ReasonLine:
    """In how many of the returned dossiers a paper was missing; `share` of them, from 0 to 1."""

    kind: str | None
    label: str
    dossiers: int
    share: float


def return_reasons(returned: Sequence[Iterable[EvidenceKind]]) -> list[ReasonLine]:
    """Why dossiers came back, the most frequent first; each entry is what one return said was missing."""
    counted: Counter[EvidenceKind | None] = Counter()
    for missing in returned:
        kinds: set[EvidenceKind | None] = set(missing)
        counted.update(kinds or {None})
    lines = [
        ReasonLine(kind, kind.label if kind is not None else NOTE_ONLY, count, count / len(returned))
        for kind, count in counted.items()
    ]
    order = list(EvidenceKind)
    return sorted(
        lines, key=lambda line: (-line.dossiers, order.index(EvidenceKind(line.kind)) if line.kind else len(order))
    )


@dataclass(frozen=True)
class SetGates:
    """The gates that held one result back, as (stars, criterion), and the criteria set it was scored by."""

    source: str
    number: int
    missed: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class MissedGateLine:
    """How many products of one criteria set missed one gate; `share` of the products scored by the set, 0 to 1."""

    source: str
    number: int
    set_name: str
    stars: int
    criterion: str
    title: str
    products: int
    share: float


def missed_gates(results: Iterable[SetGates]) -> list[MissedGateLine]:
    """Set by set, the gate missed most often first."""
    lines = []
    for (source, number), own in sorted(grouped(results, lambda one: (one.source, one.number)).items()):
        criteria = load_set(source, number)
        counted = Counter(gate for result in own for gate in set(result.missed))
        for (stars, criterion), count in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0])):
            title = criteria.title_of(criterion)
            lines.append(
                MissedGateLine(source, number, criteria.name, stars, criterion, title, count, count / len(own))
            )
    return lines


@dataclass(frozen=True)
class Recognised:
    """One certificate: the year of issue, the commune as it was named then, and its stars."""

    year: int
    commune: str
    stars: int


@dataclass(frozen=True)
class StarsLine:
    """How many products one commune (or, with an empty name, all of them) had recognised in one year, by stars."""

    year: int
    commune: str
    by_stars: Mapping[int, int]

    @property
    def total(self) -> int:
        """Of all stars."""
        return sum(self.by_stars.values())


def stars_by_commune(recognised: Iterable[Recognised]) -> list[StarsLine]:
    """One line a year and commune: by year, within it the commune with most products first."""
    groups = grouped(recognised, lambda one: (one.year, one.commune))
    return sorted(_stars_lines(groups), key=lambda line: (line.year, -line.total, line.commune))


def stars_by_year(recognised: Iterable[Recognised]) -> list[StarsLine]:
    """One line a year, of all communes."""
    return sorted(_stars_lines(grouped(recognised, lambda one: (one.year, ""))), key=lambda line: line.year)


def _stars_lines(groups: Mapping[tuple[int, str], Sequence[Recognised]]) -> list[StarsLine]:
    return [
        StarsLine(year, commune, dict(sorted(Counter(one.stars for one in own).items())))
        for (year, commune), own in groups.items()
    ]


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Rows by a key, in the order of their first row."""
    found: dict[Key, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
