"""The nightly tidying as its task does it: by the setting, by the day of the data."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models.database import transaction
from models.drafts import NEW, drafts_of, item_draft_key, save_draft
from models.office_clock import set_stored_now
from models.settings import settings
from tasks.tidying import forget_old_drafts
from tests.factories import HANDED_IN, coordinator


def test_drafts_older_than_the_setting_are_forgotten(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_DATABASE_URL", url)
    monkeypatch.setenv("OCOP_CLOCK", "stored")
    monkeypatch.setenv("OCOP_DRAFT_DAYS", "30")
    settings.cache_clear()
    with transaction(url) as session:
        set_stored_now(session, HANDED_IN)
        who = coordinator(session)
        for item, days in ((1, 31), (2, 30)):
            save_draft(session, item_draft_key(who, item), {}, NEW, who, HANDED_IN - timedelta(days=days))

    gone = asyncio.run(forget_old_drafts.fn())

    settings.cache_clear()
    with transaction(url) as session:
        assert (gone, [draft.key for draft in drafts_of(session, who)]) == (1, ["item/2"])
