"""Papers of the office: made when their step opens or closes, put as links on the page of the run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from prefect.context import FlowRunContext, TaskRunContext
from prefect.logging import get_run_logger
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import reading, transaction
from models.documents.framing import Making
from models.documents.issuing import Made, anything_to_make, asked_anew, prepare, prepare_for_step, still_new, store
from models.documents.kinds import When, kinds_made_at
from models.documents.package import plain
from models.documents.subjects import page_of
from models.errors import OcopError, RetryableError
from models.office_clock import clock_for
from models.settings import settings
from models.steps.advancing import StepState
from models.tables import Document, EngineRun, WorkItem
from tasks.base import domain_task
from tasks.prefect_client import note_paper


async def make_papers(state: StepState) -> None:
    """Make the papers of a step that was opened or taken up; a step without any costs no task run."""
    when: When = "opened" if state.outcome is None else "closed"
    if state.item_id and kinds_made_at(state.kind, when) and _anything_new(state.item_id, when):
        await _papers_of_step(state.item_id, when)


def _anything_new(item_id: int, when: When) -> bool:
    try:
        with reading() as session:
            return anything_to_make(_making(session), session.get_one(WorkItem, item_id), when, settings().home)
    except Exception:
        return True  # the task tells what is wrong, and tries again where that helps


@domain_task("giay-to")
async def _papers_of_step(item_id: int, when: When) -> None:
    """Make what is not there yet or says something else now. A faulty template is told and holds up nobody."""
    try:
        made = _prepared(item_id, when)
    except RetryableError:
        raise
    except OcopError as error:
        get_run_logger().error("Chưa làm được giấy tờ: %s", error)
        return
    except Exception:
        # A fault of ours in a paper must not end the way of a dossier.
        get_run_logger().exception("Chưa làm được giấy tờ của việc %s.", item_id)
        return
    _keep(made, [_run_id()])


def _keep(made: Sequence[Made], run_ids: Iterable[UUID | None]) -> int:
    """Store papers and put links to them on the pages of runs; gives how many were new."""
    home = settings().home
    with transaction() as session:
        now = clock_for(session, settings()).now()
        new = [one for one in made if still_new(session, one)]
        rows = [store(session, one, home, now) for one in new]
        links = [(_key(row), _shown(one, row, home), _words(one, row)) for one, row in zip(new, rows, strict=True)]
    for run_id in filter(None, run_ids):
        for key, shown, words in links:
            note_paper(run_id, key, shown, words)
    return len(new)


@domain_task("giay-to-sau-dinh-chinh")
async def papers_after_correction(item_id: int) -> int:
    """Make anew the papers that show what a step recorded, once it was corrected; gives how many were made.

    An issued one gets another version. One that cannot be made does not hold up the others.

    Raises:
        FinalError: one of them could not be made, its template is at fault.
    """
    made, faults = _prepared_anew(item_id)
    with reading() as session:
        subject = session.get_one(WorkItem, item_id).subject
        of_case = session.scalar(select(EngineRun.flow_run_id).where(EngineRun.subject == subject))
    kept = _keep(made, dict.fromkeys([_run_id(), UUID(of_case) if of_case else None]))
    if faults:
        raise faults[0]
    return kept


def _prepared_anew(item_id: int) -> tuple[list[Made], list[OcopError]]:
    made: list[Made] = []
    faults: list[OcopError] = []
    with reading() as session:
        making, home = _making(session), settings().home
        for kind, subject in asked_anew(session, session.get_one(WorkItem, item_id)):
            try:
                one = prepare(making, kind, subject, home)
            except RetryableError:
                raise
            except OcopError as error:
                faults.append(error)
                continue
            if one is not None:
                made.append(one)
    return made, faults


def _prepared(item_id: int, when: When) -> list[Made]:
    with reading() as session:
        return prepare_for_step(_making(session), session.get_one(WorkItem, item_id), when, settings().home)


def _making(session: Session) -> Making:
    return Making(session, clock_for(session, settings()).today())


def _run_id() -> UUID | None:
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None:
        return context.flow_run.id
    task = TaskRunContext.get()
    return task.task_run.flow_run_id if task is not None else None


def _key(row: Document) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"giay-to-{row.kind}-{plain(row.subject)}".lower()).strip("-")


def _shown(made: Made, row: Document, home: Path) -> str:
    """A link to the portal's page; without a portal where the file lies: browsers open no `file://` from a page."""
    words, portal = _words(made, row), settings().paper_pages
    if portal:
        return f"[{words}]({portal}/{page_of(row.kind, row.subject)})"
    return f"{words}: `{(home / row.file).absolute()}`"


def _words(made: Made, row: Document) -> str:
    number = f" số {row.number}" if row.number else " (dự thảo)"
    version = f", bản {row.version}" if row.version > 1 else ""
    return f"{made.kind.label}{number}{version}"
