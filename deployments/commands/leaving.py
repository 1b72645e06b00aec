"""How answers and problems leave the program: JSON or words, in UTF-8, quietly when nobody reads on."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from deployments.commands.call import Answer

if TYPE_CHECKING:
    from rich.console import Console

    from models.errors import Problem

WIDTH_OF_FILES = 160
"""Columns of a table that goes to a file or a pipe, where no terminal says how wide it is [ours]."""

SIGPIPE_STATUS = 141
"""What a shell sees of a program that wrote to a closed pipe."""


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale; a letter that cannot be written is shown by its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def print_answer(answer: object, as_json: bool) -> int:
    """Print what a command gave back; its exit status. Commands that print themselves give a status or nothing."""
    if not isinstance(answer, Answer):
        return answer if isinstance(answer, int) else 0
    if answer.lines is not None:
        _write("".join(f"{to_json(line)}\n" for line in answer.lines))
    elif as_json:
        _write(f"{to_json(answer.data)}\n")
    elif isinstance(answer.show, str):
        _write(f"{answer.show}\n")
    else:
        answer.show(terminal())
        sys.stdout.flush()
    return answer.status


def print_problems(problems: Sequence[Problem], as_json: bool) -> None:
    """Tell what is wrong: JSON on standard output, or a block each on standard error."""
    if as_json:
        _write(f"{to_json({'errors': [problem.as_dict() for problem in problems]})}\n")
        return
    blocks = [_block(problem) for problem in problems]
    sys.stderr.write("\n".join(blocks))
    sys.stderr.flush()


def _block(problem: Problem) -> str:
    lines = (("Trường", problem.field), ("Vấn đề", problem.problem), ("Cách xử lý", problem.remedy))
    return "".join(f"{name + ':':<12}{text}\n" for name, text in lines if text)


def to_json(value: Any) -> str:
    """One line of JSON; dates in ISO form, dataclasses as objects."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def terminal() -> Console:
    """Where tables are drawn: as wide as the terminal, wide enough to lose nothing in a file."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else WIDTH_OF_FILES
    return Console(file=sys.stdout, width=wide, highlight=False, markup=False, emoji=False)


def closed_pipe() -> int:
    """Leave without a word when the reader of the output has gone."""
    # Python flushes standard output once more at exit, which must not fail again
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return SIGPIPE_STATUS


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
