"""Kinds of values on the command line, read strictly: a date is a date, a number of days no fraction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter


def _day(_type: Any, tokens: Sequence[Any]) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", tokens[0].value, re.ASCII):
        raise ValueError
    return date.fromisoformat(tokens[0].value)


def _number(_type: Any, tokens: Sequence[Any]) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", tokens[0].value, re.ASCII):
        raise ValueError
    return int(tokens[0].value)


STDIN = "\0"
"""What stands for the `-` of standard input once the library, which takes a hyphen for an option, has the words.
No argument of a program can hold this letter."""


def hyphen_for_stdin(tokens: Sequence[str]) -> list[str]:
    """The words with `-` replaced where it stands for a file, and not as the value of an option."""
    before = ["", *tokens]
    return [STDIN if t == "-" and not b.startswith("--") else t for b, t in zip(before, tokens, strict=False)]


Day = Annotated[date, Parameter(converter=_day)]
"""A day as `2026-02-10`."""

Number = Annotated[int, Parameter(converter=_number)]
"""A whole number, written in digits."""
