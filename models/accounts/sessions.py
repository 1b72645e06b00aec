"""Sessions of the portal: begun, found again by their secret, ended by time or by an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from models.accounts.secrets import kept, new_token
from models.database import rows_touched
from models.enums import SignedInBy
from models.errors import NotFoundError
from models.retention import sessions_kept
from models.settings import settings
from models.tables import Account, Person, PortalSession

TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last click is known: not every page that is read costs a write [ours]."""


@dataclass(frozen=True)
class SessionRow:
    """One session that holds, in the list of the person whose it is."""

    id: int
    started_at: datetime
    seen_at: datetime
    signed_in_by: str
    second_factor: bool


def start(
    session: Session, account: Account, now: datetime, *, by: SignedInBy = SignedInBy.PASSWORD
) -> tuple[PortalSession, str]:
    """Begin a session; the secret for the cookie is given this once."""
    secret = new_token()
    row = PortalSession(
        token_hash=kept(secret),
        person_id=account.person_id,
        started_at=now,
        seen_at=now,
        second_factor_at=None,
        signed_in_by=by,
    )
    session.add(row)
    session.flush()
    return row, secret


def find(session: Session, secret: str, now: datetime) -> PortalSession | None:
    """The session of this secret while it holds; none when it ended, timed out, or its person may not come in.

    Reads only: the caller notes the click with `touch` where `needs_touch` says so.
    """
    found = find_with_account(session, secret, now)
    return found[0] if found is not None else None


def find_with_account(session: Session, secret: str, now: datetime) -> tuple[PortalSession, Account] | None:
    """The same with the account of its person, by one query."""
    query = (
        select(PortalSession, Account)
        .join(Account, Account.person_id == PortalSession.person_id)
        .join(Person, Person.id == PortalSession.person_id)
        .where(PortalSession.token_hash == kept(secret), PortalSession.ended_at.is_(None))
        .where(Account.disabled_at.is_(None), Person.active)
        .options(contains_eager(PortalSession.person))
    )
    row = session.execute(query).tuples().one_or_none()
    return row if row is not None and holds(row[0], now) else None


def person_of(session: Session, secret: str) -> int | None:
    """Whose session this secret was, also where it has ended: what they typed last is kept for them only."""
    return session.scalar(select(PortalSession.person_id).where(PortalSession.token_hash == kept(secret)))


def session_rows(session: Session, person_id: int, now: datetime) -> list[SessionRow]:
    """The sessions of a person that hold, the latest click first."""
    query = select(PortalSession).where(PortalSession.person_id == person_id, PortalSession.ended_at.is_(None))
    rows = [row for row in session.scalars(query.order_by(PortalSession.seen_at.desc())) if holds(row, now)]
    return [
        SessionRow(row.id, row.started_at, row.seen_at, row.signed_in_by.label, row.second_factor_at is not None)
        for row in rows
    ]


def end_one(session: Session, person_id: int, row_id: int, now: datetime) -> None:
    """End one session of a person, wherever it is.

    Raises:
        NotFoundError: the person has none of this number that has not ended.
    """
    if not end_all(session, person_id, now, only=row_id):
        raise NotFoundError(
            f"Không có phiên đăng nhập số {row_id}.", field="session", remedy="Xem danh sách phiên của mình."
        )


def holds(row: PortalSession, now: datetime) -> bool:
    """Whether neither time-out has passed (`OCOP_SESSION_IDLE_MINUTES`, `OCOP_SESSION_HOURS`)."""
    own = settings()
    idle, whole = timedelta(minutes=own.session_idle_minutes), timedelta(hours=own.session_hours)
    return row.ended_at is None and now < row.seen_at + idle and now < row.started_at + whole


def needs_touch(row: PortalSession, now: datetime) -> bool:
    """Whether the last click that we know of is long enough ago to note this one."""
    return now - row.seen_at >= TOUCH_EVERY


def touch(session: Session, row_id: int, now: datetime) -> None:
    """Note a click; an ended session stays ended."""
    alive = update(PortalSession).where(PortalSession.id == row_id, PortalSession.ended_at.is_(None))
    session.execute(alive.values(seen_at=now))


def rotate(session: Session, row: PortalSession) -> str:
    """A new secret for the same session, whenever more is allowed than before; the old one opens nothing more."""
    secret = new_token()
    row.token_hash = kept(secret)
    session.flush()
    return secret


def end(session: Session, row: PortalSession, now: datetime) -> None:
    """End one session (signing out)."""
    end_all(session, row.person_id, now, only=row.id)


def end_all(session: Session, person_id: int, now: datetime, *, but: int | None = None, only: int | None = None) -> int:
    """End the sessions of a person, save `but`; gives how many."""
    session.flush()
    query = select(PortalSession).where(PortalSession.person_id == person_id, PortalSession.ended_at.is_(None))
    rows = [row for row in session.scalars(query) if row.id != but and only in {None, row.id}]
    for row in rows:
        row.ended_at = now
    session.flush()
    return len(rows)


def forget_over(session: Session, now: datetime) -> int:
    """Drop the sessions that have been over for longer than `retention.yaml` says; how many."""
    before = now - sessions_kept()
    ran_out = PortalSession.started_at < before - timedelta(hours=settings().session_hours)
    return rows_touched(session, delete(PortalSession).where(or_(PortalSession.ended_at < before, ran_out)))
