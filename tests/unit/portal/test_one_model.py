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

NO_ACTS = {
    "/account/password": "signing in",
    "/second-factor": "signing in",
    "/second-factor/confirmation": "signing in",
    "/second-factor/enrolment": "signing in",
    "/sign-in": "signing in",
    "/sign-out": "signing in",
    "/dossiers/{code}/package": "gives a file, changes nothing (a call of its own)",
    "/items/{item_id}/sheet-draft/total": "the running total beside the sheet, changes nothing",
    "/signatures": "a look at any signed file, changes nothing (for programs: /files/{sha256}/signatures)",
    "/registrations/{round}/{product_id}/{step}/autosave": "what the act of the step keeps, kept while typing",
}
"""Targets of forms that are no acts, with the reason."""

MORE_CALLS = {
    "/dossiers/{code}/package": "gives a file, changes nothing",
    "/files": "an upload, of which pages are parts of their forms",
}
"""Calls of the API that are no acts, with the reason."""

WITHOUT_READ = {
    "/account/password": "signing in",
    "/second-factor": "signing in",
    "/sign-in": "signing in",
    "/sign-in/identity": "signing in",
    "/sign-in/identity/back": "signing in",
    "/ical/{token}.ics": "for calendars, by a secret of its own; /work has the same",
    "/c/{code}/qr.svg": "the address of the page as a picture",
    "/exports/ptnt-ocop": "the register as the workbook that the ministry's table asks for",
    "/workbooks": "workbooks are for people; programs have the calls of what is in them",
    "/workbooks/{book}/current": "a workbook, for people",
    "/workbooks/{book}/template": "a workbook, for people",
}
"""Pages that show nothing which a program needs, with the reason."""

READS = {
    "/": "/work",
    "/c": "/public/certificates",
    "/c/{code}": "/public/certificates/{code}",
    "/dossiers/{code}/diff": "/dossiers/{code}/comparison",
    "/dossiers/{code}/scores/{product_id}.svg": "/dossiers/{code}",
    "/exports/open-data": "/public/certificates",
    "/exports/register": "/certificates",
    "/exports/reports/{year}": "/reports",
    "/exports/rounds/{code}/board": "/rounds/{code}",
    "/exports/rounds/{code}/scores": "/sessions/{session_id}/results",
    "/items": "/work",
    "/papers/{kind}/{subject}/docx": "/papers/{kind}/{subject}",
    "/papers/{kind}/{subject}/pdf": "/papers/{kind}/{subject}",
    "/signatures": "/files/{sha256}/signatures",
    "/registrations/{round}/{product_id}/evidence": "/registrations/{round}/{product_id}",
    "/reports/charts/{name}.svg": "/reports",
    "/rounds/{code}/calendar.ics": "/rounds/{code}/calendar",
    "/rounds/{code}/progress.svg": "/rounds/{code}/progress",
    "/sessions/{session_id}/products/{product_id}/chart.svg": "/sessions/{session_id}/results",
    "/sessions/{session_id}/progress": "/sessions/{session_id}",
    "/settings": "/settings/{office}",
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

    assert calls - set(MORE_CALLS) == {act.path for act in ACTS if _by_program(act)}
    assert targets - set(NO_ACTS) == {act.path for act in ACTS}


def test_every_page_that_shows_data_has_a_read(app: FastAPI) -> None:
    reads = {route.path.removeprefix(PREFIX) for route in _routes(app, "GET") if _is_api(route)}
    forms = {act.path for act in ACTS}
    pages = {route.path for route in _routes(app, "GET") if not _is_api(route)} - forms

    missing = {page: READS.get(page, page) for page in pages - set(WITHOUT_READ) if READS.get(page, page) not in reads}

    assert missing == {}


def _routes(app: FastAPI, method: str) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute) and method in (route.methods or ())]


def _is_api(route: APIRoute) -> bool:
    return route.path.startswith(PREFIX)


def _by_program(act: Act) -> bool:
    return act.by_program


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
