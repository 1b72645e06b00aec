"""Functions made at run time, with parameters that FastAPI can read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from starlette.requests import Request

F = TypeVar("F", bound=Callable[..., Any])

KEYWORD = inspect.Parameter.KEYWORD_ONLY


def expose(endpoint: Callable[..., Any], parameters: Iterable[inspect.Parameter], *, name: str) -> None:
    """Let the endpoint be seen as taking the request and these parameters."""
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    named = [parameter.replace(kind=KEYWORD) for parameter in parameters]
    endpoint.__dict__["__signature__"] = inspect.Signature([request, *named])
    endpoint.__name__ = name


def with_ids(function: F, ids: Mapping[str, type]) -> F:
    """Replace the `**ids` of a function by parameters of these names and types."""
    first = next(iter(inspect.signature(function, eval_str=True).parameters.values()))
    named = [inspect.Parameter(name, KEYWORD, annotation=kind) for name, kind in ids.items()]
    function.__dict__["__signature__"] = inspect.Signature([first, *named])
    return function
