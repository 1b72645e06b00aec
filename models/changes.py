"""Whether a piece of work changed anything that is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def noting_changes(session: Session) -> Iterator[list[object]]:
    """The list fills with the rows that are added, deleted or given other values within; empty when none were."""
    changed: list[object] = []

    def note(flushing: Session, *_: object) -> None:
        changed.extend((*flushing.new, *flushing.deleted))
        changed.extend(row for row in flushing.dirty if flushing.is_modified(row))

    session.flush()
    event.listen(session, "before_flush", note)
    try:
        yield changed
    finally:
        event.remove(session, "before_flush", note)
