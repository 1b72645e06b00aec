"""The API for people who write programs: its document as a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from portal.access import PUBLIC
from portal.api import PREFIX
from portal.routing import page
from portal.view import View

router = APIRouter()

Piece = Mapping[str, Any]


@page(router, f"{PREFIX}/docs", PUBLIC)
def docs(view: View) -> Response:
    """All operations by their tags, each with what it takes and gives."""
    document = view.request.app.openapi()
    tags: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told = _operation(document, method.upper(), path, operation)
            tags.setdefault(next(iter(operation.get("tags", ())), "Khác"), []).append(told)
    lead, _, rest = document["info"]["description"].replace("`", "").partition("\n\n- ")
    points = [" ".join(point.split()) for point in rest.split("\n- ")]
    return view.page("api_docs.html.j2", title="Giao diện lập trình (API)", tags=tags, lead=lead, points=points)


def _operation(document: Piece, method: str, path: str, operation: Piece) -> dict[str, Any]:
    bodies: list[Piece] = list(operation.get("requestBody", {}).get("content", {}).values())
    body: Piece = bodies[0]["schema"] if bodies else {}
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "title": operation["summary"],
        "text": operation.get("description", ""),
        "open": not operation["security"],
        "parameters": [
            (one["name"], one["schema"].get("title", ""), one.get("required", False), one.get("description", ""))
            for one in operation.get("parameters", ())
        ],
        "fields": _fields(document, body),
        "gives": _gives(document, operation),
    }


def _fields(document: Piece, schema: Piece) -> list[tuple[str, str, bool, str]]:
    """Name, title, whether it must be there, and explanation of each field of a schema."""
    whole = _resolved(document, schema)
    must = set(whole.get("required", ()))
    return [
        (name, about.get("title", ""), name in must, about.get("description", ""))
        for name, about in whole.get("properties", {}).items()
    ]


def _gives(document: Piece, operation: Piece) -> str:
    answers = (answer for code, answer in operation["responses"].items() if code.startswith("2"))
    schema = next(answers).get("content", {}).get("application/json", {}).get("schema", {})
    many = schema.get("type") == "array"
    title = _resolved(document, schema.get("items", {}) if many else schema).get("title", "")
    return f"Danh sách: {title}" if many else title


def _resolved(document: Piece, schema: Piece) -> Piece:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Piece = document["components"]["schemas"].get(name, schema)
    return found
