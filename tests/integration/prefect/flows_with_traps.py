"""Flows written the way Prefect's own documentation suggests: each falls into a trap."""

from __future__ import annotations

from prefect import flow, task
from prefect.flow_runs import asuspend_flow_run
from prefect.input import RunInput

from flows.waiting import wait_for_person
from tests.integration.prefect.flows_for_tests import Facts, Outcome


class Points(RunInput):
    """Prefect's own kind of form."""

    points: int


@task(persist_result=True)
def kept(facts: str, value: int) -> int:
    """Its result is persisted."""
    Facts(facts).note(f"kept {value}")
    return value


@task
def unkept(facts: str, value: int) -> int:
    """Its result is not."""
    Facts(facts).note(f"unkept {value}")
    return value


@flow
async def twice_and_resumed(facts: str) -> None:
    """Each task twice with the same input, then a suspension."""
    for _ in range(2):
        kept(facts, 1)
        unkept(facts, 2)
    await asuspend_flow_run(key="mot")


@flow
async def same_key(facts: str) -> None:
    """Two suspensions on one key."""
    for number in (1, 2):
        await asuspend_flow_run(key="mot")
        Facts(facts).note(f"passed {number}")


@flow
async def underscore() -> None:
    """A key with an underscore and a form."""
    await asuspend_flow_run(wait_for_input=Points, key="ho_so")


@flow
async def plain_name() -> None:
    """The same with a good key."""
    await asuspend_flow_run(wait_for_input=Points, key="ho-so")


@flow
async def fails_after_stock_input(facts: str) -> None:
    """Fails with the input in hand: Prefect's way."""
    answer = await asuspend_flow_run(wait_for_input=Points, key="ho-so")
    Facts(facts).note(f"took {answer.points}")
    raise RuntimeError("hỏng")


@flow
async def refuses_then_fails(facts: str) -> None:
    """Refuses what is below the limit on record and fails with the rest until `fixed`: our way."""
    book, message = Facts(facts), "Mời nhập"
    while True:
        answer = await wait_for_person(key="ho-so", state_name="Chờ nhập", message=message, form=Outcome)
        assert answer is not None
        if answer.points >= book.read()["outcomes"].get("limit", {"points": 50})["points"]:
            break
        message = f"Không nhận {answer.points}"
        book.note(f"refused {answer.points}")
    book.note(f"took {answer.points}")
    if "fixed" not in book.read()["outcomes"]:
        raise RuntimeError("hỏng")
