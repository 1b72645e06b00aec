"""Keeping a council: its own rules, and who sits in it.

Another composition is another decision, and so another council: the meetings of the one before keep the members that
they had. Meetings that were called go on with the council that was in force then [ours].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.councils.scoring_rows import own_rules
from models.enums import CouncilRole, Role, RoundStatus
from models.errors import InputError, NotAllowedError, Problem, WrongMomentError
from models.tables import Capacity, Council, CouncilMember, CouncilSession, Person, Round

KEEPERS = (Role.COORDINATOR, Role.COUNCIL_SECRETARY)


@dataclass(frozen=True)
class NewSeat:
    """One seat of a council to be set up: the person's code, the seat, the post as the decision gives it.

    A seat without a person is left out (a row of the form that was emptied).
    """

    person: str
    role: CouncilRole
    post: str


def change_rules(session: Session, council: Council, rules: dict[str, Any], who: Actor, now: datetime) -> None:
    """Set the council's own rules; what is left out is the regime's default.

    Raises:
        NotAllowedError: neither a coordinator of its office nor its secretary.
        WrongMomentError: a meeting of the council waits for its decision: it is judged by the rules it began with.
        InputError: a value that a rule cannot have.
    """
    check_keeps(council, who)
    own_rules(rules)
    _check_no_meeting(session, council)
    before = dict(council.rules)
    council.rules = rules
    data = {"before": before, "after": rules}
    audit.record(session, who, "council.rules-changed", f"council:{council.id}", now, data=data)


def set_up_anew(
    session: Session,
    council: Council,
    *,
    decision_number: str,
    decided_on: date,
    secretary: str,
    seats: Sequence[NewSeat],
    who: Actor,
    now: datetime,
) -> Council:
    """The council as another decision composes it, with the rules of the one before.

    Raises:
        NotAllowedError: neither a coordinator of its office nor its secretary.
        InputError: the decision is not later than the one in force, or people do not hold their roles (all listed).
    """
    check_keeps(council, who)
    taken = [seat for seat in seats if seat.person]
    people = _people(session, [secretary, *(seat.person for seat in taken)])
    problems = [
        *_decision_problems(session, council, decision_number, decided_on, now),
        *_people_problems(session, people, secretary, seats, vn_date(now)),
    ]
    if problems:
        raise InputError.of(problems)
    new = Council(
        office_id=council.office_id,
        name=council.name,
        decision_number=decision_number,
        decided_on=decided_on,
        secretary_id=people[secretary].id,
        rules=dict(council.rules),
        members=[CouncilMember(person=people[seat.person], role=seat.role, post=seat.post) for seat in taken],
    )
    session.add(new)
    session.flush()
    data = {"decision": decision_number, "before": council.id, "members": [seat.person for seat in taken]}
    audit.record(session, who, "council.set-up", f"council:{new.id}", now, data=data)
    return new


def check_keeps(council: Council, who: Actor) -> None:
    """Refuse who is neither a coordinator of the council's office nor its secretary.

    Raises:
        NotAllowedError: so.
    """
    coordinates = who.role is Role.COORDINATOR and who.office_id == council.office_id
    writes = who.role is Role.COUNCIL_SECRETARY and who.holder_id == council.secretary_id
    if not (coordinates or writes):
        raise NotAllowedError(
            "Hội đồng này không do anh/chị quản lý.",
            field="actor",
            remedy="Nhờ cán bộ điều phối của văn phòng, hoặc thư ký của hội đồng.",
        )


def _check_no_meeting(session: Session, council: Council) -> None:
    waiting = session.scalar(
        select(func.count())
        .select_from(CouncilSession)
        .join(Round)
        .where(CouncilSession.council_id == council.id, Round.status.not_in([RoundStatus.DECIDED, RoundStatus.CLOSED]))
    )
    if waiting:
        raise WrongMomentError(
            "Hội đồng đang có phiên họp chưa ra quyết định; phiên họp theo quy chế lúc triệu tập.",
            field="rules",
            remedy="Đổi quy chế sau khi quyết định của đợt đã ký.",
        )


def _decision_problems(
    session: Session, council: Council, number: str, decided_on: date, now: datetime
) -> list[Problem]:
    problems = []
    query = select(Council).where(Council.office_id == council.office_id)
    others = session.scalars(query).all()
    if any(other.decision_number == number for other in others):
        problems.append(Problem("decision_number", "số quyết định này đã dùng", "Ghi số của quyết định mới."))
    latest = max(other.decided_on for other in others)
    if decided_on <= latest:
        why = f"không sau quyết định đang hiệu lực ({latest:%d/%m/%Y})"
        problems.append(Problem("decided_on", why, "Ghi ngày của quyết định mới."))
    elif decided_on > vn_date(now):
        problems.append(Problem("decided_on", "ngày chưa tới", "Ghi khi quyết định đã ký."))
    return problems


def _people_problems(
    session: Session, people: dict[str, Person], secretary: str, seats: Sequence[NewSeat], on: date
) -> list[Problem]:
    wanted = [("secretary", secretary, Role.COUNCIL_SECRETARY)]
    wanted += [
        (f"members[{i}].person", seat.person, Role.COUNCIL_MEMBER) for i, seat in enumerate(seats) if seat.person
    ]
    holders = people_in(session, Role.COUNCIL_SECRETARY, on), people_in(session, Role.COUNCIL_MEMBER, on)
    known = {Role.COUNCIL_SECRETARY: holders[0], Role.COUNCIL_MEMBER: holders[1]}
    problems, seen = [], set()
    for field, code, role in wanted:
        if code not in people or people[code].id not in known[role]:
            why = f"«{code}» không giữ vai trò «{role.label}»"
            problems.append(Problem(field, why, "Nhờ quản trị phân công vai trò trước."))
        elif role is Role.COUNCIL_MEMBER and code in seen:
            problems.append(Problem(field, f"«{code}» có hai ghế", "Mỗi người một ghế."))
        elif role is Role.COUNCIL_MEMBER and code == secretary:
            problems.append(Problem(field, "thư ký hội đồng không chấm điểm", "Chọn người khác."))
        seen.add(code if role is Role.COUNCIL_MEMBER else "")
    if sum(seat.role is CouncilRole.CHAIR for seat in seats if seat.person) != 1:
        problems.append(Problem("members", "hội đồng phải có đúng một chủ tịch", "Chọn một người làm chủ tịch."))
    return problems


def people_in(session: Session, role: Role, on: date) -> dict[int, Person]:
    """The active people who hold a role on a day, by id, in the order of their names."""
    query = select(Capacity).join(Person).where(Capacity.role == role, Person.active).order_by(Person.name, Person.id)
    return {one.person_id: one.person for one in session.scalars(query) if one.holds_on(on)}


def _people(session: Session, codes: Sequence[str]) -> dict[str, Person]:
    query = select(Person).where(Person.code.in_(set(codes)))
    return {person.code: person for person in session.scalars(query)}
