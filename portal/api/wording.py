"""Vietnamese names for all that the OpenAPI document mentions (`titles.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from models import enums
from models.yaml_files import read_yaml

Piece = dict[str, Any]


class Words(BaseModel):
    """Names of parameters, fields (`field`, or `Schema.field` where it means something else) and schemas."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: dict[str, str]
    fields: dict[str, str]
    schemas: dict[str, str]


@cache
def words() -> Words:
    """The words, read once."""
    return Words.model_validate(read_yaml(Path(__file__).with_name("titles.yaml")))


def name_everything(document: Piece) -> None:
    """Give each parameter, property and schema of the document its title; descriptions for programmers go out."""
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            _name(parameter["schema"], parameter["name"], words().parameters.get(parameter["name"]))
    forms = _forms(document)
    for name, schema in document["components"]["schemas"].items():
        plain = plain_name(name)
        schema["title"] = forms.get(name) or _title(plain) or name
        schema.pop("description", None)
        if "enum" in schema:
            _tell_values(plain, schema)
        for field, about in schema.get("properties", {}).items():
            kind = plain.partition("[")[0]
            _name(about, field, words().fields.get(f"{kind}.{field}") or words().fields.get(field))


def operations(document: Piece) -> Iterator[Piece]:
    """All operations of the document."""
    for methods in document["paths"].values():
        yield from methods.values()


def without_title(document: Piece) -> list[str]:
    """What still has no name of ours: `Schema`, `Schema.field` or `operation(parameter)`."""
    found = []
    for operation in operations(document):
        found += [
            f"{operation['operationId']}({parameter['name']})"
            for parameter in operation.get("parameters", ())
            if _made_up(parameter["name"], parameter["schema"].get("title"))
        ]
    for name, schema in document["components"]["schemas"].items():
        found += [name] if schema.get("title") in {None, name} else []
        fields = schema.get("properties", {}).items()
        found += [f"{name}.{field}" for field, about in fields if _made_up(field, about.get("title"))]
    return found


def plain_name(name: str) -> str:
    """`models__reports__year__StarsLine` → `StarsLine`, `Page_BoardRow_` → `Page[BoardRow]`."""
    last = name.rpartition("__")[2]
    head, joint, inside = last.partition("_")
    return f"{head}[{inside.removesuffix('_')}]" if joint and inside.endswith("_") else last


def _title(plain: str) -> str | None:
    kind, _, inside = plain.partition("[")
    title = words().schemas.get(kind)
    if title is None or not inside:
        return title
    return f"{title}: {words().schemas.get(inside.removesuffix(']'), inside.removesuffix(']'))}"


def _forms(document: Piece) -> dict[str, str]:
    """The schemas of bodies, each called after the first act whose form it is."""
    found: dict[str, str] = {}
    for operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            found.setdefault(name, f"Biểu mẫu «{operation['summary']}»")
    return found


def _name(about: Piece, name: str, title: str | None) -> None:
    if title is not None and _made_up(name, about.get("title")):
        about["title"] = title


def _made_up(name: str, title: str | None) -> bool:
    """Whether there is no title, or only what a library made of the name."""
    return title is None or title.replace(" ", "").replace("_", "").lower() == name.replace("_", "").lower()


def _tell_values(name: str, schema: Piece) -> None:
    kind = getattr(enums, name, None)
    if isinstance(kind, type) and issubclass(kind, enums.Labelled):
        schema["description"] = "; ".join(f"`{member.value}`: {member.label}" for member in kind)
