"""Setting up an installation from one file: offices, people with their roles, the council."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM
from models.councils.scoring_rows import own_rules
from models.documents.settings import paper_settings
from models.enums import CouncilRole, Level, OfficeKind, Role, Takes
from models.errors import FinalError, InputError, Problem
from models.forms import read_form, wrong
from models.notifications.channels import add_channel
from models.offices.places import commune_on, load_places
from models.tables import Capacity, Council, CouncilMember, Office, Person, Place
from models.work_items.rungs import rungs_of
from models.yaml_files import read_yaml


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ChannelEntry(_Entry):
    """One channel of a person or an office: an Apprise address, and what it takes."""

    url: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*://.+", repr=False)
    takes: Takes = Takes.ALL


class OfficeEntry(_Entry):
    """One office; `place` is the name of a commune, for a commune's office."""

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    kind: OfficeKind
    level: Level
    place: str | None = None
    parent: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    channels: list[ChannelEntry] = Field(default_factory=list)


class PersonEntry(_Entry):
    """One person with the role held in one office."""

    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    role: Role
    office: str
    title: str = ""
    email: str | None = None
    phone: str | None = None
    channels: list[ChannelEntry] = Field(default_factory=list)


class MemberEntry(_Entry):
    """One seat of the council."""

    person: str
    role: CouncilRole
    post: str = ""


class CouncilEntry(_Entry):
    """The council, as its decision sets it up."""

    name: str
    office: str
    decision_number: str
    decided_on: date
    secretary: str
    rules: dict[str, Any] = Field(default_factory=dict)
    members: list[MemberEntry] = Field(min_length=1)

    @field_validator("rules")
    @classmethod
    def known_rules(cls, rules: dict[str, Any]) -> dict[str, Any]:
        """A rule that cannot be used must not come to light in the middle of a meeting."""
        try:
            own_rules(rules)
        except InputError as error:
            raise wrong(*error.problems) from error
        return rules


class OfficeFile(_Entry):
    """The whole file. `from_day` is the day from which people hold their roles."""

    places: str = "tho-xuan"
    from_day: date
    offices: list[OfficeEntry] = Field(min_length=1)
    people: list[PersonEntry] = Field(default_factory=list)
    councils: list[CouncilEntry] = Field(default_factory=list)


def read_office_file(path: Path) -> OfficeFile:
    """The file, checked.

    Raises:
        InputError: unreadable, or with wrong fields (all of them are listed).
    """
    return read_form(OfficeFile, read_yaml(path))


def set_up_office(session: Session, file: OfficeFile, now: datetime) -> None:
    """Store offices, people and councils; what is already there (by code) is brought up to date.

    Raises:
        InputError: names of places, offices or people that the file does not define (all are listed).
    """
    load_places(session, file.places)
    _check_names(session, file)
    offices = {entry.code: _office_row(session, entry, file.from_day) for entry in file.offices}
    for entry in file.offices:
        if entry.parent:
            offices[entry.code].parent_id = offices[entry.parent].id
    people = {entry.code: _person_row(session, entry, offices, file.from_day) for entry in file.people}
    for council in file.councils:
        _council_row(session, council, offices, people, file.from_day)
    for owner, entries in [(offices[e.code], e.channels) for e in file.offices] + [
        (people[e.code], e.channels) for e in file.people
    ]:
        for one in entries:
            add_channel(session, owner, one.url, one.takes, SYSTEM, now)
    audit.record(session, SYSTEM, "office.imported", "office:all", now, data={"people": len(people)})


def _check_names(session: Session, file: OfficeFile) -> None:
    offices = {entry.code for entry in file.offices}
    people = {entry.code for entry in file.people}
    problems: list[Problem] = []

    def expect(known: bool, field: str, name: str, what: str) -> None:
        if not known:
            problems.append(Problem(field, f"không có {what} «{name}»", "Sửa tên, hoặc khai báo trong tệp."))

    for i, entry in enumerate(file.offices):
        if entry.parent:
            expect(entry.parent in offices, f"offices[{i}].parent", entry.parent, "đơn vị")
        if entry.level is Level.COMMUNE and not entry.place:
            problems.append(Problem(f"offices[{i}].place", "đơn vị cấp xã phải ghi địa bàn", "Ghi tên xã, thị trấn."))
        if entry.place:
            place = commune_on(session, entry.place, file.from_day)
            expect(place is not None, f"offices[{i}].place", entry.place, "xã, thị trấn")
    for i, person in enumerate(file.people):
        expect(person.office in offices, f"people[{i}].office", person.office, "đơn vị")
    for i, council in enumerate(file.councils):
        expect(council.office in offices, f"councils[{i}].office", council.office, "đơn vị")
        expect(council.secretary in people, f"councils[{i}].secretary", council.secretary, "người dùng")
        for j, member in enumerate(council.members):
            expect(member.person in people, f"councils[{i}].members[{j}].person", member.person, "người dùng")
    if problems:
        raise InputError.of(problems)


def _check_settings(office: Office) -> None:
    # Refused here: the watch, or the paper, that finds it later can only stop.
    try:
        rungs_of(office)
        paper_settings(office)
    except FinalError as error:
        raise InputError.of(error.problems) from error


def _office_row(session: Session, entry: OfficeEntry, on: date) -> Office:
    office = session.scalar(select(Office).where(Office.code == entry.code))
    if office is None:
        office = Office(code=entry.code)
        session.add(office)
    office.name, office.kind, office.level = entry.name, entry.kind, entry.level
    office.settings = entry.settings
    _check_settings(office)
    office.place_id = _place_id(session, entry, on)
    session.flush()
    return office


def _place_id(session: Session, entry: OfficeEntry, on: date) -> int | None:
    if entry.place:
        place = commune_on(session, entry.place, on)
        return place.id if place else None
    return session.scalar(select(Place.id).where(Place.level == entry.level).limit(1))


def _person_row(session: Session, entry: PersonEntry, offices: dict[str, Office], on: date) -> Person:
    person = session.scalar(select(Person).where(Person.code == entry.code))
    if person is None:
        person = Person(code=entry.code, name=entry.name)
        session.add(person)
    person.name, person.email, person.phone = entry.name, entry.email, entry.phone
    session.flush()
    give_role(session, person, entry.role, on, office=offices[entry.office], title=entry.title)
    return person


def give_role(
    session: Session,
    person: Person,
    role: Role,
    on: date,
    *,
    office: Office | None = None,
    producer_id: int | None = None,
    title: str = "",
) -> Capacity:
    """Let a person act in a role from `on`; the same again changes nothing, after its end it is given anew."""
    query = select(Capacity).where(
        Capacity.person_id == person.id,
        Capacity.role == role,
        Capacity.office_id == (office.id if office else None),
        Capacity.producer_id == producer_id,
        or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on),
    )
    capacity = session.scalar(query)
    if capacity is None:
        capacity = Capacity(
            person=person,
            role=role,
            office_id=office.id if office else None,
            producer_id=producer_id,
            valid_from=on,
        )
        session.add(capacity)
    capacity.title = title
    session.flush()
    return capacity


def _council_row(
    session: Session, entry: CouncilEntry, offices: dict[str, Office], people: dict[str, Person], on: date
) -> None:
    office = offices[entry.office]
    council = session.scalar(
        select(Council).where(Council.office_id == office.id, Council.decision_number == entry.decision_number)
    )
    if council is None:
        council = Council(office=office, decision_number=entry.decision_number)
        session.add(council)
    secretary = people[entry.secretary]
    council.name, council.decided_on, council.rules = entry.name, entry.decided_on, entry.rules
    council.secretary_id = secretary.id
    session.flush()
    give_role(session, secretary, Role.COUNCIL_SECRETARY, on, office=office)
    seats = {member.person_id: member for member in council.members}
    for entered in entry.members:
        person = people[entered.person]
        give_role(session, person, Role.COUNCIL_MEMBER, on, office=office)
        if person.id not in seats:
            council.members.append(CouncilMember(person=person, role=entered.role, post=entered.post))
        else:
            seats[person.id].role, seats[person.id].post = entered.role, entered.post
    session.flush()
