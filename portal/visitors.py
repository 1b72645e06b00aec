"""Who is there: by the session cookie (pages) or by a token in the header (API), never the one for the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request

from models.accounts import sessions, tokens, totp
from models.accounts.errors import WrongTokenError
from models.database import transaction
from models.enums import TokenScope
from models.settings import settings
from models.tables import Account, PortalSession
from portal.cookies import SESSION, take
from portal.desk import Opener, Visitor
from portal.keys import form_token


def by_cookie(request: Request) -> Opener:
    """Finds the person whose session's secret the cookie holds."""

    def find(session: Session, now: datetime) -> Visitor | None:
        secret = take(request, SESSION)
        row = sessions.find(session, secret, now) if secret else None
        if row is None or secret is None:
            return None
        if sessions.needs_touch(row, now):
            _note_click(row.id, now)
        return _visitor(session, row, form_token(secret))

    return find


def by_token(request: Request, scope: TokenScope) -> Opener:
    """Finds the person whose token the header holds; it must allow `scope`."""

    def find(session: Session, now: datetime) -> Visitor | None:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise WrongTokenError("Thiếu mã truy cập API.")
        token = tokens.verify(session, secret.strip(), scope, now)
        return Visitor(token.person_id, token.person.code, token.person.name)

    return find


def _note_click(row_id: int, now: datetime) -> None:
    with transaction(settings().domain_url) as session:
        sessions.touch(session, row_id, now)


def _visitor(session: Session, row: PortalSession, csrf: str) -> Visitor:
    account = session.scalars(select(Account).where(Account.person_id == row.person_id)).one()
    second = row.second_factor_at is None and totp.is_set_up(account)
    person = row.person
    return Visitor(person.id, person.code, person.name, csrf, row.id, account.must_change, second)
