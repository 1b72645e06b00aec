"""The templates of messages: found by kind, rendered in a sandbox; HTML is escaped, a missing fact is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from models.notifications.kinds import kind_of
from models.notifications.words import shortened

GENERAL = "general"
SUBJECT_LENGTH = 150
"""Mail programs show about 60 characters; longer than this only a name can make it."""


@dataclass(frozen=True)
class Message:
    """One message in words, as it goes out. `calendar`: an invitation (iCalendar) to attach."""

    subject: str
    text: str
    html: str
    calendar: str = ""


def render(payload: dict[str, Any], facts: dict[str, Any]) -> Message:
    """The message of a payload. Values are data: what looks like markup or a template in them stays as it is.

    Raises:
        jinja2.UndefinedError: a template names a fact that is not there.
    """
    name = template_of(payload)
    # Text first, then put into both forms as any other fact: a macro would pass its text into HTML unescaped.
    for sentence in ("lead", "todo"):
        if _source(f"{name}.{sentence}.j2") is not None:
            facts = facts | {sentence: _environment().get_template(f"{name}.{sentence}.j2").render(facts).strip()}
    part = {end: _environment().get_template(f"{name}.{end}.j2").render(facts) for end in ("subject", "txt", "html")}
    text = re.sub(r"\n{3,}", "\n\n", part["txt"].strip())
    return Message(shortened(part["subject"], SUBJECT_LENGTH), f"{text}\n", part["html"])


def template_of(payload: dict[str, Any]) -> str:
    """The template of a payload: that of its kind, one of its own name, else the general one."""
    named = kind_of(payload).template or str(payload.get("what", ""))
    return named if named and _source(f"{named}.txt.j2") is not None else GENERAL


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(_source),
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _source(name: str) -> str | None:
    if "/" in name or "\\" in name:
        return None
    file = files("templates").joinpath("messages", name)
    return file.read_text(encoding="utf-8") if file.is_file() else None
