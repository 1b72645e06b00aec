"""A regime: everything that a decision of the Prime Minister fixes, as data (domain.md §2–§5)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.regimes.bodies import Body
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.regimes.parts import (
    CertificateRules,
    ChecklistItem,
    CodePart,
    CouncilDefaults,
    Decision,
    ForwardRule,
    Points,
    Submission,
    Transition,
)
from models.regimes.terms import Part, RoundWindow, Source, Term, TermKey

Star = Annotated[int, Field(strict=True, ge=1, le=5)]


class Regime(Part):
    """One set of rules; a dossier keeps the one of the day on which it was received.

    `received_from` and `received_to` are both inclusive, null: still open. `bands`: the least mean for each
    star. `grants`: who certifies 3, 4 and 5 stars. `forwards`: what the first council sends up;
    `onward_forwards`: what the level above sends up in its turn. `product_code`: the parts of a product's code, none
    when its form is not known to us.
    """

    code: Annotated[str, Field(pattern=r"^qd[0-9]+-[0-9]{4}$")]
    title: str
    decisions: Annotated[tuple[Decision, ...], Field(min_length=1)]
    received_from: date
    received_to: date | None
    kinds: Annotated[tuple[DossierKind, ...], Field(min_length=1)]
    criteria: Literal["qd148", "qd26"] | None
    bands: dict[Star, Points]
    grants: dict[Star, Body]
    forwards: tuple[ForwardRule, ...]
    onward_forwards: tuple[ForwardRule, ...]
    ministry_below_five: tuple[Literal["recognise", "evaluate_again"], ...]
    applicants: tuple[str, ...]
    tourism_applicants: tuple[str, ...]
    council: CouncilDefaults
    terms: dict[TermKey, Term]
    electronic_set_before_meeting: Term | None
    round_windows: tuple[RoundWindow, ...]
    rounds_a_year_at_least: Annotated[int, Field(strict=True, ge=1)] | None
    submission: Submission | None
    checklist: tuple[ChecklistItem, ...]
    checklist_source: Source
    certificate: CertificateRules
    product_code: tuple[CodePart, ...]
    transition: Transition | None
    source: Source

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for problem in (*self._time_problems(), *self._star_problems(), *self._list_problems()):
            raise ValueError(problem)
        return self

    def _time_problems(self) -> list[str]:
        problems = []
        if self.received_to is not None and self.received_to < self.received_from:
            problems.append("received_to trước received_from")
        if self.transition is not None and self.transition.starts != self.received_from:
            problems.append("transition.starts phải là received_from")
        return problems

    def _star_problems(self) -> list[str]:
        problems = []
        bounds = [self.bands.get(star) for star in (5, 4, 3, 2, 1)]
        if None in bounds or not all(high > low for high, low in pairwise(self._bounds())):
            problems.append("bands phải có đủ 5 đến 1 sao, điểm giảm dần")
        elif bounds[-1] != 0:
            problems.append("bands: 1 sao bắt đầu từ 0 điểm")
        if set(self.grants) != {3, 4, 5}:
            problems.append("grants phải có đúng 3, 4 và 5 sao")
        for rules in (self.forwards, self.onward_forwards):
            if any(first.from_points >= second.from_points for first, second in pairwise(rules)):
                problems.append("forwards phải xếp theo điểm tăng dần")
        return problems

    def _bounds(self) -> list[int]:
        return [self.bands[star] for star in sorted(self.bands, reverse=True)]

    def _list_problems(self) -> list[str]:
        problems = []
        if tuple(item.kind for item in self.checklist) != tuple(EvidenceKind):
            problems.append("checklist phải có đúng 15 loại minh chứng theo thứ tự")
        missing = [key.value for key in TermKey if key not in self.terms]
        if missing:
            problems.append(f"terms thiếu: {', '.join(missing)}")
        if len(set(self.kinds)) != len(self.kinds):
            problems.append("kinds có loại hồ sơ lặp lại")
        return problems

    def takes(self, received: date, kind: DossierKind) -> bool:
        """Whether a dossier of this kind received on this day is judged by this regime."""
        ended = self.received_to is not None and received > self.received_to
        return kind in self.kinds and self.received_from <= received and not ended
