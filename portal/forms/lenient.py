"""A form as a draft takes it: the same entries, none of them needed, each kept as it was typed when it is wrong."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError, ValidatorFunctionWrapHandler, WrapSerializer, WrapValidator
from pydantic import create_model as made

B = TypeVar("B", bound=BaseModel)


def _as_typed(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        handler(value)
    except ValidationError:
        pass
    return value


def lenient(name: str, form: type[BaseModel], base: type[B], leave_out: tuple[str, ...] = ()) -> type[B]:
    """`base` with the entries of `form`, which take anything that JSON can say; titles and shapes are the form's."""
    entries: dict[str, Any] = {}
    for key, info in form.model_fields.items():
        if key in leave_out:
            continue
        kind = Annotated[info.annotation, WrapValidator(_as_typed), WrapSerializer(lambda value, _handler: value)]  # type: ignore[name-defined]
        entries[key] = (kind, Field(default=None, title=info.title, description=info.description))
    return made(name, __base__=base, __doc__=form.__doc__, **entries)
