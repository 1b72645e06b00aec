"""What `ocop db check` looks at: the file, revision and drift, due dates against the ledger, stored files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from deployments.commands.data import shown_place, sqlite_file
from deployments.database_upgrade import inspect
from models.database import reading
from models.enums import ItemStatus
from models.errors import FinalError, OcopError
from models.files.verifying import FileFault, verify_store
from models.settings import Settings
from models.tables import WorkItem
from models.work_items.opening import due_by_ledger


@dataclass(frozen=True)
class DueDate:
    """An open item whose kept due date is not the one that its ledger gives (`ledger`: none can be computed)."""

    item: int
    kept: date
    ledger: date | None
    problem: str


@dataclass(frozen=True)
class Report:
    """What was found; `integrity` and `foreign_keys` only for SQLite (PostgreSQL sees to both itself).

    `files`: stored files that are missing or changed.
    """

    ok: bool
    database: str
    revision: str | None
    needed: str | None
    drift: list[str]
    integrity: list[str]
    foreign_keys: list[str]
    items_checked: int
    due_dates: list[DueDate]
    files_checked: int
    files: list[FileFault]


def check_database(found: Settings) -> Report:
    """Look at everything; changes nothing.

    Raises:
        FinalError: the database is of a newer version.
        RetryableError: it does not answer.
    """
    integrity, foreign_keys = _file(found)
    if integrity:
        return Report(False, shown_place(found), None, None, [], integrity, foreign_keys, 0, [], 0, [])
    state = inspect(found.domain_url)
    checked, due_dates = 0, list[DueDate]()
    files_checked, files = 0, list[FileFault]()
    if state.current == state.needed:
        with reading(found.domain_url) as session:
            checked, due_dates = _due_dates(session)
            files_checked, files = verify_store(session, found.files_dir)
    return Report(
        state.up_to_date and not foreign_keys and not due_dates and not files,
        shown_place(found),
        state.current,
        state.needed,
        state.drift,
        integrity,
        foreign_keys,
        checked,
        due_dates,
        files_checked,
        files,
    )


def _file(found: Settings) -> tuple[list[str], list[str]]:
    if sqlite_file(found) is None:
        return [], []
    try:
        with reading(found.domain_url) as session:
            faults = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check"))]
            orphans = [" → ".join(map(str, row)) for row in session.execute(text("PRAGMA foreign_key_check"))]
    except FinalError as error:
        return [problem.problem for problem in error.problems], []
    return [fault for fault in faults if fault != "ok"], orphans


def _due_dates(session: Session) -> tuple[int, list[DueDate]]:
    items = session.scalars(select(WorkItem).where(WorkItem.status == ItemStatus.OPEN).order_by(WorkItem.id)).all()
    return len(items), [wrong for item in items if (wrong := _wrong_due_date(item)) is not None]


def _wrong_due_date(item: WorkItem) -> DueDate | None:
    try:
        by_ledger = due_by_ledger(item, item.owner_office)
    except OcopError as error:
        return DueDate(item.id, item.due_on, None, str(error))
    if not item.clock:
        return DueDate(item.id, item.due_on, None, "không có dòng nào trong sổ tính hạn")
    if by_ledger == item.due_on:
        return None
    return DueDate(item.id, item.due_on, by_ledger, "hạn đang ghi khác hạn tính từ sổ")
