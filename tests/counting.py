"""How many statements a read sends to the database: a list must not ask again for each of its lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements sent while the block runs, with nothing remembered from before it."""
    session.flush()
    session.expunge_all()
    with statements_to(session.get_bind()) as sent:
        yield sent


@contextmanager
def statements_to(engine: Engine | Connection) -> Iterator[list[str]]:
    """The statements that anybody sends to this database while the block runs."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
