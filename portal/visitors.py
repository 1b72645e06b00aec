"""Who is there: by the session cookie (pages) or by a token in the header (API), never the one for the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request

from models.accounts import sessions, tokens, totp
from models.accounts.errors import WrongTokenError
from models.database import transaction
from models.enums import SignedInBy, TokenScope
from models.settings import settings
from models.tables import Account, ApiToken, PortalSession
from portal.cookies import SESSION, take
from portal.desk import Opener, Visitor
from portal.keys import form_token


def by_cookie(request: Request) -> Opener:
    """Finds the person whose session's secret the cookie holds."""

    def find(session: Session, now: datetime) -> Visitor | None:
        secret = session_secret(request)
        found = sessions.find_with_account(session, secret, now) if secret else None
        if found is None or secret is None:
            return None
        row, account = found
        if sessions.needs_touch(row, now):
            _note_click(row.id, now)
        return _visitor(row, account, form_token(secret))

    return find


def session_secret(request: Request) -> str | None:
    """The secret of the session that the browser holds, whether that has ended or not."""
    return take(request, SESSION, seconds=settings().session_hours * 3600)


def by_token(request: Request, scope: TokenScope) -> Opener:
    """Finds the person whose token the header holds; it must allow `scope`."""

    def find(session: Session, now: datetime) -> Visitor | None:
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise WrongTokenError("Thiếu mã truy cập API.")
        token = tokens.verify(session, secret.strip(), scope, now)
        if tokens.needs_touch(token, now):
            _note_use(token, now)
        person = token.person
        return Visitor(person.id, person.code, person.name, second_factor=totp.is_set_up(_account(session, person.id)))

    return find


def _note_click(row_id: int, now: datetime) -> None:
    with transaction(settings().domain_url) as session:
        sessions.touch(session, row_id, now)


def _note_use(token: ApiToken, now: datetime) -> None:
    with transaction(settings().domain_url) as session:
        tokens.touch(session, token, now)


def _visitor(row: PortalSession, account: Account, csrf: str) -> Visitor:
    person = row.person
    return Visitor(
        person_id=person.id,
        code=person.code,
        name=person.name,
        csrf=csrf,
        session_id=row.id,
        must_change=account.must_change and row.signed_in_by is SignedInBy.PASSWORD,
        second_factor_due=totp.is_set_up(account) and row.second_factor_at is None,
        second_factor=totp.is_set_up(account),
    )


def _account(session: Session, person_id: int) -> Account:
    return session.scalars(select(Account).where(Account.person_id == person_id)).one()
