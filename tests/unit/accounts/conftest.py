"""People with accounts, in the office of Thọ Xuân."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts.managing import add_account
from models.accounts.signing_in import set_password
from models.actors import SYSTEM
from models.tables import Account, Person
from tests.factories import at

NOW = at("2024-03-01")
SOON = timedelta(minutes=1)
PASSWORD = "một mật khẩu đủ dài"


def person(session: Session, code: str = "dieu-phoi") -> Person:
    return session.scalars(select(Person).where(Person.code == code)).one()


def account_for(session: Session, code: str = "dieu-phoi", password: str = PASSWORD) -> Account:
    """An account whose owner has chosen a password."""
    add_account(session, person(session, code), SYSTEM, NOW)
    account = session.scalars(select(Account).where(Account.person_id == person(session, code).id)).one()
    set_password(session, account, password, NOW)
    return account


@pytest.fixture
def account(session: Session) -> Account:
    return account_for(session)
