"""`reach` with the engine behind it: opens the step, suspends the run until a person acts, takes up the outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache

from pydantic import BaseModel, Field, create_model

from flows.procedure import Reach
from flows.waiting import generation_of_run, set_tags, wait_for_person
from models.acting import acting_on_item
from models.database import reading, transaction
from models.errors import FinalError, PersonError
from models.forms import FORMS
from models.office_clock import clock_for
from models.offices.people import person_of_code
from models.process.kinds import StepKind
from models.settings import settings
from models.signals import generation_in_charge
from models.steps.advancing import StepState, known_outcome
from models.steps.cases import load_case, tags_at, waiting_message, waiting_name
from models.steps.decision import may_fall_back
from models.tables import DossierAttempt, WorkItem
from models.work_items import complete, find_item, item_key
from tasks.base import StepTask
from tasks.board import publish_board
from tasks.documents import make_papers


class CaseEndedError(Exception):
    """The case ended while its run was waiting (the producer withdrew, the certificate is over)."""


class OvertakenError(Exception):
    """An earlier step was stated anew while the run was under way: the procedure begins again at the top."""


class SupersededError(Exception):
    """Another run carries the case since (this one had failed and was retried later): nothing is left to do here."""


SUPERSEDED = "Đã có lượt chạy mới"


MOST_ROUNDS = 20
"""Corrections in the instant of one run; more would be a fault of ours that goes round for ever [ours]."""


async def follow(engine: Engine, procedure: Callable[[Reach], Awaitable[str | None]], ended: str = "") -> str:
    """Go through the procedure to its end, again when it was overtaken; gives the name of the end.

    `ended`: what it is called when somebody ended the case while its run was waiting.

    Raises:
        FinalError: it is overtaken again and again.
    """
    for _ in range(MOST_ROUNDS):
        try:
            return await procedure(engine) or ""
        except OvertakenError:
            continue
        except CaseEndedError:
            return ended
        except SupersededError:
            return SUPERSEDED
    raise FinalError(f"{engine.subject}: quy trình quay vòng mãi.", field="subject", remedy="Báo lỗi phần mềm.")


class Engine:
    """Implements `flows.procedure.Reach` for the run of one case."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        with reading() as session:
            self.case = load_case(session, subject)

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        """The outcome of the step. What was taken up before costs no call to Prefect.

        Raises:
            CaseEndedError: the case ended in the meantime.
            OvertakenError: an earlier step was stated anew in the meantime.
        """
        with reading() as session:
            known = known_outcome(session, step.kind, self.subject, turn)
        if known is not None:
            return known
        refusal = ""
        while True:
            state = await step.run(self.case.number, turn)
            if state.ended:
                raise CaseEndedError
            if state.overtaken:
                raise OvertakenError
            await make_papers(state)
            if state.outcome is not None:
                return state
            refusal = await self._wait(state, refusal)

    async def falls_back(self) -> bool:
        """Whether this level decides itself after the level above did not recognise the product."""
        with reading() as session:
            return may_fall_back(session, session.get_one(DossierAttempt, self.case.number))

    async def asked_for(self, step: StepTask) -> bool:
        """Whether the case began with this step: the act that called for it opened it in its own transaction."""
        with reading() as session:
            return find_item(session, item_key(self.subject, step.kind, 1)) is not None

    async def _wait(self, state: StepState, refusal: str) -> str:
        """Suspend the run at this step. Comes back only with a form from Prefect's own *Resume*: record it.

        Raises:
            SupersededError: another run waits for this case already.
        """
        with reading() as session:
            if generation_of_run() < generation_in_charge(session, self.subject):
                raise SupersededError
            today = clock_for(session, settings()).today()
        await set_tags(tags_at(self.case, state.kind, state.due_on, today))
        if self.case.round_id is not None:
            await publish_board(self.case.round_id)
        answer = await wait_for_person(
            key=f"item-{state.item_id}",
            state_name=waiting_name(state.kind, state.due_on, today),
            message=refusal or waiting_message(state.kind, state.due_on),
            form=prefect_form(state.kind),
        )
        return "" if answer is None else record_from_prefect(state.item_id, answer)


@cache
def prefect_form(kind: StepKind) -> type[BaseModel]:
    """The step's form with who acts: Prefect's open-source UI has no users of its own (docs/traps.md, 11)."""
    form = FORMS[kind]
    who: str = Field(title="Mã người thực hiện", description="Mã trong danh sách «ocop person list»", min_length=1)
    return create_model(f"{form.__name__}InPrefect", __base__=form, acting_person=(str, who))


def record_from_prefect(item_id: int, answer: BaseModel) -> str:
    """Record what was filled in on Prefect's form; gives the refusal in words, empty when accepted."""
    data = answer.model_dump(mode="json")
    code = data.pop("acting_person")
    try:
        with transaction() as session:
            clock = clock_for(session, settings())
            item = session.get_one(WorkItem, item_id)
            who = acting_on_item(session, person_of_code(session, code), item, clock.today())
            complete(session, item_id, data, who, clock.now())
    except PersonError as error:
        return f"Chưa ghi được: {error}"
    return ""
