"""Who may see which case: one round with dossiers of two communes, everybody asked about everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.access import (
    certificates_visible,
    dossiers_visible,
    items_visible,
    may_see_certificate,
    may_see_dossier,
    may_see_item,
    may_see_outcomes,
    may_see_result,
    may_see_round,
    may_see_scores,
    may_see_sheet,
    may_see_who_submitted,
    rounds_visible,
    sees_whole_round,
    sheets_visible,
)
from models.access.scores import may_see_session
from models.actors import Held
from models.certificates.inspecting import plan_ad_hoc
from models.certificates.issuing import register_old
from models.enums import Level, OfficeKind, Role
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.steps.advancing import advance
from models.tables import (
    Capacity,
    Certificate,
    Council,
    CouncilMember,
    CouncilSession,
    Dossier,
    DossierAttempt,
    Office,
    Person,
    Round,
    ScoreSheet,
    SessionProduct,
    WorkItem,
)
from tests.factories import (
    CAKE,
    CANDY,
    HELD,
    LONGAN,
    MEMBERS,
    SECOND_SCORING,
    SIGNED,
    at,
    close_meeting,
    decided,
    hand_in,
    in_consulting,
    opened,
    producer_of,
    score,
    session_with,
    sheet_item,
    sheet_of,
    sign,
    submit,
)

DAY = date(2024, 9, 12)


def seats(session: Session, role: Role, *, office: str | None = None, code: str | None = None) -> list[Capacity]:
    """The capacities of one person in a role."""
    query = select(Capacity).join(Person).where(Capacity.role == role).order_by(Capacity.id)
    if office is not None:
        query = query.join(Office, Office.id == Capacity.office_id).where(Office.code == office)
    if code is not None:
        query = query.where(Person.code == code)
    return [session.scalars(query).all()[0]]


def newcomer(
    session: Session, role: Role, office: Office | None = None, producer_id: int | None = None
) -> list[Capacity]:
    """Somebody new in a role."""
    person = Person(code=f"moi-{role}-{office.code if office else producer_id}", name="Người mới")
    session.add(person)
    give_role(session, person, role, date(2024, 1, 1), office=office, producer_id=producer_id)
    session.flush()
    return list(person.capacities)


def office(session: Session, code: str) -> Office:
    return session.scalars(select(Office).where(Office.code == code)).one()


def elsewhere(session: Session, kind: OfficeKind) -> Office:
    """Another office of the kind, of which no case is."""
    place = session.scalars(select(Office).where(Office.code == "xa-xuan-minh")).one().place
    other = Office(
        code=f"khac-{kind}", name="Nơi khác", kind=kind, level=Level.DISTRICT, settings={"authority": "khác"}
    )
    other.place = place if kind is OfficeKind.COMMUNE else None
    session.add(other)
    session.flush()
    return other


def commune_of(session: Session, attempt: DossierAttempt) -> Office:
    place = attempt.dossier.product.place_id
    return session.scalars(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place)).one()


@dataclass
class Cases:
    """The cake is before the council, the candy with the consultant, the longan cake was just handed in."""

    cake: DossierAttempt
    candy: DossierAttempt
    longan: DossierAttempt
    meeting: CouncilSession

    def name(self, dossier_id: int) -> str:
        return {a.dossier_id: n for n, a in vars(self).items() if isinstance(a, DossierAttempt)}[dossier_id]


@pytest.fixture
def cases(session: Session) -> Cases:
    longan = submit(session, LONGAN)
    opened(session, longan, StepKind.REGISTRATION_CHECK, at("2024-07-08"))
    candy = in_consulting(session, CANDY)
    meeting = session_with(session, CAKE)
    return Cases(meeting.products[0].attempt, candy, longan, meeting)


def people(session: Session, cases: Cases) -> dict[str, list[Capacity]]:
    """One of each role here, and of most a second one elsewhere."""
    vpdp, cake = office(session, "vpdp"), cases.cake.dossier.product
    producer_of(session, cake)
    own = session.scalars(select(Capacity).where(Capacity.producer_id == cake.producer_id)).all()
    other = product_by_name(session, LONGAN).producer_id
    return {
        "producer": list(own),
        "producer of the longan": newcomer(session, Role.PRODUCER, producer_id=other),
        "commune": newcomer(session, Role.COMMUNE_OFFICER, commune_of(session, cases.cake)),
        "head of the commune": newcomer(session, Role.LEADER, commune_of(session, cases.cake)),
        "another commune": newcomer(session, Role.COMMUNE_OFFICER, elsewhere(session, OfficeKind.COMMUNE)),
        "coordinator": seats(session, Role.COORDINATOR, code="dieu-phoi"),
        "coordinator elsewhere": newcomer(session, Role.COORDINATOR, elsewhere(session, OfficeKind.COORDINATION)),
        "consultant": seats(session, Role.CONSULTANT, code="tu-van-1"),
        "consultant elsewhere": newcomer(session, Role.CONSULTANT, elsewhere(session, OfficeKind.CONSULTANT)),
        "advisory member": newcomer(session, Role.ADVISORY_MEMBER, vpdp),
        "council member": seats(session, Role.COUNCIL_MEMBER, code="hd-pho"),
        "member without a seat": newcomer(session, Role.COUNCIL_MEMBER, vpdp),
        "secretary": seats(session, Role.COUNCIL_SECRETARY, code=cases.meeting.council.secretary.code),
        "secretary of nothing": newcomer(session, Role.COUNCIL_SECRETARY, vpdp),
        "leader": seats(session, Role.LEADER, code="lanh-dao"),
        "leader elsewhere": newcomer(session, Role.LEADER, elsewhere(session, OfficeKind.AUTHORITY)),
        "technical officer": newcomer(session, Role.TECHNICAL_OFFICER, office(session, "phong-nnptnt")),
        "auditor": newcomer(session, Role.AUDITOR),
        "administrator": newcomer(session, Role.ADMINISTRATOR),
        "nobody": [],
    }


ALL = {"cake", "candy", "longan"}
DOSSIERS: dict[str, set[str]] = {
    "producer": {"cake"},
    "producer of the longan": {"longan"},
    "commune": {"cake"},
    "head of the commune": {"cake"},
    "another commune": set(),
    "coordinator": ALL,
    "coordinator elsewhere": set(),
    "consultant": {"cake", "candy"},
    "consultant elsewhere": set(),
    "advisory member": ALL,
    "council member": {"cake"},
    "member without a seat": set(),
    "secretary": ALL,
    "secretary of nothing": set(),
    "leader": ALL,
    "leader elsewhere": set(),
    "technical officer": set(),
    "auditor": ALL,
    "administrator": set(),
    "nobody": set(),
}


def test_dossiers_are_seen_by_those_whose_they_are(session: Session, cases: Cases) -> None:
    assert cases.cake.dossier.product.place_id != cases.longan.dossier.product.place_id
    assert cases.cake.dossier.product.place_id != cases.candy.dossier.product.place_id
    who = people(session, cases)

    seen = {
        name: {cases.name(row) for row in session.scalars(select(Dossier.id).where(dossiers_visible(session, held)))}
        for name, held in who.items()
    }

    assert seen == DOSSIERS
    assert {
        name: {n for n in ALL if may_see_dossier(session, held, getattr(cases, n))} for name, held in who.items()
    } == DOSSIERS


def test_two_capacities_see_what_either_sees(session: Session, cases: Cases) -> None:
    who = people(session, cases)
    both = [*who["producer"], *who["producer of the longan"]]

    assert {n for n in ALL if may_see_dossier(session, both, getattr(cases, n))} == {"cake", "longan"}


def test_rounds_are_seen_by_who_works_or_may_register_in_them(session: Session, cases: Cases) -> None:
    who = people(session, cases)
    round_ = cases.cake.round

    seen = {name for name, held in who.items() if may_see_round(session, held, round_)}

    unseen = {
        "coordinator elsewhere",
        "consultant elsewhere",
        "member without a seat",
        "secretary of nothing",
        "leader elsewhere",
        "technical officer",
        "administrator",
        "nobody",
    }
    assert seen == set(who) - unseen
    others = session.scalars(select(Round.code).where(rounds_visible(session, who["council member"]))).all()
    assert others == [round_.code]


def test_sheets_item_is_seen_by_its_member_and_who_keeps_the_meeting(session: Session, cases: Cases) -> None:
    who = people(session, cases)
    item = sheet_item(session, cases.meeting.products[0], "hd-pho")
    other = sheet_item(session, cases.meeting.products[0], "hd-vp")

    assert {n for n, held in who.items() if may_see_item(session, held, item)} == {
        "council member",
        "coordinator",
        "secretary",
        "auditor",
    }
    assert not may_see_item(session, who["council member"], other)


def test_items_of_dossier_and_round_follow_them(session: Session, cases: Cases) -> None:
    who = people(session, cases)
    of_cake = session.scalars(select(WorkItem).where(WorkItem.attempt_id == cases.cake.id)).all()
    check = next(item for item in of_cake if item.kind is StepKind.REGISTRATION_CHECK)
    convening = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_CONVENING)).one()

    seen = {name for name, held in who.items() if may_see_item(session, held, check)}
    assert seen == {name for name, dossiers in DOSSIERS.items() if "cake" in dossiers}
    assert {name for name, held in who.items() if may_see_item(session, held, convening)} == {
        "coordinator",
        "advisory member",
        "secretary",
        "leader",
        "auditor",
    }


def test_meeting_is_seen_by_its_council_and_who_sees_the_whole_round(session: Session, cases: Cases) -> None:
    who = people(session, cases)

    seen = {name for name, held in who.items() if may_see_session(session, held, cases.meeting)}

    assert seen == {"coordinator", "advisory member", "council member", "secretary", "leader", "auditor"}
    assert {name for name, held in who.items() if sees_whole_round(session, held, cases.cake.round)} == {
        "coordinator",
        "advisory member",
        "secretary",
        "leader",
        "auditor",
    }


def test_predicates_and_conditions_agree_for_everybody(session: Session, cases: Cases) -> None:
    score(session, cases.meeting.products[0], 60)
    who = people(session, cases)
    items, sheets = session.scalars(select(WorkItem)).all(), session.scalars(select(ScoreSheet)).all()
    assert items
    assert sheets
    for held in who.values():
        assert _ids(session, WorkItem.id, items_visible(session, held)) == {
            item.id for item in items if may_see_item(session, held, item)
        }
        assert _ids(session, ScoreSheet.id, sheets_visible(session, held)) == {
            sheet.id for sheet in sheets if may_see_sheet(session, held, sheet)
        }


def _ids(session: Session, key: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> set[int]:
    return set(session.scalars(select(key).where(condition)))


def test_claimed_item_is_still_seen_by_its_unit(session: Session, cases: Cases) -> None:
    check = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.REGISTRATION_CHECK)).all()[0]
    who = people(session, cases)
    check.claimed_by_id = session.scalars(select(Person.id).where(Person.code == "chanh-vp")).one()
    session.flush()

    assert may_see_item(session, who["coordinator"], check)


# Scores


def codes(sheets: Iterable[ScoreSheet]) -> set[str]:
    return {sheet.member.person.code for sheet in sheets}


def sheets_of(session: Session, held: list[Capacity]) -> set[str]:
    return codes(session.scalars(select(ScoreSheet).where(sheets_visible(session, held))))


def test_while_scoring_everybody_sees_the_own_sheet_only(session: Session, cases: Cases) -> None:
    product = cases.meeting.products[0]
    for member in MEMBERS:
        hand_in(session, product, member, sheet_of(60))
    who = people(session, cases)

    seen = {name: sheets_of(session, held) for name, held in who.items()}

    assert seen == {name: {"hd-pho"} if name == "council member" else set() for name in who}
    assert not any(may_see_scores(session, held, product) for held in who.values())


def test_while_scoring_the_item_of_a_sheet_tells_what_is_on_it_to_its_member_only(
    session: Session, cases: Cases
) -> None:
    product = cases.meeting.products[0]
    score(session, product, 60)
    item = sheet_item(session, product, "hd-pho")
    who = people(session, cases)

    assert {n for n, held in who.items() if may_see_outcomes(session, held, item)} == {"council member"}


def test_who_has_submitted_is_seen_by_secretary_coordinator_and_auditor(session: Session, cases: Cases) -> None:
    who = people(session, cases)

    seen = {name for name, held in who.items() if may_see_who_submitted(session, held, cases.meeting)}

    assert seen == {"secretary", "coordinator", "auditor"}


SEE_CLOSED = {"coordinator", "advisory member", "council member", "secretary", "leader", "auditor"}


def test_after_closing_those_of_the_council_and_office_see_all_sheets(session: Session, cases: Cases) -> None:
    product = cases.meeting.products[0]
    score(session, product, 60)
    close_meeting(session, cases.meeting)
    who = people(session, cases)

    seen = {name: sheets_of(session, held) for name, held in who.items()}

    assert seen == {name: set(MEMBERS) if name in SEE_CLOSED else set() for name in who}
    assert {name for name, held in who.items() if may_see_scores(session, held, product)} == SEE_CLOSED
    item = sheet_item(session, product, "hd-pho")
    assert {n for n, held in who.items() if may_see_outcomes(session, held, item)} == {
        "coordinator",
        "council member",
        "secretary",
        "auditor",
    }


def test_second_scoring_opens_the_first_sheets_and_hides_the_second(session: Session, cases: Cases) -> None:
    product = cases.meeting.products[0]
    score(session, product, [50, 70, 60, 60, 60, 60, 60])
    close_meeting(session, cases.meeting, **SECOND_SCORING)
    score(session, product, [60, 62], members=MEMBERS[:2], scoring=2)
    secretary = people(session, cases)["secretary"]

    seen = session.scalars(select(ScoreSheet).where(sheets_visible(session, secretary))).all()

    assert {(sheet.scoring, len(codes([sheet]))) for sheet in seen} == {(1, 1)}
    assert codes(seen) == set(MEMBERS)


def test_result_is_open_to_producer_and_commune_once_decided(session: Session, cases: Cases) -> None:
    score(session, cases.meeting.products[0], 60)
    close_meeting(session, cases.meeting)
    who = people(session, cases)
    evaluation = session.scalars(
        select(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_EVALUATION, WorkItem.attempt_id == cases.cake.id)
    ).one()
    own = ("producer", "commune", "head of the commune")
    assert not any(may_see_result(session, who[name], cases.cake) for name in own)
    assert not any(may_see_outcomes(session, who[name], evaluation) for name in own)
    assert may_see_result(session, who["leader"], cases.cake)

    opened(session, cases.cake, StepKind.DECISION, HELD)
    sign(session, cases.meeting)

    assert all(may_see_result(session, who[name], cases.cake) for name in own)
    assert all(may_see_outcomes(session, who[name], evaluation) for name in own)
    assert not may_see_result(session, who["producer of the longan"], cases.cake)


def test_seat_of_another_council_opens_nothing(session: Session, cases: Cases) -> None:
    here = cases.meeting.council
    other = Council(
        office_id=here.office_id,
        name="Hội đồng khác",
        decision_number="9/QĐ",
        decided_on=date(2023, 1, 1),
        secretary_id=session.scalars(select(Person.id).where(Person.code == "chanh-vp")).one(),
    )
    member = newcomer(session, Role.COUNCIL_MEMBER, office(session, "vpdp"))
    other.members.append(CouncilMember(person_id=member[0].person_id, role="member"))
    session.add(other)
    score(session, cases.meeting.products[0], 60)
    close_meeting(session, cases.meeting)

    assert sheets_of(session, member) == set()
    assert not may_see_dossier(session, member, cases.cake)


# Certificates


def test_certificates_are_seen_by_those_whose_they_are(session: Session) -> None:
    attempt = decided(session, 60)
    own = session.scalars(select(Certificate)).one()
    entered = register_old(
        session,
        product_by_name(session, LONGAN),
        stars=3,
        decision_number="1/QĐ",
        issued_on=date(2023, 6, 15),
        level=Level.PROVINCE,
    )
    meeting = session.scalars(select(SessionProduct)).one().session
    who = people(session, Cases(attempt, attempt, attempt, meeting))

    seen = {
        name: {
            "own" if found == own.id else "entered"
            for found in session.scalars(select(Certificate.id).where(certificates_visible(session, held)))
        }
        for name, held in who.items()
    }

    both, mine, none = {"own", "entered"}, {"own"}, set[str]()
    assert seen == {
        "producer": mine,
        "producer of the longan": {"entered"},
        "commune": mine,
        "head of the commune": mine,
        "another commune": none,
        "coordinator": both,
        "coordinator elsewhere": none,
        "consultant": mine,
        "consultant elsewhere": none,
        "advisory member": both,
        "council member": mine,
        "member without a seat": none,
        "secretary": mine,
        "secretary of nothing": none,
        "leader": both,
        "leader elsewhere": none,
        "technical officer": none,
        "auditor": both,
        "administrator": none,
        "nobody": none,
    }
    assert may_see_certificate(session, who["producer"], own)
    assert not may_see_certificate(session, who["producer"], entered)


def test_technical_officer_sees_what_the_office_has_to_inspect(session: Session) -> None:
    attempt = decided(session, 60)
    held = newcomer(session, Role.TECHNICAL_OFFICER, office(session, "phong-nnptnt"))
    other = newcomer(session, Role.TECHNICAL_OFFICER, office(session, "phong-ktht"))
    certificate = session.scalars(select(Certificate)).one()
    assert not may_see_certificate(session, held, certificate)

    item = opened(session, attempt, StepKind.INSPECTION, SIGNED)

    seen = [(may_see_item(session, who, item), may_see_certificate(session, who, certificate)) for who in (held, other)]
    assert seen == [(True, True), (False, False)]
    assert [may_see_dossier(session, who, attempt) for who in (held, other)] == [True, False]


def test_technical_officer_sees_the_certificate_of_an_inspection_given_to_the_office(session: Session) -> None:
    attempt = decided(session, 60)
    held = newcomer(session, Role.TECHNICAL_OFFICER, office(session, "phong-nnptnt"))
    other = newcomer(session, Role.TECHNICAL_OFFICER, office(session, "phong-ktht"))
    certificate = session.scalars(select(Certificate)).one()
    who = seats(session, Role.COORDINATOR, code="dieu-phoi")[0]
    actor = Held(who.person_id, who).actor
    row = plan_ad_hoc(session, certificate, date(2024, 12, 2), "Có phản ánh", actor, at("2024-11-01"))

    item = session.get_one(
        WorkItem, advance(session, StepKind.CERTIFICATE_INSPECTION, row.subject, at("2024-11-01")).item_id
    )

    assert item.certificate_id == certificate.id
    assert [
        (may_see_item(session, one, item), may_see_certificate(session, one, certificate)) for one in (held, other)
    ] == [
        (True, True),
        (False, False),
    ]
    assert not may_see_dossier(session, held, attempt)
