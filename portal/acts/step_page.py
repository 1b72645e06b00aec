"""What the page of one kind of step has beyond the general one: its template, what it shows, how its form is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.acts.base import Ids
from portal.desk import Desk
from portal.forms.describing import Options
from portal.view import View


@dataclass(frozen=True)
class StepPage:
    """One kind of step on the page of an item; what is left out is as for all steps.

    `context` adds to what every item's page shows; with `may_close` it can take the form away. `takes_files` and
    `hidden` are those of the act.
    """

    template: str = "items/show.html.j2"
    context: Callable[[View, Ids], Mapping[str, Any]] | None = None
    prefill: Callable[[Desk, Ids], Mapping[str, Any]] | None = None
    options: Callable[[Desk, Ids], Options] | None = None
    takes_files: bool = False
    hidden: tuple[str, ...] = ()
