"""Which function builds which kind of paper; a builder gives `None` where there is nothing to put on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from models.documents.days import day_of
from models.documents.framing import Making
from models.documents.kinds import Kind, kind_named
from models.documents.paper import Paper

P = TypeVar("P", bound=Paper)
Build = Callable[[Making, Kind, Any], Paper | None]


@dataclass(frozen=True)
class Builder:
    """The function of a kind, and the type of what it gives (the fields that templates may use)."""

    build: Build
    fields: type[Paper]


_BUILDERS: dict[str, Builder] = {}


def builds(
    *kinds: str, fields: type[P]
) -> Callable[[Callable[[Making, Kind, Any], P | None]], Callable[[Making, Kind, Any], P | None]]:
    """Register a builder for kinds of papers."""

    def register(build: Callable[[Making, Kind, Any], P | None]) -> Callable[[Making, Kind, Any], P | None]:
        for kind in kinds:
            _BUILDERS[kind] = Builder(build, fields)
        return build

    return register


def builder_of(kind: Kind) -> Builder:
    """The builder of a kind."""
    # Imported here: these modules register themselves, and each needs this one.
    from models.documents import builders  # noqa: F401

    return _BUILDERS[kind.code]


def build(making: Making, kind: Kind, subject: Any, on: date | None = None) -> Paper | None:
    """What a paper says, as the data are now; `None` where there is nothing to put on paper.

    `on`: the day that the clerk's register gave it, else that of its step.
    """
    day = on or day_of(making.session, kind, subject, making.today)
    return builder_of(kind).build(replace(making, today=day), kind, subject)


def fields_of(kind: str) -> type[Paper]:
    """The type whose fields a template of this kind may use.

    Raises:
        NotFoundError: there is no such kind.
    """
    return builder_of(kind_named(kind)).fields
