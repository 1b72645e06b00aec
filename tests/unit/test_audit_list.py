"""The audit trail as a list: filtered, page after page by id; every act has its words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts import tokens
from models.audit_list import AuditFilter, AuditLine, audit_page
from models.audit_words import ACT_WORDS, act_in_words
from models.enums import ClockEvent, Rung, TokenScope
from models.errors import InputError
from models.office_clock import set_stored_now
from models.tables import ApiToken, AuditEntry, Person
from tests.counting import statements
from tests.factories import CAKE, CHECKED, HELD, accepted, at

MODELS = Path(__file__).parents[2] / "models"
ACT = re.compile(
    r'"((?:dossier|attempt|item|round|plan|office|person|channel|certificate|findings|run|worker)\.[a-z_-]+)"'
)


def lines(session: Session, wanted: AuditFilter) -> list[AuditLine]:
    return audit_page(session, wanted, size=200).lines


def test_pages_by_id_are_the_whole_trail_latest_first(large: Session) -> None:
    wanted, seen, before = AuditFilter(act="item.completed"), [], None
    for _ in range(20):
        page = audit_page(large, wanted, before, size=50)
        seen += [line.id for line in page.lines]
        before = page.before
        if before is None:
            break

    expected = select(AuditEntry.id).where(AuditEntry.act == "item.completed").order_by(AuditEntry.id.desc())
    assert seen == list(large.scalars(expected))
    assert len(seen) > 50


def test_entry_made_meanwhile_shifts_nothing(large: Session) -> None:
    first = audit_page(large, AuditFilter(), size=10)
    latest = first.lines[0]
    large.add(AuditEntry(at=CHECKED, actor_id=None, capacity="system", act="round.closed", subject="round:1"))
    large.flush()

    second = audit_page(large, AuditFilter(), first.before, size=10)

    assert [line.id for line in second.lines] == list(range(latest.id - 10, latest.id - 20, -1))


def test_full_last_page_says_that_it_is_the_last(large: Session) -> None:
    total = large.scalar(select(func.count()).where(AuditEntry.subject == "attempt:1044")) or 0

    page = audit_page(large, AuditFilter(subject="attempt:1044"), size=total)

    assert (len(page.lines), page.before) == (total, None)


def test_filters_by_person_subject_and_act(session: Session) -> None:
    attempt = accepted(session, CAKE)
    session.flush()
    person = session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()

    found = lines(session, AuditFilter(person_id=person.id, subject=f"attempt:{attempt.id}"))

    assert [(line.what, line.by, line.capacity, line.at) for line in found] == [
        ("Hoàn thành", "Lê Thị Hương", "Cán bộ điều phối", CHECKED)
    ]
    assert [line.act for line in lines(session, AuditFilter(act="dossier.received"))] == ["dossier.received"]


@pytest.mark.parametrize(("hour", "day"), [(0, 9), (23, 9)])
def test_days_are_those_of_viet_nam_with_both_ends(session: Session, hour: int, day: int) -> None:
    act = {"actor_id": None, "capacity": "system", "act": "round.closed", "subject": "round:1"}
    session.add(AuditEntry(at=at("2024-07-09", hour), **act))
    session.flush()

    found = {
        day: len(lines(session, AuditFilter(act="round.closed", since=date(2024, 7, day), until=date(2024, 7, day))))
        for day in (8, 9, 10)
    }

    assert found == {8: 0, 9: 1, 10: 0}


@pytest.mark.parametrize(
    ("wanted", "size", "field"),
    [
        (AuditFilter(), 0, "size"),
        (AuditFilter(), 201, "size"),
        (AuditFilter(since=date(2024, 2, 2), until=date(2024, 2, 1)), 5, "until"),
    ],
)
def test_what_cannot_be_listed_is_refused(session: Session, wanted: AuditFilter, size: int, field: str) -> None:
    with pytest.raises(InputError) as refused:
        audit_page(session, wanted, size=size)

    assert refused.value.problems[0].field == field


def test_page_is_one_statement(large: Session) -> None:
    with statements(large) as sent:
        audit_page(large, AuditFilter(), size=200)

    assert len(sent) == 1


def test_every_act_of_the_domain_has_its_words() -> None:
    written = {
        act
        for path in MODELS.rglob("*.py")
        for act in ACT.findall(path.read_text("utf-8"))
        if "record(" in path.read_text("utf-8")
    }
    made = {f"item.{event}" for event in (ClockEvent.SUSPENDED, ClockEvent.RESUMED)} | {f"item.{rung}" for rung in Rung}

    assert sorted((written | made) - ACT_WORDS.keys()) == []
    assert {"item.completed", "certificate.revoked", "office.migrated"} <= written
    assert act_in_words("item.of-a-later-version") == "item.of-a-later-version"


def test_act_on_an_account_stands_at_the_office_s_time_like_every_other(session: Session) -> None:
    """Sessions and tokens go by the clock on the wall, the trail by the office's: it stays in one order."""
    set_stored_now(session, HELD)
    person = session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()
    wall = HELD + timedelta(days=700)

    tokens.create(session, person, "Bảng tính", [TokenScope.READ], wall.date() + timedelta(days=30), wall)

    (line,) = audit_page(session, AuditFilter(act="token.created")).lines
    assert line.at == HELD
    assert session.scalars(select(ApiToken.created_at)).one() == wall
