"""Requests made up from the OpenAPI document, right ones and wrong ones: every answer is one that the document names.

Over a province's data in small, as a coordinator, a producer and somebody without a token. The edge cases that follow
from the document alone are put by one caller in turn, the random ones by all three; `OCOP_EXAMPLES=100` makes more of
these, and lets every caller put every case (docs/kiem-thu.md).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from benchmarks.portal_data import NOW, fill
from models.database import engine_for, reading, transaction
from models.enums import TokenScope
from models.office_clock import set_stored_now
from models.settings import settings
from models.tables import Certificate, Dossier, Person, Product, Round
from portal.app import create_app
from tests.factories import producer_of
from tests.portal_client import token_for

pytestmark = pytest.mark.slow

DEEP = "OCOP_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("OCOP_EXAMPLES", "6"))
DOSSIERS = 100
SCOPES = (TokenScope.READ, TokenScope.ACT)

CONFIG = SchemathesisConfig()
CONFIG.projects.default.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
SCHEMA = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(), config=CONFIG)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

Headers = dict[str, str]
Known = dict[str, list[Any]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The settings of this process point to a database with dossiers at every step."""
    home: Path = tmp_path_factory.mktemp("schemathesis")
    url = f"sqlite:///{home / 'ocop.sqlite'}"
    fill(url, DOSSIERS)
    with transaction(url) as session:
        set_stored_now(session, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCOP_HOME", str(home))
        settings.cache_clear()
        yield url
    settings.cache_clear()
    engine_for(url).dispose()


class Callers:
    """A coordinator, a producer and nobody, by the headers that each sends."""

    def __init__(self, coordinator: Headers, producer: Headers) -> None:
        self._all = [coordinator, producer, {}]
        self._in_turn = cycle([coordinator, producer])

    def of(self, case: Case[Any]) -> list[Headers]:
        """Who puts this case: everybody, or of the edge cases, of which there are very many, one who has a token."""
        edge = case.meta is not None and case.meta.phase.name is TestPhase.COVERAGE
        return [next(self._in_turn)] if edge and not DEEP else self._all


@pytest.fixture(scope="module")
def callers(data: str) -> Callers:
    """Over the data, with the right to read and to act."""
    with transaction(data) as session:
        made = producer_of(session, session.scalars(select(Product).order_by(Product.id)).first() or Product())
        producer = session.get_one(Person, made.person_id).code
    return Callers(*(token_for(data, code, NOW, *SCOPES) for code in ("dieu-phoi", producer)))


@pytest.fixture(scope="module")
def known(data: str) -> Known:
    """Numbers and codes that name something, by the words of the addresses."""
    with reading(data) as session:
        return {
            word: list(session.scalars(select(table.code).order_by(table.id).limit(50)))
            for word, table in (
                ("dossiers", Dossier), ("rounds", Round), ("certificates", Certificate), ("people", Person),
            )
        }  # fmt: skip


@SCHEMA.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_those_that_the_document_names(case: Case[Any], callers: Callers, known: Known) -> None:
    _name_something(case, known)
    for caller in callers.of(case):
        headers = dict(case.headers or {}) | caller
        if case.method.upper() == "POST" and case.meta is not None and case.meta.generation.mode.is_positive:
            headers["Idempotency-Key"] = uuid.uuid4().hex
        case.call_and_validate(headers=headers, checks=CHECKS)


def _name_something(case: Case[Any], known: Known) -> None:
    """Of made-up numbers and codes let most name something, or every answer would be 404."""
    parts = case.path_parameters
    if not parts or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name, value in parts.items():
        codes = known.get(case.path.split("/")[3] if case.path.startswith("/api/") else "", [])
        if isinstance(value, int):
            parts[name] = value % 400
        elif name == "code" and codes:
            parts[name] = codes[len(str(value)) % len(codes)]
