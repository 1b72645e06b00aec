"""People with their accounts, for those who look after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.accounts.managed import managed_by
from models.accounts.managing import AccountRow, account_row
from models.actors import Actor
from models.errors import NotAllowedError
from models.paging import Page, PageAsked
from models.tables import Account, Capacity, Person

ROLES = selectinload(Person.capacities).joinedload(Capacity.office)


@dataclass(frozen=True)
class PersonAccount:
    """One person, what they are today, and their account if there is one."""

    code: str
    name: str
    email: str | None
    active: bool
    roles: list[str]
    account: AccountRow | None


def people_with_accounts(
    session: Session, who: Actor, on: date, now: datetime, *, search: str = "", asked: PageAsked | None = None
) -> Page[PersonAccount]:
    """The people whose accounts `who` looks after, by code; `search` is a part of code, name or e-mail address."""
    asked = asked or PageAsked()
    query = select(Person).where(managed_by(session, who, on))
    if search.strip():
        part = f"%{search.strip().lower()}%"
        query = query.where(or_(*(func.lower(c).like(part) for c in (Person.code, Person.name, Person.email))))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(Person.code).offset(asked.start).limit(asked.size)
    people = session.scalars(shown.options(ROLES)).all()
    return Page(_rows(session, list(people), on, now), total, asked.page, asked.size)


def person_with_account(session: Session, code: str, who: Actor, on: date, now: datetime) -> PersonAccount:
    """One of them.

    Raises:
        NotAllowedError: `who` does not look after this person, or there is nobody of this code.
    """
    query = select(Person).where(Person.code == code, managed_by(session, who, on)).options(ROLES)
    person = session.scalar(query)
    if person is None:
        raise NotAllowedError(
            f"Anh/chị không quản lý tài khoản nào của «{code}».",
            field="person",
            remedy="Xem danh sách tài khoản mình quản lý.",
        )
    return _rows(session, [person], on, now)[0]


def _rows(session: Session, people: list[Person], on: date, now: datetime) -> list[PersonAccount]:
    query = select(Account).where(Account.person_id.in_([person.id for person in people]))
    accounts = {account.person_id: account for account in session.scalars(query.options(joinedload(Account.person)))}
    return [
        PersonAccount(
            person.code,
            person.name,
            person.email,
            person.active,
            [_in_words(one) for one in person.capacities if one.holds_on(on)],
            account_row(accounts[person.id], now) if person.id in accounts else None,
        )
        for person in people
    ]


def _in_words(capacity: Capacity) -> str:
    return f"{capacity.role.label}, {capacity.office.name}" if capacity.office is not None else capacity.role.label
