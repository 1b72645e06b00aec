"""Councils as pages and programs see them: members, rules in force, meetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access import reach
from models.access.reach import Condition
from models.access.scores import sessions_visible
from models.councils.scoring_rows import own_rules
from models.enums import Role
from models.errors import NotFoundError
from models.regimes import regime_in_force
from models.scoring import CouncilRules
from models.scoring.labels import number, share
from models.tables import Capacity, Council, CouncilMember, CouncilSession

SEES_COUNCIL_OF_OFFICE = {Role.COORDINATOR, Role.ADVISORY_MEMBER, Role.LEADER}


@dataclass(frozen=True)
class Seat:
    """One seat of a council."""

    person: str
    name: str
    role: str
    role_label: str
    post: str


@dataclass(frozen=True)
class RulesInWords:
    """How the council decides: its own rules over the regime's, in words."""

    quorum: str
    spread_limit: str
    gate_rule: str
    chair_present: bool
    own: dict[str, str]


@dataclass(frozen=True)
class MeetingLine:
    """One meeting in a list."""

    id: int
    round: str
    number: int
    held_on: date
    place: str
    status: str
    status_label: str
    products: int


@dataclass(frozen=True)
class CouncilView:
    """One council. `in_force`: that of the latest decision of its office. `meetings`: those to be seen."""

    id: int
    name: str
    office: str
    decision_number: str
    decided_on: date
    secretary: str
    secretary_code: str
    in_force: bool
    members: list[Seat]
    rules: RulesInWords
    meetings: list[MeetingLine]


GATE_RULE_WORDS = {
    "mean": "Trung bình điểm các thành viên đạt điều kiện sao",
    "every_member": "Mọi thành viên đều cho đạt điều kiện sao",
}


def councils_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The councils that these capacities let see, as a condition on `Council`."""
    held = list(capacities)
    if any(one.role is Role.AUDITOR for one in held):
        return Council.id.is_not(None)
    offices = {
        office for one in held if one.role in SEES_COUNCIL_OF_OFFICE for office in reach.own_offices(session, one)
    }
    kept = [Council.id.in_(reach.councils_kept(one)) for one in held if one.role is Role.COUNCIL_SECRETARY]
    sat_in = [Council.id.in_(reach.councils_sat_in(one)) for one in held if one.role is Role.COUNCIL_MEMBER]
    return or_(Council.office_id.in_(offices), *kept, *sat_in)


def council_by_id(session: Session, capacities: Iterable[Capacity], council_id: int) -> Council:
    """The council, for who may see it.

    Raises:
        NotFoundError: there is none, or not for these capacities.
    """
    found = session.get(Council, council_id) if 0 < council_id < 2**31 else None
    if found is None or not reach.holds(session, Council.id, found.id, councils_visible(session, capacities)):
        raise NotFoundError(f"Không có hội đồng số {council_id}.", field="council", remedy="Xem danh sách hội đồng.")
    return found


def council_views(session: Session, capacities: Iterable[Capacity], today: date) -> list[CouncilView]:
    """The councils that may be seen, those in force first, then the latest."""
    held = list(capacities)
    query = (
        select(Council).where(councils_visible(session, held)).order_by(Council.decided_on.desc(), Council.id.desc())
    )
    seats = selectinload(Council.members).joinedload(CouncilMember.person)
    found = session.scalars(query.options(seats, joinedload(Council.office), joinedload(Council.secretary))).all()
    meetings = _meetings(session, held)
    latest: set[int] = set()
    views = []
    for council in found:
        in_force = council.office_id not in latest
        latest.add(council.office_id)
        views.append(_view(council, in_force, meetings.get(council.id, []), today))
    return sorted(views, key=lambda view: not view.in_force)


def rules_in_words(council: Council, today: date) -> RulesInWords:
    """The rules of the council over the defaults of the regime in force."""
    rules = CouncilRules.of(regime_in_force(today).council, own_rules(council.rules))
    return RulesInWords(
        quorum=share(rules.quorum),
        spread_limit=number(rules.spread_limit),
        gate_rule=GATE_RULE_WORDS[rules.gate_rule],
        chair_present=rules.chair_present,
        own={name: str(value) for name, value in council.rules.items()},
    )


def seats_of(council: Council) -> list[Seat]:
    """The members in the order of their seats."""
    return [
        Seat(seat.person.code, seat.person.name, seat.role.value, seat.role.label, seat.post)
        for seat in council.members
    ]


def _view(council: Council, in_force: bool, meetings: list[MeetingLine], today: date) -> CouncilView:
    return CouncilView(
        id=council.id,
        name=council.name,
        office=council.office.name,
        decision_number=council.decision_number,
        decided_on=council.decided_on,
        secretary=council.secretary.name,
        secretary_code=council.secretary.code,
        in_force=in_force,
        members=seats_of(council),
        rules=rules_in_words(council, today),
        meetings=meetings,
    )


def _meetings(session: Session, held: list[Capacity]) -> dict[int, list[MeetingLine]]:
    query = select(CouncilSession).where(sessions_visible(session, held)).order_by(CouncilSession.held_on.desc())
    found: dict[int, list[MeetingLine]] = {}
    options = (joinedload(CouncilSession.round), selectinload(CouncilSession.products))
    for meeting in session.scalars(query.options(*options)):
        on_agenda = sum(not product.taken_off for product in meeting.products)
        line = MeetingLine(
            meeting.id, meeting.round.code, meeting.number, meeting.held_on, meeting.place, meeting.status.value,
            meeting.status.label, on_agenda,
        )  # fmt: skip
        found.setdefault(meeting.council_id, []).append(line)
    return found
