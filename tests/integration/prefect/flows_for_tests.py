"""Small flows with the shape of ours: re-entrant, their facts in a file that outlives the run."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, Field

from flows.waiting import set_tags, wait_for_person

STEPS = ("xa", "tu-van", "hoi-dong")
NAMES = {"xa": "Chờ UBND xã đánh giá", "tu-van": "Chờ tư vấn", "hoi-dong": "Chờ hội đồng chấm điểm"}


class Outcome(BaseModel):
    """The form of each step."""

    accepted: bool = Field(title="Đạt")
    points: int = Field(title="Điểm", ge=0, le=100)


class Facts:
    """A JSON file of what was recorded: `outcomes` by step and a `log` of what was done."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def read(self) -> dict[str, Any]:
        """Everything recorded so far."""
        if not self.path.exists():
            return {"outcomes": {}, "log": []}
        found: dict[str, Any] = json.loads(self.path.read_text())
        return found

    def record(self, step: str, outcome: dict[str, Any]) -> None:
        """A person's act."""
        facts = self.read()
        facts["outcomes"][step] = outcome
        self._write(facts)

    def note(self, what: str) -> None:
        """Something that the flow did."""
        facts = self.read()
        facts["log"].append(what)
        self._write(facts)

    def _write(self, facts: dict[str, Any]) -> None:
        fresh = self.path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(facts))
        fresh.replace(self.path)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="{step}")
def close_step(facts: str, step: str) -> None:
    """Do what follows a step; once, because the flow asks the facts first."""
    Facts(facts).note(f"closed {step}")


@flow(persist_result=False)
async def three_steps(facts: str) -> str:
    """Three waits; an outcome is refused when not accepted or below 50 points."""
    book = Facts(facts)
    book.note("started")
    for step in STEPS:
        await _through(book, step)
    return "done"


async def _through(book: Facts, step: str) -> None:
    message = "Mời nhập kết quả"
    while (outcome := book.read()["outcomes"].get(step)) is None:
        await set_tags(["đợt:thử", f"chặng:{step}"])
        answer = await wait_for_person(key=step, state_name=NAMES[step], message=message, form=Outcome)
        if answer is not None and answer.points >= 50:
            book.record(step, answer.model_dump())
        elif answer is not None:
            message = f"Không nhận {answer.points} điểm"
            book.note(f"refused {step} {answer.points}")
    if f"closed {step}" not in book.read()["log"]:
        close_step(str(book.path), step)
    assert outcome


@flow(persist_result=False)
async def no_form(facts: str) -> None:
    """Waits on one key until `go` is recorded."""
    book = Facts(facts)
    while "go" not in book.read()["outcomes"]:
        book.note("waiting")
        await wait_for_person(key="khong-form", state_name="Chờ quyết định", message="Chờ")


@flow(persist_result=False)
async def breaks(kind: str) -> None:
    """Ends badly in the way asked for."""
    if kind == "error":
        raise ValueError("sai")
    if kind == "exit":
        raise SystemExit(3)
    if kind == "bad-key":
        await wait_for_person(key="co_gach_duoi", state_name="Chờ", message="Chờ")


@flow(persist_result=False)
async def slow(facts: str, seconds: float) -> str:
    """Takes its time, and notes begin and end."""
    Facts(facts).note("began")
    await asyncio.sleep(0 if "go" in Facts(facts).read()["outcomes"] else seconds)
    Facts(facts).note("ended")
    return "done"


@flow(persist_result=False)
async def slow_then_waits(facts: str, seconds: float) -> None:
    """Takes its time before it waits."""
    Facts(facts).note("began")
    await asyncio.sleep(seconds)
    await wait_for_person(key="cham", state_name="Chờ", message="Chờ")
    Facts(facts).note("ended")


@flow(persist_result=False, retries=1)
async def retried(facts: str) -> None:
    """Fails once between taking the input and recording it."""
    book = Facts(facts)
    answer = await wait_for_person(key="mot-lan", state_name="Chờ nhập", message="Mời nhập", form=Outcome)
    book.note(f"took {answer.points if answer else None}")
    if book.read()["log"].count("took 80") == 1:
        raise RuntimeError("cơ sở dữ liệu bận")
