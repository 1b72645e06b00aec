"""Sessions of the portal and tokens of the API: found by their secret as long as they hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import sessions, tokens
from models.accounts.errors import WrongTokenError
from models.enums import Role, TokenScope
from models.errors import InputError, NotFoundError
from models.offices.setup import give_role
from models.retention import sessions_kept
from models.tables import Account, ApiToken, PortalSession
from tests.unit.accounts.conftest import NOW, SOON, account_for, person

TODAY = NOW.date()
READ = {TokenScope.READ}
AGES = (sessions_kept() + timedelta(hours=1), sessions_kept())


def test_session_is_found_by_its_secret_which_is_not_stored(session: Session, account: Account) -> None:
    row, secret = sessions.start(session, account, NOW)

    assert sessions.find(session, secret, NOW) is row
    assert sessions.find(session, secret + "x", NOW) is None
    assert sessions.find(session, row.token_hash, NOW) is None


def test_session_ends_when_idle_and_a_click_keeps_it(session: Session, account: Account) -> None:
    row, secret = sessions.start(session, account, NOW)
    minutes = timedelta(minutes=1)

    assert sessions.find(session, secret, NOW + 29 * minutes) is row
    assert sessions.find(session, secret, NOW + 30 * minutes) is None
    sessions.touch(session, row.id, NOW + 29 * minutes)
    session.refresh(row)
    assert sessions.find(session, secret, NOW + 58 * minutes) is row


def test_session_ends_after_twelve_hours_however_busy(session: Session, account: Account) -> None:
    row, secret = sessions.start(session, account, NOW)
    row.seen_at = NOW + timedelta(hours=12)

    assert sessions.find(session, secret, NOW + timedelta(hours=12) - SOON) is row
    assert sessions.find(session, secret, NOW + timedelta(hours=12)) is None


def test_last_click_is_noted_once_a_minute(session: Session, account: Account) -> None:
    row, _ = sessions.start(session, account, NOW)

    assert not sessions.needs_touch(row, NOW + timedelta(seconds=59))
    assert sessions.needs_touch(row, NOW + SOON)


def test_rotated_session_is_found_by_the_new_secret_only(session: Session, account: Account) -> None:
    row, before = sessions.start(session, account, NOW)

    after = sessions.rotate(session, row)

    assert sessions.find(session, before, NOW) is None
    assert sessions.find(session, after, NOW) is row


def test_ended_session_is_not_found_and_no_click_wakes_it(session: Session, account: Account) -> None:
    row, secret = sessions.start(session, account, NOW)
    other, other_secret = sessions.start(session, account, NOW)

    sessions.end(session, row, NOW)
    sessions.touch(session, row.id, NOW + SOON)

    assert sessions.find(session, secret, NOW + SOON) is None
    assert sessions.find(session, other_secret, NOW + SOON) is other


def test_sessions_long_over_are_dropped_and_no_others(session: Session, account: Account) -> None:
    over, kept, open_now = (sessions.start(session, account, NOW - age)[0] for age in (AGES[0], AGES[1], SOON))
    ran_out, _ = sessions.start(session, account, NOW - sessions_kept() - timedelta(hours=13))
    over.ended_at, kept.ended_at = NOW - sessions_kept() - SOON, NOW - sessions_kept() + SOON
    session.flush()

    assert sessions.forget_over(session, NOW) == 2

    left = session.scalars(select(PortalSession.id).order_by(PortalSession.id)).all()
    assert left == [kept.id, open_now.id]
    assert {over.id, ran_out.id}.isdisjoint(left)


def test_ending_all_of_a_person_leaves_those_of_others(session: Session, account: Account) -> None:
    sessions.start(session, account, NOW)
    theirs, secret = sessions.start(session, account_for(session, "hd-pho"), NOW)

    assert sessions.end_all(session, account.person_id, NOW) == 1
    assert sessions.find(session, secret, NOW) is theirs


def test_session_of_a_person_who_left_or_of_a_disabled_account_is_not_found(session: Session, account: Account) -> None:
    _, secret = sessions.start(session, account, NOW)
    account.disabled_at = NOW
    session.flush()
    assert sessions.find(session, secret, NOW) is None

    account.disabled_at, account.person.active = None, False
    session.flush()
    assert sessions.find(session, secret, NOW) is None
    assert session.scalars(select(PortalSession.ended_at)).all() == [None]


def new_token(session: Session, account: Account, **changed: object) -> tuple[ApiToken, str]:
    facts: dict[str, object] = {"name": "Báo cáo", "scopes": READ, "expires_on": TODAY + timedelta(days=30)}
    facts |= changed
    return tokens.create(session, account.person, now=NOW, **facts)  # type: ignore[arg-type]


def test_token_is_verified_by_its_secret_until_its_last_day(session: Session, account: Account) -> None:
    token, secret = new_token(session, account)

    assert secret.startswith("ocop_")
    assert tokens.verify(session, secret, TokenScope.READ, NOW + timedelta(days=30)) is token
    for wrong, moment in ((secret, NOW + timedelta(days=31)), (token.token_hash, NOW), (secret + "x", NOW)):
        with pytest.raises(WrongTokenError):
            tokens.verify(session, wrong, TokenScope.READ, moment)


def test_token_opens_its_scopes_only(session: Session, account: Account) -> None:
    _, secret = new_token(session, account)

    with pytest.raises(WrongTokenError, match="Làm việc"):
        tokens.verify(session, secret, TokenScope.ACT, NOW)


def test_revoked_token_and_one_of_a_disabled_account_open_nothing(session: Session, account: Account) -> None:
    token, secret = new_token(session, account)
    other, kept = new_token(session, account)
    tokens.revoke(session, account.person, token.id, NOW)

    with pytest.raises(WrongTokenError):
        tokens.verify(session, secret, TokenScope.READ, NOW)
    assert tokens.verify(session, kept, TokenScope.READ, NOW) is other
    account.disabled_at = NOW
    session.flush()
    with pytest.raises(WrongTokenError):
        tokens.verify(session, kept, TokenScope.READ, NOW)


def test_nobody_revokes_the_token_of_another(session: Session, account: Account) -> None:
    token, _ = new_token(session, account)

    with pytest.raises(NotFoundError):
        tokens.revoke(session, person(session, "hd-pho"), token.id, NOW)
    assert token.revoked_at is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": set()}, "name"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expires_on"),
        ({"expires_on": TODAY + timedelta(days=366)}, "expires_on"),
        ({"scopes": {TokenScope.ADMIN}}, "scopes"),
    ],
)
def test_token_that_may_not_be_made_is_refused(
    session: Session, account: Account, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        new_token(session, account, **changed)
    assert refused.value.problems[0].field == field


def test_administrator_may_have_a_token_of_scope_admin_for_a_year(session: Session, account: Account) -> None:
    give_role(session, account.person, Role.ADMINISTRATOR, date(2024, 1, 1))
    session.flush()

    _, secret = new_token(session, account, scopes=set(TokenScope), expires_on=TODAY + timedelta(days=365))

    assert tokens.verify(session, secret, TokenScope.ADMIN, NOW).scopes == ["act", "admin", "read"]


def test_use_of_a_token_is_noted_every_five_minutes(session: Session, account: Account) -> None:
    token, _ = new_token(session, account)
    for minutes in (0, 4, 5):
        tokens.touch(session, token, NOW + timedelta(minutes=minutes))
        session.refresh(token)
        assert token.used_at == NOW + timedelta(minutes=5 if minutes == 5 else 0)
