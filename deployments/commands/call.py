"""What was said on the command line for every command: who acts, in which role, in which form to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Call:
    """The global options of one call."""

    as_code: str | None = None
    role: str | None = None
    json: bool = False


@dataclass(frozen=True)
class Answer:
    """What a command answers: `data` for `--json`, `show` for people; several `lines` of JSON for contracts."""

    data: Any = None
    show: Callable[[Console], None] | str = ""
    lines: tuple[Any, ...] | None = None
    status: int = 0


NO_OPTIONS = Call()

_CALL: ContextVar[Call] = ContextVar("ocop_call", default=NO_OPTIONS)


def this_call() -> Call:
    """The global options of the call that is running."""
    return _CALL.get()


@contextmanager
def calling(call: Call) -> Iterator[None]:
    """Let `this_call` give these options."""
    token = _CALL.set(call)
    try:
        yield
    finally:
        _CALL.reset(token)
