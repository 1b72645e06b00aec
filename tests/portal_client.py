"""The portal as browsers and programs see it, on a database of the test's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.responses import Response

from models.accounts import managing, sessions, tokens
from models.accounts.signing_in import account_of, set_password
from models.actors import SYSTEM
from models.clock import SystemClock, vn_date
from models.database import transaction
from models.enums import TokenScope
from models.tables import Account, Person
from portal import cookies
from portal.app import create_app

PASSWORD = "mot cau rat dai 2024"
HOST = "ocop.local"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

CSRF = re.compile(r'name="_csrf" value="([0-9a-f]+)"')
KEY = re.compile(r'name="_key" value="([0-9a-f]+)"')


@dataclass
class Browser:
    """One person's browser: keeps its cookies, sends forms as a page's own form would."""

    client: TestClient
    last: httpx.Response = field(init=False)

    def get(self, path: str, *, follow: bool = True) -> httpx.Response:
        """Open a page."""
        self.last = self.client.get(path, follow_redirects=follow)
        return self.last

    def send(self, path: str, fields: Mapping[str, Any] | None = None, *, follow: bool = True) -> httpx.Response:
        """Send a form with the token (and key) of the page that was opened last."""
        hidden = {}
        for name, pattern in (("_csrf", CSRF), ("_key", KEY)):
            found = pattern.search(self.last.text)
            if found is not None:
                hidden[name] = found.group(1)
        self.last = self.client.post(path, data=hidden | dict(fields or {}), follow_redirects=follow)
        return self.last


@cache
def _application() -> FastAPI:
    """The application, built once: it reads its settings with each request."""
    return create_app()


@contextmanager
def portal() -> Iterator[TestClient]:
    """A client of the application; the settings of the process say which data it serves."""
    with TestClient(_application(), base_url=f"http://{HOST}", raise_server_exceptions=True) as client:
        yield client


def real_now() -> datetime:
    """What the clock on the wall says: accounts go by that, whatever day the office has."""
    return SystemClock().now()


def set_up_second_factor(account: Account) -> None:
    """An authenticator app that is in force; `TOTP_SECRET` is its secret."""
    account.totp_secret, account.totp_confirmed_at = TOTP_SECRET, real_now()


def give_account(url: str, code: str, now: datetime, *, password: str = PASSWORD) -> None:
    """An account with a password that the person chose, whether there was one before or not."""
    with transaction(url) as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        if session.scalar(select(Account).where(Account.person_id == person.id)) is None:
            managing.add_account(session, person, SYSTEM, real_now())
        set_password(session, account_of(session, person), password, real_now())


def sign_in(client: TestClient, url: str, code: str, now: datetime) -> Browser:
    """A browser in which this person is signed in (second factor given)."""
    give_account(url, code, now)
    with transaction(url) as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        row, secret = sessions.start(session, account_of(session, person), real_now())
        row.second_factor_at = real_now()
        set_up_second_factor(account_of(session, person))
    carrier = Response()
    cookies.give(carrier, cookies.SESSION, secret)
    client.cookies.clear()
    name, value = carrier.headers["set-cookie"].split(";")[0].split("=", 1)
    client.cookies.set(name, value, domain=HOST)
    return Browser(client)


def token_for(url: str, code: str, now: datetime, *scopes: TokenScope) -> dict[str, str]:
    """The header of a program of this person."""
    give_account(url, code, now)
    with transaction(url) as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        set_up_second_factor(account_of(session, person))
        _, secret = tokens.create(session, person, "thử", scopes, vn_date(real_now()), real_now())
    return {"Authorization": f"Bearer {secret}"}
