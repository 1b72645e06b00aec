"""Functions made at run time, with parameters that FastAPI can read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from models.forms.tidy import LARGEST_NUMBER, UNFIT

F = TypeVar("F", bound=Callable[..., Any])

KEYWORD = inspect.Parameter.KEYWORD_ONLY


def _printable(text: str | None) -> str | None:
    if text is not None and UNFIT.search(text):
        raise PydanticCustomError("string_unicode", "control characters")
    return text


_BOUNDED = Field(ge=0, le=LARGEST_NUMBER)
_PRINTABLE = AfterValidator(_printable)
TAMED: dict[Any, Any] = {
    int: Annotated[int, _BOUNDED],
    int | None: Annotated[int | None, _BOUNDED],
    str: Annotated[str, _PRINTABLE],
    str | None: Annotated[str | None, _PRINTABLE],
}
"""Numbers and texts of addresses, held to what a database can be asked for."""


def expose(endpoint: Callable[..., Any], parameters: Iterable[inspect.Parameter], *, name: str) -> None:
    """Let the endpoint be seen as taking the request and these parameters."""
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    named = [one.replace(kind=KEYWORD, annotation=_tamed(one.annotation)) for one in parameters]
    endpoint.__dict__["__signature__"] = inspect.Signature([request, *named])
    endpoint.__name__ = name


def _tamed(annotation: Any) -> Any:
    return TAMED.get(annotation, annotation) if isinstance(annotation, Hashable) else annotation


def with_ids(function: F, ids: Mapping[str, type]) -> F:
    """Replace the `**ids` of a function by parameters of these names and types."""
    first = next(iter(inspect.signature(function, eval_str=True).parameters.values()))
    named = [inspect.Parameter(name, KEYWORD, annotation=kind) for name, kind in ids.items()]
    function.__dict__["__signature__"] = inspect.Signature([first, *named])
    return function
