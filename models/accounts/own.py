"""One's own account: who one is, how one gets in, who stands in for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts.managing import AccountRow, account_row
from models.accounts.sessions import SessionRow, session_rows
from models.accounts.tokens import TokenRow, token_rows
from models.delegations.making import DelegationRow, delegation_rows
from models.notifications.channels import ChannelRow, channel_rows
from models.tables import Account, Person


@dataclass(frozen=True)
class OwnAccount:
    """What a person sees of the own account; no secret. `given`: who stands in for them, `taken`: for whom they do.

    Days go by the office's time, sessions and tokens by the clock on the wall.
    """

    account: AccountRow
    recovery_left: int
    given: list[DelegationRow]
    taken: list[DelegationRow]
    tokens: list[TokenRow]
    sessions: list[SessionRow]
    channels: list[ChannelRow]


def own_account(session: Session, person: Person, today: date, real_now: datetime) -> OwnAccount:
    """The account of somebody who is signed in."""
    account = session.scalars(select(Account).where(Account.person_id == person.id)).one()
    rules = delegation_rows(session, today)
    return OwnAccount(
        account=account_row(account, real_now),
        recovery_left=len(account.recovery_codes),
        given=[rule for rule in rules if rule.from_code == person.code],
        taken=[rule for rule in rules if rule.to_code == person.code],
        tokens=token_rows(session, person.id, real_now),
        sessions=session_rows(session, person.id, real_now),
        channels=channel_rows(session, person),
    )
