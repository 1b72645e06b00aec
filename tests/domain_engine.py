"""The engine of the flows without Prefect: a run goes through its procedure until somebody has to act."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.orm import Session

from flows.procedure import Reach, dossier_procedure, round_procedure
from models.process import Scope
from models.signals import run_of, waits_for_engine
from models.steps.advancing import StepState, advance, known_outcome
from models.steps.cases import mark_run_ended
from models.steps.decision import may_fall_back
from models.subjects import split_subject
from models.tables import DossierAttempt
from tasks.base import StepTask

PROCEDURES: dict[Scope, Callable[[Reach], Awaitable[str | None]]] = {
    Scope.ATTEMPT: dossier_procedure,
    Scope.ROUND: round_procedure,
}


class WaitingError(Exception):
    """The run would be suspended here."""


class StoppedError(Exception):
    """The case has ended."""


class DomainEngine:
    """As `flows.reaching.Engine`, in one transaction of the caller."""

    def __init__(self, session: Session, subject: str, now: datetime) -> None:
        self.session, self.subject, self.now = session, subject, now

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        state = known_outcome(self.session, step.kind, self.subject, turn) or advance(
            self.session, step.kind, self.subject, self.now, turn
        )
        assert not state.overtaken  # nothing happens while it runs here
        if state.ended:
            raise StoppedError
        if state.outcome is None:
            raise WaitingError
        return state

    async def falls_back(self) -> bool:
        number = split_subject(self.subject)[1]
        return may_fall_back(self.session, self.session.get_one(DossierAttempt, number))

    async def asked_for(self, _step: StepTask) -> bool:
        raise AssertionError("only cases of a certificate begin elsewhere")


def run_engine(session: Session, subject: str, now: datetime) -> None:
    """One execution of the run of a dossier or round, if it is woken at all."""
    if not waits_for_engine(session, subject):
        return
    run = run_of(session, subject)
    run.flow_run_id = run.flow_run_id or subject  # it has started: only news wake it again
    try:
        asyncio.run(_go(session, subject, now))
    except WaitingError:
        return
    except StoppedError:
        pass
    mark_run_ended(session, subject, now)


async def _go(session: Session, subject: str, now: datetime) -> None:
    await PROCEDURES[split_subject(subject)[0]](DomainEngine(session, subject, now))
