"""The criteria sets of the two decisions in force, as frozen models of what one file holds.

Points are whole points as printed. Codes, points, maxima and star marks are the decisions' facts
(148/QĐ-TTg and 26/2026/QĐ-TTg, annexes); every label is a short wording of our own [ours].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

Text = Annotated[str, StringConstraints(strict=True, min_length=1)]
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[1-9]\d*(\.[1-9]\d*){0,2}$")]
Points = Annotated[StrictInt, Field(ge=0, le=100)]
Star = Annotated[StrictInt, Field(ge=3, le=5)]
Case = Annotated[StrictInt, Field(ge=1, le=2)]

DOSSIER = "dossier"
"""What an elimination names when its ground is the whole dossier (`eliminated_when`) and no criterion."""


class Gate(NamedTuple):
    """The least points on one criterion for one star, in one case of the sheet."""

    stars: int
    code: str
    least: int


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoteKind(StrEnum):
    """What a printed note says about its criterion or group."""

    REQUIREMENT = "requirement"
    EXPLANATION = "explanation"
    CONDITION = "condition"
    EVIDENCE = "evidence"
    ELIMINATION = "elimination"


class Note(_Frozen):
    """One printed note of a criterion or of a group."""

    kind: NoteKind
    label: Text


class Option(_Frozen):
    """One printed level of a criterion; `gate`: the least level for that star; `case`: only in that case."""

    points: Points
    label: Text
    gate: Star | None = None
    case: Case | None = None


class Criterion(_Frozen):
    """What a member gives points to: exactly one option is chosen (or, all or nothing, the maximum or 0)."""

    code: Code
    name: Text
    max: Points
    under: Code | None = None
    commune_topic: Text | None = None
    notes: tuple[Note, ...] = ()
    all_or_nothing: StrictBool = False
    gates: Mapping[Star, Points] = {}
    options: tuple[Option, ...] = ()

    @property
    def title(self) -> str:
        """Code and name as people read them: `3.6 Sở hữu trí tuệ`."""
        return f"{self.code} {self.name}"

    def options_in(self, case: int | None) -> tuple[Option, ...]:
        """The options printed for this case of the sheet, in sheet order; those of all cases when none is chosen."""
        return tuple(o for o in self.options if case is None or o.case in {None, case})

    def printed_points(self, case: int | None = None) -> tuple[int, ...]:
        """The points that the sheet offers, ascending, each once."""
        if self.all_or_nothing:
            return (0, self.max)
        return tuple(sorted({o.points for o in self.options_in(case)}))

    def allowed_points(self, case: int | None = None) -> tuple[int, ...]:
        """The points a member may give: those printed, and 0 for "no level reached" [ours]."""
        return tuple(sorted({0, *self.printed_points(case)}))

    def gates_in(self, case: int | None = None) -> dict[int, int]:
        """Star → least points, from the marks on options and on the heading."""
        marked = {o.gate: o.points for o in self.options_in(case) if o.gate is not None}
        return {**self.gates, **marked}

    @property
    def elimination_notes(self) -> tuple[str, ...]:
        """The printed grounds on which this criterion throws a product out."""
        return tuple(n.label for n in self.notes if n.kind is NoteKind.ELIMINATION)


class Subgroup(_Frozen):
    """A heading inside a group, with its own maximum."""

    code: Code
    name: Text
    max: Points


class Group(_Frozen):
    """A numbered group of criteria of one part."""

    code: Code
    name: Text
    max: Points
    notes: tuple[Note, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @property
    def title(self) -> str:
        """Code and name as people read them."""
        return f"{self.code} {self.name}"

    @property
    def elimination_notes(self) -> tuple[str, ...]:
        """The printed grounds on which this group throws a product out."""
        return tuple(n.label for n in self.notes if n.kind is NoteKind.ELIMINATION)


class Part(_Frozen):
    """Part A, B or C of the sheet."""

    code: Annotated[str, StringConstraints(strict=True, pattern=r"^[ABC]$")]
    name: Text
    max: Points
    groups: tuple[Group, ...] = Field(min_length=1)


class FaultKind(StrEnum):
    """The ways in which a printed set can contradict itself."""

    OPTIONS_MAX = "options_max"  # the best option is not the criterion's maximum
    SUBGROUP_SUM = "subgroup_sum"  # the criteria of a subgroup do not add to its heading
    GROUP_SUM = "group_sum"  # the criteria of a group do not add to its heading
    PART_SUM = "part_sum"  # the groups of a part do not add to its heading
    SAME_POINTS = "same_points"  # two options of one criterion carry the same points
    SAME_LABEL = "same_label"  # two options of one criterion carry the same words


class Fault(_Frozen):
    """A known fault of the source, declared in the file: it must be found there, exactly so.

    `at`: code of the part, group, subgroup or criterion. `printed`, `found`: points, where it counts.
    `label`: what is said with every result; `source`: the note of whoever transcribed the set.
    """

    kind: FaultKind
    at: Text
    printed: Points | None = None
    found: Points | None = None
    label: Text
    source: Text


class CriteriaSet(_Frozen):
    """One product set: its sheet, its known faults and the helpers that scoring and pages ask."""

    source: Text
    number: Annotated[StrictInt, Field(ge=1, le=26)] = Field(alias="set")
    name: Text
    branch: Text
    group: Text
    subgroup: Text | None = None
    ministries: tuple[Text, ...] = Field(min_length=1)
    sure: Annotated[str, StringConstraints(strict=True, pattern=r"^(high|medium|low)$")]
    cases: Mapping[Case, Text] = {}
    eliminated_when: tuple[Text, ...] = ()
    faults: tuple[Fault, ...] = ()
    parts: tuple[Part, ...] = Field(min_length=1)

    @property
    def groups(self) -> Iterator[Group]:
        """All groups in sheet order."""
        return (group for part in self.parts for group in part.groups)

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """All criteria by code, in sheet order."""
        return {c.code: c for group in self.groups for c in group.criteria}

    def criterion(self, code: str) -> Criterion:
        """The criterion of this code; `KeyError` when the set has none."""
        return self.criteria[code]

    def gates(self, case: int | None = None) -> tuple[Gate, ...]:
        """Every star gate that holds in this case, by star, then in sheet order [law: marks 3, 4, 5]."""
        marked = [Gate(s, c.code, p) for c in self.criteria.values() for s, p in c.gates_in(case).items()]
        return tuple(sorted(marked, key=lambda gate: gate.stars))

    def reachable(self, case: int | None = None) -> int:
        """The most points that a sheet can reach (100 but for the known faults): of this case, or of the best one."""
        cases = [case] if case is not None or not self.cases else list(self.cases)
        return max(sum(max(c.printed_points(one)) for c in self.criteria.values()) for one in cases)

    def known_faults(self) -> tuple[str, ...]:
        """What every result scored with this set must say about it, in Vietnamese."""
        return tuple(fault.label for fault in self.faults)

    def elimination_grounds(self, code: str) -> tuple[str, ...] | None:
        """The printed grounds for a code: of the criterion and its group, of the group, or of the dossier.

        Empty when the set prints none there; `None` when the code names nothing that can eliminate.
        """
        if code == DOSSIER:
            return self.eliminated_when
        for group in self.groups:
            for criterion in group.criteria:
                if criterion.code == code:
                    return criterion.elimination_notes + group.elimination_notes
            if group.code == code and group.elimination_notes:
                return group.elimination_notes
        return None

    def title_of(self, code: str) -> str:
        """Code and name of a criterion or group, as people read them; the code alone when unknown."""
        if code in self.criteria:
            return self.criteria[code].title
        return next((group.title for group in self.groups if group.code == code), code)
