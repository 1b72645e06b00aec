"""Drafts: kept, shared by a producer's people, never overwritten unseen, gone when handed in or old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from models.actors import Actor
from models.drafts import (
    NEW,
    DraftConflictError,
    aside_key,
    drafts_of,
    drop_draft,
    item_draft_key,
    keep_aside,
    load_draft,
    registration_key,
    save_draft,
    sheet_key,
    sweep_drafts,
)
from models.enums import Role
from models.errors import InputError, NotAllowedError
from models.rounds.queries import product_by_name, round_by_code
from models.tables import Person
from tests.factories import CAKE, HANDED_IN, LONGAN, ROUND, coordinator, producer_of


def producers(session: Session) -> tuple[Actor, Actor]:
    """Two people of the same producer."""
    first = producer_of(session, product_by_name(session, CAKE))
    person = Person(code="chu-the-hai", name="Người thứ hai")
    session.add(person)
    session.flush()
    return first, Actor(person.id, Role.PRODUCER, producer_id=first.producer_id)


def test_people_of_a_producer_share_the_draft_of_a_registration(session: Session) -> None:
    one, two = producers(session)
    key = registration_key(one, CAKE, round_by_code(session, ROUND))
    save_draft(session, key, {"phone": "0912"}, NEW, one, HANDED_IN)

    same = registration_key(two, CAKE, round_by_code(session, ROUND))
    draft = load_draft(session, same)

    assert draft is not None
    assert (draft.data, draft.version, draft.updated_by_id) == ({"phone": "0912"}, 1, one.person_id)
    assert drafts_of(session, two) == [draft]


def test_saving_the_version_that_was_loaded_counts_up(session: Session) -> None:
    who = coordinator(session)
    key = item_draft_key(who, 7)
    for version, text in enumerate(("a", "b", "c")):
        draft = save_draft(session, key, {"note": text}, version, who, HANDED_IN + timedelta(minutes=version))

    assert (draft.version, draft.data) == (3, {"note": "c"})
    assert draft.updated_at == HANDED_IN + timedelta(minutes=2)


def test_stale_version_overwrites_nothing_and_both_are_kept(session: Session) -> None:
    one, two = producers(session)
    key = registration_key(one, CAKE, round_by_code(session, ROUND))
    save_draft(session, key, {"phone": "1"}, NEW, one, HANDED_IN)
    save_draft(session, key, {"phone": "2"}, 1, two, HANDED_IN)

    with pytest.raises(DraftConflictError) as caught:
        save_draft(session, key, {"phone": "3"}, 1, one, HANDED_IN)
    keep_aside(session, caught.value, key, one, HANDED_IN)

    assert str(caught.value).startswith("version: Bản nháp này vừa được Người thứ hai lưu.")
    theirs, mine = load_draft(session, key), load_draft(session, aside_key(key, one))
    assert theirs is not None
    assert mine is not None
    assert (theirs.data, theirs.version, mine.data) == ({"phone": "2"}, 2, {"phone": "3"})
    assert caught.value.theirs is theirs


def test_two_first_savings_are_a_conflict_too(session: Session) -> None:
    who = coordinator(session)
    key = item_draft_key(who, 7)
    save_draft(session, key, {"note": "a"}, NEW, who, HANDED_IN)

    with pytest.raises(DraftConflictError):
        save_draft(session, key, {"note": "b"}, NEW, who, HANDED_IN)


def test_saving_a_draft_that_was_handed_in_meanwhile_is_a_conflict(session: Session) -> None:
    who = coordinator(session)
    key = item_draft_key(who, 7)
    save_draft(session, key, {"note": "a"}, NEW, who, HANDED_IN)
    drop_draft(session, key)

    with pytest.raises(DraftConflictError, match="đã được nộp hoặc bỏ"):
        save_draft(session, key, {"note": "b"}, 1, who, HANDED_IN)


def test_dropping_forgets_what_was_kept_aside_and_nothing_else(session: Session) -> None:
    one, two = producers(session)
    key = registration_key(one, CAKE, round_by_code(session, ROUND))
    other = registration_key(one, LONGAN, round_by_code(session, ROUND))
    save_draft(session, key, {"a": 1}, NEW, one, HANDED_IN)
    save_draft(session, other, {"b": 1}, NEW, one, HANDED_IN)
    with pytest.raises(DraftConflictError) as caught:
        save_draft(session, key, {"a": 2}, NEW, two, HANDED_IN)
    keep_aside(session, caught.value, key, two, HANDED_IN)

    drop_draft(session, key)

    assert [draft.key for draft in drafts_of(session, two)] == [other.key]


def test_draft_of_somebody_else_can_neither_be_listed_nor_saved(session: Session) -> None:
    one, _ = producers(session)
    longan = producer_of(session, product_by_name(session, LONGAN))
    key = registration_key(one, CAKE, round_by_code(session, ROUND))
    save_draft(session, key, {"phone": "0912"}, NEW, one, HANDED_IN)
    assert longan.producer_id != one.producer_id

    assert drafts_of(session, longan) == []
    with pytest.raises(NotAllowedError):
        save_draft(session, key, {"phone": "x"}, 1, longan, HANDED_IN)


def test_sheets_of_two_members_and_two_scorings_are_apart(session: Session) -> None:
    one, two = producers(session)
    keys = {sheet_key(who, 5, scoring) for who in (one, two) for scoring in (1, 2)}

    assert len(keys) == 4


@pytest.mark.parametrize(("days", "left"), [(90, 1), (89, 0)])
def test_drafts_that_nobody_touched_are_swept(session: Session, days: int, left: int) -> None:
    who = coordinator(session)
    save_draft(session, item_draft_key(who, 7), {}, NEW, who, HANDED_IN)

    assert sweep_drafts(session, HANDED_IN + timedelta(days=90), days) == 1 - left
    assert len(drafts_of(session, who)) == left


def test_draft_larger_than_any_form_is_refused(session: Session) -> None:
    who = coordinator(session)
    with pytest.raises(InputError, match="quá dài"):
        save_draft(session, item_draft_key(who, 7), {"note": "x" * 1_000_001}, NEW, who, HANDED_IN)
