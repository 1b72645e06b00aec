"""The nightly tidying as its tasks do it: by the setting, by the day of the data, sessions by the clock on the wall."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.accounts.sessions import start
from models.clock import SystemClock
from models.database import transaction
from models.drafts import NEW, drafts_of, item_draft_key, save_draft
from models.idempotency import Remembered, remember
from models.office_clock import set_stored_now
from models.retention import answers_kept, sessions_kept
from models.settings import settings
from models.tables import Account, IdempotencyKey, PortalSession
from tasks.tidying import forget_old_answers, forget_old_drafts, forget_old_sessions
from tests.factories import HANDED_IN, coordinator


@pytest.fixture(autouse=True)
def _this_database(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OCOP_DATABASE_URL", url)
    monkeypatch.setenv("OCOP_CLOCK", "stored")
    monkeypatch.setenv("OCOP_DRAFT_DAYS", "30")
    settings.cache_clear()
    with transaction(url) as session:
        set_stored_now(session, HANDED_IN)
    yield
    settings.cache_clear()


def test_drafts_older_than_the_setting_are_forgotten(url: str) -> None:
    with transaction(url) as session:
        who = coordinator(session)
        for item, days in ((1, 31), (2, 30)):
            save_draft(session, item_draft_key(who, item), {}, NEW, who, HANDED_IN - timedelta(days=days))

    gone = asyncio.run(forget_old_drafts.fn())

    with transaction(url) as session:
        assert (gone, [draft.key for draft in drafts_of(session, who)]) == (1, ["item/2"])


def test_answers_that_are_given_no_more_are_forgotten(url: str) -> None:
    with transaction(url) as session:
        person = coordinator(session).person_id or 0
        for key, at in (("old", HANDED_IN - answers_kept()), ("new", HANDED_IN)):
            remember(session, person, key, "fingerprint", Remembered(200, "{}"), at)

    gone = asyncio.run(forget_old_answers.fn())

    with transaction(url) as session:
        assert (gone, session.scalars(select(IdempotencyKey.key)).all()) == (1, ["new"])


def test_sessions_long_over_are_forgotten_whatever_day_the_office_has(url: str) -> None:
    now = SystemClock().now()
    with transaction(url) as session:
        account = Account(person_id=coordinator(session).person_id, password_hash="-", password_set_at=now)
        session.add(account)
        session.flush()
        start(session, account, now - sessions_kept() - timedelta(days=1))
        kept = start(session, account, now)[0].id

    gone = asyncio.run(forget_old_sessions.fn())

    with transaction(url) as session:
        assert (gone, session.scalars(select(PortalSession.id)).all()) == (1, [kept])
