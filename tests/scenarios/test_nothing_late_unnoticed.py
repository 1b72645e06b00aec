"""A round in which everybody is late once, a week in which nobody looked, and Tết inside a term of 15 working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.dossiers.handing_in import submit as hand_in_dossier
from models.enums import AttemptStatus, ItemStatus, OutboxKind, Role, RoundStatus, Rung
from models.notifications.spreading import spread
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.rounds.carrying import settle_carries
from models.rounds.opening import open_round
from models.rounds.queries import product_by_name, round_by_code
from models.signals import live_subjects
from models.tables import Certificate, DossierAttempt, Notice, OutboxMessage, RungClaim, WorkItem
from models.work_items import complete, extend
from models.work_items.ladder import climb
from models.work_items.ledger import in_words, replay
from models.work_items.terms import office_calendar
from tests.domain_engine import run_engine
from tests.factories import (
    ACCEPTED,
    CAKE,
    CONCLUDED,
    INSPECTED,
    NOT_READY,
    READY,
    ROUND,
    SIGNING,
    at,
    close,
    convening,
    coordinator,
    opened,
    producer_of,
    proposed,
    sheet_of,
    someone,
    submission,
    submit,
    whoever,
)

LATE = (Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD)
BY_ANOTHER_ACT = {StepKind.COUNCIL_EVALUATION, StepKind.DECISION}
"""The meeting and the round's decision close them; nobody acts on them alone."""


class Office:
    """The office through the days: each morning the watch looks, tells, and lets the engine follow."""

    def __init__(self, session: Session, first: str) -> None:
        self.session = session
        self.today = date.fromisoformat(first)

    @property
    def now(self) -> datetime:
        """Nine in the morning of the day that it is."""
        return at(self.today.isoformat())

    def look(self) -> None:
        """What a watch does in the domain."""
        list(climb(self.session, self.now, self.today))
        settle_carries(self.session, self.now)
        self.follow()
        while spread(self.session, self.now, datetime.now(UTC)):
            pass

    def follow(self) -> None:
        """The runs take up what was stated."""
        for subject in live_subjects(self.session):
            run_engine(self.session, subject, self.now)
        self.session.flush()

    def act(self, item: WorkItem, form: dict[str, Any]) -> None:
        """The right person closes the item."""
        complete(self.session, item.id, form, whoever(self.session, item, self.now), self.now)
        self.follow()

    def days(self, until: date) -> Iterator[date]:
        """Each day up to and with `until`, looked at in the morning."""
        while self.today < until:
            self.today += timedelta(days=1)
            self.look()
            yield self.today

    def open_items(self) -> list[WorkItem]:
        query = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN).order_by(WorkItem.id)
        return list(self.session.scalars(query))

    def rungs(self, item: WorkItem) -> tuple[Rung, ...]:
        """What the item has climbed, in the order of its claims."""
        query = select(RungClaim.rung).where(RungClaim.item_id == item.id).order_by(RungClaim.id)
        return tuple(self.session.scalars(query))

    def told(self, item: WorkItem) -> list[tuple[str, str]]:
        """Who was told of which rung of the item."""
        query = select(Notice).where(Notice.what == "rung").order_by(Notice.id)
        return [
            (notice.payload["rung"], notice.person.code)
            for notice in self.session.scalars(query)
            if notice.payload["item"] == item.id and notice.person is not None
        ]


def form_for(office: Office, item: WorkItem, attempt: DossierAttempt) -> dict[str, Any]:
    """What the late actor states at last."""
    today = office.today.isoformat()
    forms: dict[StepKind, dict[str, Any]] = {
        StepKind.OUTREACH: {"outcome": "announced", "notice_number": "12/TB-VPĐP", "notice_date": today},
        StepKind.REGISTRATION_WINDOW: {"outcome": "closed"},
        StepKind.REGISTRATION_CHECK: ACCEPTED,
        StepKind.COMMUNE_ASSESSMENT: proposed(signed_on=today),
        StepKind.CONSULTING: {**(NOT_READY if item.turn == 1 else READY), "visited_on": today},
        StepKind.SUPPLEMENT: {"outcome": "supplemented", "evidence": []},
        StepKind.COUNCIL_CONVENING: convening(attempt, held_on=(office.today + timedelta(days=2)).isoformat()),
        StepKind.SCORE_SHEET: {"outcome": "scored", "choices": sheet_of(60)},
        StepKind.COUNCIL_SESSION: CONCLUDED,
        StepKind.DECISION_SIGNING: {**SIGNING, "letter_number": "", "signed_on": today},
        StepKind.INSPECTION: {**INSPECTED, "inspected_on": today},
    }
    return forms[item.kind]


def test_whole_round_with_one_late_actor_at_every_step(session: Session) -> None:
    # The plan of this office leaves time: the council in November, the end of the round before Christmas.
    round_ = round_by_code(session, ROUND)
    round_.council_on, round_.closes_on = date(2024, 11, 15), date(2024, 12, 20)
    attempt = submit(session)
    office = Office(session, "2024-07-08")
    office.look()

    # Everybody acts on the day on which their head is told, three working days after the due date.
    acted: list[StepKind] = []
    for _ in office.days(date(2025, 9, 30)):
        for item in office.open_items():
            late = office.rungs(item)[-1:] == (Rung.ESCALATED_HEAD,)
            if late and item.kind not in BY_ANOTHER_ACT and item.status is ItemStatus.OPEN:
                office.act(item, form_for(office, item, attempt))
                acted.append(item.kind)

    assert attempt.status is AttemptStatus.RECOGNISED
    assert round_.status is RoundStatus.DECIDED
    assert session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one().stars == 3
    everything = {kind for kind in StepKind if step_definition(kind).scope in {Scope.ROUND, Scope.ATTEMPT, Scope.SHEET}}
    assert set(acted) == everything - BY_ANOTHER_ACT - {StepKind.HIGHER_LEVEL_RESULT}
    assert Counter(acted)[StepKind.CONSULTING] == 2
    assert office.open_items() == []

    # Each late step climbed each rung once, in order, and told each person once; nobody was told after it was done.
    items = session.scalars(select(WorkItem).where(WorkItem.kind.in_(acted))).all()
    assert {office.rungs(item) for item in items} == {LATE}
    for item in items:
        told = office.told(item)
        assert len(told) == len(set(told))
        opened_late = item.due_on <= vn_date(
            item.opened_at
        )  # the step before it used up its days: told once as overdue
        assert {rung for rung, _ in told} == set(LATE[1:] if opened_late else LATE)
    commune = next(item for item in items if item.kind is StepKind.COMMUNE_ASSESSMENT)
    assert office.told(commune) == [
        ("due_soon", "cb-xa-tho-dien"),
        ("overdue", "cb-xa-tho-dien"),
        ("escalated_head", "ct-xa-tho-dien"),
    ]


def test_after_a_week_in_which_nobody_looked_only_the_latest_is_told(session: Session) -> None:
    submit(session)
    office = Office(session, "2024-07-08")
    office.look()
    (check,) = [item for item in office.open_items() if item.kind is StepKind.REGISTRATION_CHECK]
    assert check.due_on == date(2024, 7, 11)

    # The machine is off from the 9th to the 19th; the due date and four rungs pass meanwhile.
    office.today = date(2024, 7, 19)
    office.look()

    assert office.rungs(check) == (*LATE, Rung.ESCALATED_COORDINATOR)
    assert office.told(check) == [("escalated_coordinator", "chanh-vp"), ("escalated_coordinator", "dieu-phoi")]
    before = session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)).all()
    office.look()
    assert (
        session.scalars(select(OutboxMessage.key).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)).all() == before
    )

    # Given more days it climbs anew from the new due date, and says so once each.
    extend(session, check.id, 5, "Máy hỏng cả tuần", coordinator(session), office.now, office=check.owner_office)
    assert check.due_on == date(2024, 7, 26)
    list(office.days(date(2024, 7, 29)))
    assert office.rungs(check)[4:] == (Rung.DUE_SOON, Rung.OVERDUE)
    assert [rung for rung, _ in office.told(check)][2:] == ["due_soon"] * 2 + ["overdue"] * 2


def test_after_days_off_whoever_must_act_hears_it_beside_the_leader_once(session: Session) -> None:
    attempt = submit(session)
    office = Office(session, "2024-07-09")
    office.look()
    office.act(next(i for i in office.open_items() if i.kind is StepKind.REGISTRATION_CHECK), ACCEPTED)
    (item,) = [i for i in office.open_items() if i.attempt_id == attempt.id]
    assert (item.kind, item.due_on) == (StepKind.COMMUNE_ASSESSMENT, date(2024, 7, 23))

    office.today = date(2024, 8, 5)
    office.look()
    office.look()

    assert office.rungs(item)[-1] is Rung.ESCALATED_LEADER
    assert office.told(item) == [("escalated_leader", "lanh-dao"), ("overdue", "cb-xa-tho-dien")]
    notices = session.scalars(select(Notice).where(Notice.what == "rung").order_by(Notice.id))
    (own,) = [n for n in notices if n.payload["item"] == item.id and n.payload["rung"] == "overdue"]
    assert own.subject.startswith("Quá hạn 9 ngày làm việc – Đánh giá cấp xã")
    assert own.read_at is None


@pytest.fixture
def tet(session: Session) -> DossierAttempt:
    """A dossier handed in and accepted on 25/01/2027, twelve days before Tết (06/02/2027), under 26/2026."""
    round_ = round_by_code(session, ROUND)
    round_.opens_on, round_.registration_closes_on = date(2027, 1, 4), date(2027, 2, 26)
    round_.council_on, round_.closes_on = date(2027, 5, 14), date(2027, 6, 25)
    now = at("2027-01-25")
    open_round(session, ROUND, someone(session, "dieu-phoi", Role.COORDINATOR, now), now)
    product = product_by_name(session, CAKE)
    attempt = hand_in_dossier(session, submission(), producer_of(session, product), now)
    close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, now)
    return attempt


def test_tet_inside_the_communes_fifteen_working_days(session: Session, tet: DossierAttempt) -> None:
    item = opened(session, tet, StepKind.COMMUNE_ASSESSMENT, at("2027-01-25"))
    calendar = office_calendar(item.owner_office)
    tet_days = [date(2027, 2, 4) + timedelta(days=n) for n in range(8)]

    off = [day for day in tet_days if not calendar.is_working_day(day)]
    counted: list[date] = []
    day = date(2027, 1, 25)
    while len(counted) < 15:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            counted.append(day)

    assert tet.regime == "qd26-2026"
    assert item.clock[0].rule.endswith(
        "(theo 26/2026/QĐ-TTg)"
    )  # the office's own ten days do not count against the law's fifteen
    assert date(2027, 2, 6) in off
    assert len(off) >= 7
    assert item.due_on == counted[-1] > date(2027, 2, 15)
    assert in_words(calendar, replay(calendar, item.clock), date(2027, 2, 15)).startswith("15 ngày làm việc")

    # The reminder comes three working days before, not three days; over Tết nobody is reminded of anything.
    office = Office(session, "2027-01-25")
    reminded = next(day for day in office.days(item.due_on) if office.rungs(item))
    assert reminded == counted[-4]
