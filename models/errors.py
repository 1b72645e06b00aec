"""What can go wrong, in three classes, each with its Vietnamese words and its remedy.

The class says who must act: nobody (`RetryableError`: the same call may succeed later), a programmer or
administrator (`FinalError`: trying again changes nothing) or the person at the keyboard (`PersonError`:
what was asked cannot be done as it stands). Nothing is stored when one of these is raised, save by `NotedError`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field: where, what and what to do about it (Vietnamese)."""

    field: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        return f"{where}{self.problem} → {self.remedy}"

    def as_dict(self) -> dict[str, str]:
        """The problem as the `errors` entries of every `--json` output give it."""
        return asdict(self)


class OcopError(Exception):
    """Base of all errors that the project raises on purpose; carries one or more `Problem`s."""

    def __init__(self, problem: str, *, field: str = "", remedy: str = "") -> None:
        self.problems: list[Problem] = [Problem(field, problem, remedy)]
        super().__init__(str(self.problems[0]))


class RetryableError(OcopError):
    """Passing trouble (database busy, Prefect not answering): try the same again."""


class FinalError(OcopError):
    """Wrong in a way that trying again cannot mend (faulty data of ours, newer database): stop and tell."""


class PersonError(OcopError):
    """A person must act otherwise: the input, the moment or the person is wrong."""


class InputError(PersonError):
    """What was typed cannot be accepted; lists every problem found, not only the first."""

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> InputError:
        """Gather several problems in one error (at least one)."""
        found = list(problems)
        error = cls(found[0].problem, field=found[0].field, remedy=found[0].remedy)
        error.problems = found
        error.args = ("; ".join(str(p) for p in found),)
        return error


class NotFoundError(PersonError):
    """The thing named does not exist."""


class NotAllowedError(PersonError):
    """This person, in this capacity, may not do this."""


class NotedError(NotAllowedError):
    """Refused, and the refusal itself counts: what was written before it is stored (a wrong password is counted)."""


class ConflictError(PersonError):
    """Somebody else did it first, or otherwise: a stale version or a second, different outcome."""


class WrongMomentError(PersonError):
    """The case is not at the step where this can be done (window closed, step not open)."""


NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
"""What the operating system says when a disk or a quota is full."""


def disk_full(where: str = "") -> FinalError:
    """The error for a full disk, wherever it was noticed."""
    place = f" ({where})" if where else ""
    return FinalError(
        f"Ổ đĩa đã đầy hoặc không ghi được{place}; không có gì bị ghi dở dang.",
        field="OCOP_HOME",
        remedy="Giải phóng chỗ trên ổ đĩa chứa dữ liệu rồi làm lại thao tác vừa rồi.",
    )
