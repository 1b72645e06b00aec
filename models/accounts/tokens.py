"""Tokens with which a person's programs use the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.accounts.errors import MissingScopeError, WrongTokenError
from models.accounts.secrets import kept, new_token
from models.actors import oneself
from models.clock import vn_date
from models.enums import Role, TokenScope
from models.errors import InputError, NotFoundError
from models.office_clock import office_time
from models.tables import Account, ApiToken, Capacity, Person

LONGEST = timedelta(days=365)
"""Longest life of a token [ours]."""

PREFIX = "ocop_"
"""So that a token is known for one where it does not belong (in a mail, in a repository)."""

TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class TokenRow:
    """One token in the list of the person whose it is; never its secret."""

    id: int
    name: str
    scopes: list[str]
    scope_labels: list[str]
    created_at: datetime
    expires_on: date
    used_at: datetime | None
    holds: bool


def token_rows(session: Session, person_id: int, now: datetime) -> list[TokenRow]:
    """The tokens of a person that were not revoked, the latest first; those out of date say so."""
    query = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    return [
        TokenRow(
            id=token.id,
            name=token.name,
            scopes=token.scopes,
            scope_labels=[TokenScope(scope).label for scope in token.scopes],
            created_at=token.created_at,
            expires_on=token.expires_on,
            used_at=token.used_at,
            holds=token.expires_on >= vn_date(now),
        )
        for token in session.scalars(query.order_by(ApiToken.id.desc()))
    ]


def create(
    session: Session, person: Person, name: str, scopes: Iterable[TokenScope], expires_on: date, now: datetime
) -> tuple[ApiToken, str]:
    """A new token of the person; its secret is given this once.

    Raises:
        InputError: no name or scope, a day past or more than a year ahead, `admin` without being an administrator.
    """
    wanted, today = sorted(set(scopes)), vn_date(now)
    _check(session, person, name, wanted, expires_on, today)
    secret = PREFIX + new_token()
    token = ApiToken(
        person_id=person.id,
        name=name.strip(),
        token_hash=kept(secret),
        scopes=[scope.value for scope in wanted],
        created_at=now,
        expires_on=expires_on,
    )
    session.add(token)
    session.flush()
    facts = {"token": token.id, "scopes": token.scopes, "expires_on": expires_on.isoformat()}
    audit.record(
        session,
        oneself(session, person.id, today),
        "token.created",
        f"person:{person.id}",
        office_time(session, now),
        data=facts,
    )
    return token, secret


def revoke(session: Session, person: Person, token_id: int, now: datetime) -> ApiToken:
    """End one of the person's own tokens.

    Raises:
        NotFoundError: the person has none of this number.
    """
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.person_id == person.id)
    token = session.scalar(query)
    if token is None:
        raise NotFoundError(f"Không có mã truy cập số {token_id}.", field="token", remedy="Xem danh sách mã của mình.")
    if token.revoked_at is None:
        token.revoked_at = now
        who = oneself(session, person.id, vn_date(now))
        audit.record(
            session, who, "token.revoked", f"person:{person.id}", office_time(session, now), data={"token": token.id}
        )
    return token


def revoke_all(session: Session, person_id: int, now: datetime) -> None:
    """End all tokens of a person (reset, disabled)."""
    rows = update(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    session.execute(rows.values(revoked_at=now))


def verify(session: Session, secret: str, scope: TokenScope, now: datetime) -> ApiToken:
    """The token of this secret, if it may be used for acts of this scope. Reads only (`touch` notes the use).

    Raises:
        WrongTokenError: unknown, revoked, out of date, of a person who may not come in, or without the scope.
    """
    query = (
        select(ApiToken)
        .join(Account, Account.person_id == ApiToken.person_id)
        .join(Person, Person.id == ApiToken.person_id)
        .where(ApiToken.token_hash == kept(secret), ApiToken.revoked_at.is_(None))
        .where(ApiToken.expires_on >= vn_date(now), Account.disabled_at.is_(None), Person.active)
        .options(joinedload(ApiToken.person))
    )
    token = session.scalar(query)
    if token is None:
        raise WrongTokenError
    if scope.value not in token.scopes:
        raise MissingScopeError(scope.value, scope.label)
    return token


def needs_touch(token: ApiToken, now: datetime) -> bool:
    """Whether the last use that we know of is long enough ago to note this one."""
    return token.used_at is None or now - token.used_at >= TOUCH_EVERY


def touch(session: Session, token: ApiToken, now: datetime) -> None:
    """Note that it was used, not more often than every five minutes."""
    if needs_touch(token, now):
        session.execute(update(ApiToken).where(ApiToken.id == token.id).values(used_at=now))


def _check(
    session: Session, person: Person, name: str, scopes: list[TokenScope], expires_on: date, today: date
) -> None:
    if not name.strip() or not scopes:
        raise InputError("Mã truy cập phải có tên và phạm vi.", field="name", remedy="Ghi tên, chọn phạm vi.")
    if not today <= expires_on <= today + LONGEST:
        raise InputError(
            "Hạn của mã truy cập phải từ hôm nay đến nhiều nhất một năm.",
            field="expires_on",
            remedy=f"Chọn ngày chậm nhất {today + LONGEST:%d/%m/%Y}.",
        )
    if TokenScope.ADMIN in scopes and not _is_administrator(session, person, today):
        raise InputError(
            f"{person.name} không phải quản trị nên mã không có phạm vi «{TokenScope.ADMIN.label}» được.",
            field="scopes",
            remedy="Bỏ phạm vi đó.",
        )


def _is_administrator(session: Session, person: Person, on: date) -> bool:
    query = select(Capacity).where(Capacity.person_id == person.id, Capacity.role == Role.ADMINISTRATOR)
    return any(capacity.holds_on(on) for capacity in session.scalars(query))
