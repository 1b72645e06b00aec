"""Plays the story on a real server and worker, in simulated time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deployments.demo.acts import People
from deployments.demo.story import Event, story
from deployments.stack import Stack
from models.certificates.issuing import register_old
from models.clock import VN_TZ, FixedClock
from models.database import transaction
from models.enums import Level, OutboxKind, Role
from models.errors import RetryableError
from models.notifications.sending import something_waits
from models.office_clock import set_stored_now
from models.offices.setup import give_role, read_office_file, set_up_office
from models.rounds.plan_import import read_plan
from models.rounds.queries import product_by_name
from models.signals import undelivered
from models.tables import OutboxMessage, Person, Producer

HERE = Path(__file__).parent
OFFICE_FILE, PLAN_FILE = HERE / "office.yaml", HERE / "plan-2024.yaml"
BEGIN = date(2024, 2, 23)
WAIT_SECONDS = 90.0
"""How long the engine may take over one step; generous, as it shares the machine."""
POLL_SECONDS = 0.05


class Runner:
    """One performance: the stage on which the people of `acts.py` stand."""

    def __init__(self, stack: Stack, seed: int, tell: Callable[[str, date], None]) -> None:
        self.stack = stack
        self.url = stack.settings.domain_url
        self.rng = Random(seed)
        self.clock = FixedClock(_morning(BEGIN))
        self.tell = tell
        self.people = People(self)
        self.worker_kills: list[dict[str, Any]] = []

    def transaction(self) -> AbstractContextManager[Session]:
        """A transaction on the domain database."""
        return transaction(self.url)

    def play(self, until: date | None = None) -> None:
        """The whole year, or up to and with the day `until`.

        Raises:
            RetryableError: the engine does not follow within `WAIT_SECONDS`.
        """
        self.prepare()
        for event in story(self.people):
            if until is None or event.on <= until:
                self._play(event)
        self.settle()

    def prepare(self) -> None:
        """The office before the year begins: its people, the plan of the year, the certificates of earlier years."""
        self.set_day(BEGIN)
        self._set_up()
        self.run_flow("cycle/ocop", {"plan_file": str(PLAN_FILE), "coordinator": "dieu-phoi"}, "Kế hoạch năm 2024")
        self._enter_old_certificates()

    def _play(self, event: Event) -> None:
        if event.on != self.clock.today():
            self.settle()
            self.set_day(event.on)
        self.tell(event.words, event.on)
        if event.watch:
            self.run_flow("watch/ocop", {}, f"Theo dõi {event.on:%d/%m/%Y}")
        if event.digest:
            self.run_flow("digest/ocop", {}, f"Tổng hợp {event.on:%d/%m/%Y}")
        event.act()
        if event.kill_worker:
            self.kill_worker_in_the_middle()

    def wait_for(self, what: str, found: Callable[[], int | None]) -> int:
        """Wait until `found` gives an id.

        Raises:
            RetryableError: it does not within `WAIT_SECONDS`.
        """
        limit = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < limit:
            item = found()
            if item is not None:
                return item
            self._check_alive()
            time.sleep(POLL_SECONDS)
        raise RetryableError(f"Luồng chưa mở bước {what} sau {WAIT_SECONDS:.0f} giây.", remedy=self._where_to_look())

    def settle(self) -> None:
        """Wait until every run has taken up what was stated and waits for its next person, and people were told."""
        limit = time.monotonic() + WAIT_SECONDS
        while not self._idle():
            self._check_alive()
            if time.monotonic() > limit:
                raise RetryableError("Luồng chưa xử lý xong các kết quả.", remedy=self._where_to_look())
            time.sleep(POLL_SECONDS)

    def _idle(self) -> bool:
        with self.transaction() as session:
            waiting = session.scalar(
                select(func.count())
                .select_from(OutboxMessage)
                .where(OutboxMessage.kind == OutboxKind.SIGNAL, OutboxMessage.sent_at.is_(None))
            )
            told = not something_waits(session, datetime.now(UTC), urgent_only=True)
            return not waiting and not undelivered(session) and told

    def set_day(self, day: date) -> None:
        """Make it nine in the morning of that day for everybody."""
        self.clock.set(_morning(day))
        with self.transaction() as session:
            set_stored_now(session, self.clock.now())

    def _set_up(self) -> None:
        with self.transaction() as session:
            set_up_office(session, read_office_file(OFFICE_FILE), self.clock.now())

    def _enter_old_certificates(self) -> None:
        """Old certificates from the register, and a person for each producer: the office does this by hand."""
        plan = read_plan(PLAN_FILE)
        with self.transaction() as session:
            for producer in session.scalars(select(Producer)):
                code = f"chu-the-{producer.code}"
                person = Person(code=code, name=f"Đại diện {producer.name}", email=f"{code}@tho-xuan.example")
                session.add(person)
                session.flush()
                give_role(session, person, Role.PRODUCER, date(2024, 1, 1), producer_id=producer.id)
            for number, line in enumerate(
                (p for r in plan.rounds for p in r.products if p.from_stars is not None), start=1
            ):
                register_old(
                    session,
                    product_by_name(session, line.name),
                    stars=line.from_stars or 3,
                    decision_number=f"{2100 + number}/QĐ-UBND",
                    issued_on=date(2022, 7, 15),
                    level=Level.PROVINCE,
                )

    def run_flow(self, deployment: str, parameters: dict[str, str], name: str) -> None:
        """Run a flow to its end.

        Raises:
            RetryableError: it fails, or does not end within `WAIT_SECONDS`.
        """
        from tasks.prefect_client import create_run, read_run

        run_id: UUID = create_run(deployment, parameters, name=name)

        def ended() -> int | None:
            run = read_run(run_id)
            if run is not None and run.finished and run.state != "COMPLETED":
                raise RetryableError(f"Luồng «{name}» lỗi: {run.message}", remedy=self._where_to_look())
            return 1 if run is not None and run.finished else None

        self.wait_for(name, ended)

    def kill_worker_in_the_middle(self) -> None:
        """SIGKILL while runs are under way, then start the worker again; nothing may be lost or doubled."""
        from tasks.prefect_client import busy_runs

        busy = self.wait_for("lượt chạy đang chạy", lambda: len(busy_runs("ocop")) or None)
        self.stack.kill_worker()
        self.worker_kills.append({"on": self.clock.today().isoformat(), "signal": "SIGKILL", "runs_under_way": busy})
        self.tell("Khởi động lại tiến trình xử lý", self.clock.today())
        self.stack.start_worker()

    def _check_alive(self) -> None:
        why = self.stack.died()
        if why:
            raise RetryableError(why, remedy=self._where_to_look())

    def _where_to_look(self) -> str:
        return f"Xem nhật ký {self.stack.worker_log}."


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=VN_TZ).astimezone(UTC)
