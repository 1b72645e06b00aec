"""One model for each step: the page's form, the API's body, the command line's file and Prefect's form are the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from flows.reaching import prefect_form
from models.forms import FORMS
from models.process.kinds import StepKind
from portal.acts.all import ACTS
from portal.acts.base import Act
from portal.acts.items import OUTCOMES
from portal.api import PREFIX
from portal.app import create_app
from portal.forms import fields_of

SIGNS_IN = {"/sign-in", "/sign-out", "/account/password", "/second-factor"}
"""Forms that are no acts of the API: with a token nobody signs in."""

WITHOUT_READ: dict[str, str] = {
    "/sign-in": "no data",
    "/account": "own account: sessions and tokens are looked after in the browser only",
    f"{PREFIX}/docs": "the document itself is /api/v1/openapi.json",
    f"{PREFIX}/openapi.json": "is the API's own",
}
"""Pages that show nothing which a program needs, with the reason."""

READS: dict[str, str] = {
    "/": "/work",
    "/items/{item_id}": "/items/{item_id}",
}
"""What gives the data of a page that has another address in the API (below `/api/v1`)."""


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app()


@pytest.mark.parametrize("kind", list(StepKind))
def test_step_has_one_form_on_page_in_api_and_in_prefect(app: FastAPI, kind: StepKind) -> None:
    act, model = OUTCOMES[kind], FORMS[kind]
    of_prefect = prefect_form(kind)

    assert act.form is model
    assert _body(app, act) == model.__name__
    assert _told(app.openapi()["components"]["schemas"][model.__name__]) == _told(model.model_json_schema())
    assert issubclass(of_prefect, model)
    assert set(of_prefect.model_fields) - set(model.model_fields) == {"acting_person"}


@pytest.mark.parametrize("kind", list(StepKind))
def test_page_asks_for_every_field_of_the_form(kind: StepKind) -> None:
    drawn = {field.name for field in fields_of(FORMS[kind], {}, [])}

    assert drawn == set(FORMS[kind].model_fields)


def test_acts_are_the_same_on_pages_and_in_the_api(app: FastAPI) -> None:
    calls = {route.path.removeprefix(PREFIX) for route in _routes(app, "POST") if _is_api(route)}
    targets = {route.path for route in _routes(app, "POST") if not _is_api(route)}

    assert calls == {act.path for act in ACTS if _by_program(act)}
    assert targets >= {act.path for act in ACTS}
    assert targets - {act.path for act in ACTS} <= SIGNS_IN


def test_every_page_that_shows_data_has_a_read(app: FastAPI) -> None:
    reads = {route.path.removeprefix(PREFIX) for route in _routes(app, "GET") if _is_api(route)}
    forms = {act.path for act in ACTS}
    pages = {route.path for route in _routes(app, "GET") if not _is_api(route)} - forms

    missing = {
        page: READS.get(page, page) for page in pages - set(WITHOUT_READ) if READS.get(page, page) not in reads
    }

    assert missing == {}


def _routes(app: FastAPI, method: str) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute) and method in route.methods]


def _is_api(route: APIRoute) -> bool:
    return route.path.startswith(PREFIX)


def _by_program(act: Act) -> bool:
    return getattr(act, "by_program", True)


def _body(app: FastAPI, act: Act) -> str:
    call = app.openapi()["paths"][PREFIX + act.path]["post"]
    reference: str = call["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def _told(schema: dict[str, Any]) -> Any:
    """A schema without what the document says in words of its own, references by their last name."""
    text = json.dumps({key: schema[key] for key in ("properties", "required", "additionalProperties") if key in schema})
    return _without_titles(json.loads(text.replace("#/$defs/", "#/components/schemas/")))


def _without_titles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_titles(one) for key, one in value.items() if not _says_nothing(key, one)}
    return [_without_titles(one) for one in value] if isinstance(value, list) else value


def _says_nothing(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
