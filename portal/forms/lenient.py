"""A form as a draft takes it: the same entries, none of them needed, each kept as it was typed when it is wrong."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import (
    BaseModel,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
)
from pydantic import create_model as made

from portal.forms.shapes import without_none

B = TypeVar("B", bound=BaseModel)


def lenient(name: str, form: type[BaseModel], base: type[B], leave_out: tuple[str, ...] = ()) -> type[B]:
    """`base` with the entries of `form`, which take wrong values too; titles and shapes are the form's.

    A list stays a list and a table a table: only what a person can type wrongly is let through.
    """
    entries: dict[str, Any] = {}
    for key, info in form.model_fields.items():
        if key not in leave_out:
            kind: Any = Annotated[info.annotation, _taken_as_typed(info.annotation), WrapSerializer(_given_as_typed)]
            entries[key] = (kind, Field(default=None, title=info.title, description=info.description))
    return made(name, __base__=base, __doc__=form.__doc__, **entries)


def _taken_as_typed(annotation: Any) -> WrapValidator:
    def take(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        try:
            check(value)
        except ValidationError:
            if not _could_be_typed(annotation, value):
                raise
        return value

    return WrapValidator(take)


def _given_as_typed(value: Any, _handler: SerializerFunctionWrapHandler) -> Any:
    return value


def _could_be_typed(annotation: Any, value: Any) -> bool:
    """Whether a value has the outer shape of what belongs there."""
    kind = without_none(annotation)
    if value is None:
        return True
    if get_origin(kind) is list:
        return isinstance(value, list) and all(_could_be_typed(get_args(kind)[0], one) for one in value)
    if get_origin(kind) is dict:
        return isinstance(value, dict) and all(_could_be_typed(get_args(kind)[1], one) for one in value.values())
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        known = kind.model_fields
        return isinstance(value, dict) and all(
            key in known and _could_be_typed(known[key].annotation, one) for key, one in value.items()
        )
    return isinstance(value, str | int | float)
