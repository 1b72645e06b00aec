"""Acts sent twice under one key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import reading
from models.errors import ConflictError
from models.idempotency import Remembered, forget_old, recall, remember, request_fingerprint
from models.retention import answers_kept
from models.tables import IdempotencyKey, Person
from tests.at_once import at_once
from tests.factories import HELD

ASKED = request_fingerprint("/items/1/complete", {"outcome": "accepted"})
ANSWER = Remembered(200, '{"outcome":"accepted"}')


def people(session: Session) -> list[int]:
    return list(session.scalars(select(Person.id).order_by(Person.id).limit(2)))


def test_fingerprint_is_of_act_and_data_in_any_order() -> None:
    assert request_fingerprint("a", {"x": 1, "y": 2}) == request_fingerprint("a", {"y": 2, "x": 1})
    assert len({request_fingerprint("a", {"x": 1}), request_fingerprint("b", {"x": 1}), ASKED}) == 3


def test_answer_is_given_again_to_the_same_person_for_the_same_request(session: Session) -> None:
    one, other = people(session)
    assert recall(session, one, "k1", ASKED, HELD) is None
    remember(session, one, "k1", ASKED, ANSWER, HELD)

    assert recall(session, one, "k1", ASKED, HELD) == ANSWER
    assert recall(session, other, "k1", ASKED, HELD) is None
    assert recall(session, one, "k2", ASKED, HELD) is None


def test_key_used_for_something_else_is_refused(session: Session) -> None:
    one, _ = people(session)
    remember(session, one, "k1", ASKED, ANSWER, HELD)

    with pytest.raises(ConflictError):
        recall(session, one, "k1", request_fingerprint("/items/2/complete", {}), HELD)


def test_answer_older_than_a_week_is_forgotten_and_its_key_free(session: Session) -> None:
    one, _ = people(session)
    remember(session, one, "k1", ASKED, ANSWER, HELD)
    later = HELD + answers_kept()

    assert recall(session, one, "k1", ASKED, later - timedelta(seconds=1)) == ANSWER
    assert recall(session, one, "k1", ASKED, later) is None
    remember(session, one, "k1", ASKED, Remembered(409, "{}"), later)
    assert recall(session, one, "k1", ASKED, later) == Remembered(409, "{}")
    assert forget_old(session, later) == 0
    assert forget_old(session, later + answers_kept()) == 1
    assert session.scalars(select(IdempotencyKey)).all() == []


def test_two_at_once_under_one_key_are_one(url: str) -> None:
    with reading(url) as session:
        one, _ = people(session)

    def act(session: Session) -> object:
        if recall(session, one, "k1", ASKED, HELD) is None:
            remember(session, one, "k1", ASKED, ANSWER, HELD)
        return None

    assert at_once(url, act, act, act) == ["ok"] * 3
    with reading(url) as session:
        assert len(session.scalars(select(IdempotencyKey)).all()) == 1
