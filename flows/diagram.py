"""The picture of a procedure, drawn by walking it: every outcome of every form is tried, nothing is kept by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import get_args

from flows.procedure import (
    Reach,
    dossier_procedure,
    inspection_procedure,
    renewal_procedure,
    revocation_procedure,
    round_procedure,
)
from models.forms import FORMS
from models.forms.words import OUTCOME_WORDS
from models.process import step_definition
from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import StepTask

LONGEST_WALK = 14
Edge = tuple[str, str, str]


class _TooLongError(Exception):
    """The walk goes round a loop that was already drawn."""


class _Walk:
    """One way through a procedure: at each fork the choice that `choices` tells, 0 where it tells none."""

    def __init__(self, choices: list[int]) -> None:
        self.choices = choices
        self.options: list[int] = []
        self.edges: list[Edge] = []
        self._from = "start"
        self._word = ""

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        if len(self.options) >= LONGEST_WALK:
            raise _TooLongError
        self._arrive(step.kind.value)
        # Once the level above has decided there is nothing left to forward.
        outcomes = [o for o in outcomes_of(step.kind) if turn == 1 or o != "forwarded"]
        # A product that this level recognises may go on as well: two ways out of one outcome.
        ways = [(o, up) for o in outcomes for up in ((False, True) if o == "recognised" else (o == "forwarded",))]
        outcome, up = ways[self._choose(len(ways))]
        forwards = up and step.kind is StepKind.DECISION and turn == 1
        self._word = OUTCOME_WORDS[outcome]
        return StepState(step.kind, turn, 0, outcome, {"forward_to": "province"} if forwards else {})

    async def falls_back(self) -> bool:
        """Both answers are tried."""
        return bool(self._choose(2))

    async def asked_for(self, step: StepTask) -> bool:  # noqa: ARG002
        """Both answers are tried."""
        return bool(self._choose(2))

    def finish(self, name: str) -> None:
        """The procedure ended under this name."""
        self._arrive(f"end:{name}")

    def _arrive(self, place: str) -> None:
        self.edges.append((self._from, self._word, place))
        self._from = place

    def _choose(self, number: int) -> int:
        at = len(self.options)
        self.options.append(number)
        return self.choices[at] if at < len(self.choices) else 0


def outcomes_of(kind: StepKind) -> tuple[str, ...]:
    """The outcomes that the form of a step allows."""
    return get_args(FORMS[kind].model_fields["outcome"].annotation)


def edges_of(procedure: Callable[[Reach], Awaitable[str | None]], end: str = "") -> list[Edge]:
    """Every step that follows another, with the outcome that leads there, in the order of discovery."""
    found: dict[Edge, None] = {}
    choices: list[int] | None = []
    while choices is not None:
        walk = _Walk(choices)
        with suppress(_TooLongError):
            walk.finish(asyncio.run(_run(procedure, walk)) or end)
        found.update(dict.fromkeys(walk.edges))
        choices = _next(walk)
    return list(found)


async def _run(procedure: Callable[[Reach], Awaitable[str | None]], walk: _Walk) -> str | None:
    return await procedure(walk)


def _next(walk: _Walk) -> list[int] | None:
    taken = [walk.choices[i] if i < len(walk.choices) else 0 for i in range(len(walk.options))]
    while taken and taken[-1] + 1 >= walk.options[len(taken) - 1]:
        taken.pop()
    return [*taken[:-1], taken[-1] + 1] if taken else None


def mermaid(edges: list[Edge]) -> str:
    """The edges as a mermaid flow chart with Vietnamese labels."""
    names = {place: f"n{i}" for i, place in enumerate(dict.fromkeys(p for f, _, t in edges for p in (f, t)))}
    lines = ["flowchart TD", *(f"    {name}{_shape(place)}" for place, name in names.items())]
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, word, target in edges:
        words = arrows.setdefault((source, target), [])
        if word and word not in words:
            words.append(word)
    for (source, target), words in arrows.items():
        label = f"|{', '.join(words)}|" if words else ""
        lines.append(f"    {names[source]} -->{label} {names[target]}")
    return "\n".join(lines) + "\n"


def _shape(place: str) -> str:
    if place == "start":
        return "((Bắt đầu))"
    if place.startswith("end:"):
        return f'(["{place.removeprefix("end:")}"])'
    step = step_definition(StepKind(place))
    return f'["{step.step}. {step.label}"]'


def dossier_diagram() -> str:
    """The way of a dossier."""
    return mermaid(edges_of(dossier_procedure))


def round_diagram() -> str:
    """The way of a round."""
    return mermaid(edges_of(round_procedure))


def renewal_diagram() -> str:
    """The renewal of a certificate."""
    return mermaid(edges_of(renewal_procedure))


def inspection_diagram() -> str:
    """An inspection of a recognised product."""
    return mermaid(edges_of(inspection_procedure))


def revocation_diagram() -> str:
    """A finding against a certificate."""
    return mermaid(edges_of(revocation_procedure))


DIAGRAMS: dict[str, tuple[str, Callable[[], str]]] = {
    "dossier": ("Một hồ sơ", dossier_diagram),
    "round": ("Một đợt", round_diagram),
    "renewal": ("Đánh giá lại một giấy chứng nhận", renewal_diagram),
    "inspection": ("Kiểm tra một sản phẩm đã công nhận", inspection_diagram),
    "revocation": ("Xem xét thu hồi một giấy chứng nhận", revocation_diagram),
}
"""All pictures by name, with their titles."""
