"""Messages of the domain as pages and the API tell them: where to click in place of which command to type."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from models.own_yaml import load_own

REST = r"(?:\s+(?:TỆP\.xlsx|\"[^\"]*\"|[^\s.;,:)»]+))*"
"""The arguments behind a command, up to the end of the clause."""


class Where(BaseModel):
    """The whole file (explained at its head)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pages: dict[str, str]
    on_server: frozenset[str]


@cache
def where() -> Where:
    """The file, read once.

    Raises:
        FinalError: it is faulty.
    """
    return load_own(Where, "portal", "where.yaml")


@cache
def _commands() -> re.Pattern[str]:
    longest_first = sorted(where().pages, key=len, reverse=True)
    return re.compile(rf"«?\bocop ({'|'.join(longest_first)})\b{REST}»?")


def here(text: str) -> str:
    """The text with places on the pages where it names commands that have one."""
    return _commands().sub(lambda found: where().pages[found[1]], text) if "ocop " in text else text
