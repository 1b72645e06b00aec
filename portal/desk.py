"""Where a request is dealt with: the data, the moment, and who is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from models.acting import acting_in, acting_on_item, capacities_of, choices_in, choices_on_item
from models.actors import Actor, Held
from models.clock import SystemClock, vn_date
from models.database import KeepingSession, reading, transaction
from models.enums import Role
from models.errors import NotAllowedError
from models.office_clock import office_moment
from models.offices.people import person_of_code
from models.settings import settings
from models.tables import Capacity, Person, WorkItem

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass(frozen=True)
class Visitor:
    """Who is there, as the session cookie or the token says; `session_id` is empty for programs.

    `second_factor_due`: a code is to be given in this session. `second_factor`: the person has one at all.
    """

    person_id: int
    code: str
    name: str
    csrf: str = ""
    session_id: int | None = None
    must_change: bool = False
    second_factor_due: bool = False
    second_factor: bool = False


@dataclass
class Desk:
    """One request's way to the data. `visitor` is there on all but public routes.

    `now` is the office's time, which a demo simulates (`simulated`); accounts, sessions and tokens go by `real_now`.
    `behalf` is the code of whom the person chose to act as (themselves, or thay mặt), where there is more than one way:
    the desk then knows no other capacities.
    """

    session: Session
    now: datetime
    somebody: Visitor | None = None
    behalf: str = ""
    simulated: bool = False

    @cached_property
    def real_now(self) -> datetime:
        """What the clock on the wall says."""
        return SystemClock().now()

    @property
    def today(self) -> date:
        """The day it is in Viet Nam."""
        return vn_date(self.now)

    @property
    def visitor(self) -> Visitor:
        """Who is there.

        Raises:
            NotAllowedError: nobody has signed in.
        """
        if self.somebody is None:
            raise NotAllowedError("Chưa đăng nhập.", field="actor", remedy="Đăng nhập rồi thử lại.")
        return self.somebody

    @cached_property
    def person(self) -> Person:
        """The person who is there."""
        return self.session.get_one(Person, self.visitor.person_id)

    @cached_property
    def _every(self) -> list[Held]:
        return capacities_of(self.session, self.person, self.today) if self.somebody is not None else []

    @property
    def held(self) -> list[Held]:
        """In which capacities the person may act today: their own, and those of people they stand in for."""
        chosen = self.on_behalf_of
        return [held for held in self._every if chosen in {None, held.capacity.person_id}]

    @property
    def capacities(self) -> list[Capacity]:
        """These capacities by themselves: by them `models.access` finds what is the person's to see."""
        return [held.capacity for held in self.held]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of these capacities."""
        return frozenset(held.capacity.role for held in self.held)

    def acting(self, *roles: Role) -> Actor:
        """The person in one of these roles.

        Raises:
            NotAllowedError: the person holds none of them.
        """
        behalf = self.on_behalf_of
        return acting_in(self.session, self.person, roles, self.today, on_behalf_of=behalf, held=self.held)

    def choices_in(self, *roles: Role) -> list[Held]:
        """The capacities in these roles by which the person may do an act that is no work item."""
        return choices_in(self.session, self.person, roles, self.today, held=self.held)

    def choices_on(self, item: WorkItem) -> list[Held]:
        """The capacities by which the person may close the item."""
        return choices_on_item(self.session, self.person, item, self.today, held=self.held)

    def acting_on(self, item: WorkItem) -> Actor:
        """The person in the capacity that closes the item; a wrong person is left to the domain to refuse."""
        behalf = self.on_behalf_of
        return acting_on_item(self.session, self.person, item, self.today, on_behalf_of=behalf, held=self.held)

    @property
    def on_behalf_of(self) -> int | None:
        """Whom the person chose to act as, if they said it.

        Raises:
            NotFoundError: nobody has that code.
        """
        if not self.behalf:
            return None
        return person_of_code(self.session, self.behalf).id

    @staticmethod
    def plain(data: Any) -> Any:
        """Data as JSON has them."""
        return _ANYTHING.dump_python(data, mode="json")


Opener = Callable[[Session, datetime], Visitor | None]
"""Finds out who is there, at this moment of the clock on the wall."""


@contextmanager
def looking(who: Opener) -> Iterator[Desk]:
    """A desk that only reads."""
    found = settings()
    with reading(found.domain_url, kind=KeepingSession) as session:
        now, simulated = office_moment(session, found)
        yield Desk(session, now, who(session, SystemClock().now()), simulated=simulated)


@contextmanager
def working(visitor: Visitor) -> Iterator[Desk]:
    """A desk whose acts are stored together or not at all."""
    found = settings()
    with transaction(found.domain_url, kind=KeepingSession) as session:
        now, simulated = office_moment(session, found)
        yield Desk(session, now, visitor, simulated=simulated)
