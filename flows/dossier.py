"""The dossier flow: one attempt of a dossier is one run, which waits at each step without costing anything."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.procedure import dossier_procedure
from flows.reaching import SUPERSEDED, Engine, follow
from models.database import reading, transaction
from models.office_clock import clock_for
from models.settings import settings
from models.steps.cases import load_case, mark_run_ended
from models.subjects import attempt_subject
from tasks.board import publish_board


@flow(name="dossier", persist_result=False, validate_parameters=False)
async def dossier(attempt_id: int) -> State[Any]:
    """The way of one product through the seven steps (domain.md §1); safe to run again at any time."""
    subject = attempt_subject(attempt_id)
    engine = Engine(subject)
    name = await follow(engine, dossier_procedure)
    if name == SUPERSEDED:
        return Completed(name=name, message="Hồ sơ đang chạy tiếp ở lượt chạy mới hơn.")
    with reading() as session:
        case = load_case(session, subject)
    name = name or case.ended_name
    if case.round_id is not None:
        await publish_board(case.round_id)
    with transaction() as session:
        mark_run_ended(session, subject, clock_for(session, settings()).now())
    return Completed(name=name, message=case.ended_because or name)
