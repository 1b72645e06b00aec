"""Names of the things that work items belong to: `attempt:12`, `round:3`, `sheet:45`."""

from __future__ import annotations

from models.process import Scope
from models.process.kinds import StepKind


def subject_of(scope: Scope, number: int) -> str:
    """The name that ties work items, runs and signals together."""
    return f"{scope}:{number}"


def attempt_subject(attempt_id: int) -> str:
    """Subject of an attempt of a dossier."""
    return subject_of(Scope.ATTEMPT, attempt_id)


def round_subject(round_id: int) -> str:
    """Subject of a round."""
    return subject_of(Scope.ROUND, round_id)


def split_subject(subject: str) -> tuple[Scope, int]:
    """`attempt:12` as (`Scope.ATTEMPT`, 12)."""
    scope, number = subject.split(":")
    return Scope(scope), int(number)


def item_key(subject: str, kind: StepKind, turn: int, member_id: int | None = None) -> str:
    """The key that makes opening idempotent: one item a subject, step, turn (and council member)."""
    seat = f"/m{member_id}" if member_id is not None else ""
    return f"{subject}/{kind}/{turn}{seat}"
