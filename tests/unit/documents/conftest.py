"""Papers made from what the factories build."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.documents.building import build
from models.documents.framing import Making
from models.documents.kinds import kind_named
from models.documents.paper import Paper
from models.documents.rendering import render
from models.documents.templates import template_of

Put = Callable[..., bytes]
"""Make a paper of a kind about a subject; gives the Word file."""

TODAY = date(2024, 12, 20)
NOWHERE = Path("/nonexistent")


@pytest.fixture
def say(session: Session) -> Callable[..., Any]:
    """What a paper says."""

    def built(kind: str, subject: Any, today: date = TODAY) -> Paper | None:
        session.flush()
        return build(Making(session, today), kind_named(kind), subject)

    return built


@pytest.fixture
def put(say: Callable[..., Any]) -> Put:
    """The paper as a Word file."""

    def made(kind: str, subject: Any, today: date = TODAY) -> bytes:
        paper = say(kind, subject, today)
        assert paper is not None, f"no {kind}"
        return render(template_of(kind_named(kind), NOWHERE), paper)

    return made
