"""Builds what tests need by the same calls that people use: hand in, open a step, close it.

Everything happens in round 2 of the plan of 2024 (products of set 6) unless told otherwise; each function takes the
session of the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor, actor
from models.certificates.entering import Paper, enter_certificate
from models.clock import VN_TZ, vn_date
from models.criteria import load_set
from models.dossiers.handing_in import submit as hand_in_dossier
from models.enums import CommuneTopic, ItemStatus, Level, OfficeKind, OrganisationForm, Role
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.rounds.opening import open_round as open_planned_round
from models.rounds.queries import product_by_name, round_by_code
from models.steps.advancing import advance
from models.subjects import attempt_subject, item_key, round_subject, subject_of
from models.tables import (
    Capacity,
    Council,
    CouncilSession,
    DossierAttempt,
    Office,
    Outcome,
    Person,
    Place,
    Producer,
    Product,
    Round,
    SessionProduct,
    WorkItem,
)
from models.work_items import complete, find_item

ROUND = "2024-2"
CAKE = "Bánh gai Huân Hường"
LONGAN = "Bánh nhãn Chương Xuân"
CANDY = "Kẹo lạc Tuyên Tâm"
MEMBERS = ("hd-chu-tich", "hd-pho", "hd-nnptnt", "hd-ktht", "hd-vhtt", "hd-tnmt", "hd-vp")
MANDATORY = ("business_registration", "material_origin", "local_labour", "product_story")


def at(day: str, hour: int = 9) -> datetime:
    """That hour in Viet Nam."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), VN_TZ).replace(hour=hour)


OPENED = at("2024-07-01")
HANDED_IN = at("2024-07-08")
CHECKED = at("2024-07-09")
REPORTED = at("2024-07-16")
VISITED = at("2024-07-30")
CALLED = at("2024-09-05")
HELD = at("2024-09-12")
SIGNED = at("2024-09-20")
ABOVE = at("2024-11-26")

ACCEPTED = {"outcome": "accepted"}
READY = {"outcome": "ready", "visited_on": "2024-07-30", "findings": "Đủ điều kiện."}
NOT_READY = {
    "outcome": "not_ready",
    "visited_on": "2024-07-30",
    "findings": "Nhãn chưa đúng.",
    "requests": ["Sửa nhãn hàng hóa"],
}
CONCLUDED = {"outcome": "concluded", "minutes_number": "05/BB-HĐ"}
SECOND_SCORING: dict[str, Any] = {"outcome": "second_scoring"}
SIGNING = {
    "outcome": "signed",
    "decision_number": "2105/QĐ-UBND",
    "letter_number": "910/UBND-NN",
    "signed_on": "2024-09-20",
    "signer": "Nguyễn Quang Minh",
}
REFUSED_ABOVE = {
    "outcome": "not_recognised",
    "decision_number": "88/TB-HĐ",
    "decided_on": "2024-11-26",
    "issuer": "UBND tỉnh Thanh Hóa",
}
RECOGNISED_ABOVE = {
    **REFUSED_ABOVE,
    "outcome": "recognised",
    "stars": 4,
    "points": "72.50",
    "decision_number": "4711/QĐ-UBND",
}
INSPECTED = {"outcome": "passed", "inspected_on": "2024-11-26", "findings": "Đúng như hồ sơ."}


def proposed(**changed: Any) -> dict[str, Any]:
    """The commune's report: proposes the product, all four topics as described."""
    findings = {topic.value: {"described": "Như hồ sơ", "found": "Đúng", "agrees": True} for topic in CommuneTopic}
    report = {"report_number": "15/BC-UBND", "signed_on": "2024-07-16", "signer": "Lê Văn Tư", "findings": findings}
    return {"outcome": "proposed", **report, **changed}


def papers(*kinds: str, **changed: Any) -> list[dict[str, Any]]:
    """One paper of each kind, the mandatory ones when none is named."""
    return [{"kind": kind, "title": f"Giấy {kind}", **changed} for kind in kinds or MANDATORY]


def someone(session: Session, code: str, role: Role, now: datetime = HANDED_IN) -> Actor:
    """The person acting in that role."""
    return actor(session, code, role, vn_date(now))


def coordinator(session: Session) -> Actor:
    """The coordinator of the office."""
    return someone(session, "dieu-phoi", Role.COORDINATOR)


def coordinator_elsewhere(session: Session) -> Actor:
    """The coordinator of another office, whose business none of this is."""
    office = Office(code="vpdp-khac", name="VPĐP huyện khác", kind=OfficeKind.COORDINATION, level=Level.DISTRICT)
    person = Person(code="dieu-phoi-khac", name="Điều phối huyện khác")
    session.add_all([office, person])
    session.flush()
    give_role(session, person, Role.COORDINATOR, date(2024, 1, 1), office=office)
    return Actor(person.id, Role.COORDINATOR, office.id)


def producer_of(session: Session, product: Product) -> Actor:
    """The producer's own account, made on first use."""
    code = f"chu-the-{product.producer_id}"
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        person = Person(code=code, name=f"Chủ {product.producer.name}")
        session.add(person)
        give_role(session, person, Role.PRODUCER, date(2024, 1, 1), producer_id=product.producer_id)
    return someone(session, code, Role.PRODUCER)


def whoever(session: Session, item: WorkItem, now: datetime) -> Actor:
    """The person to whom the item is addressed, or one of the unit's."""
    if item.producer_id is not None:
        return producer_of(session, item.certificate.product if item.certificate else item.case.dossier.product)
    holders = select(Person.code).join(Capacity).where(Capacity.role == item.role).order_by(Person.id)
    if item.assignee_id is not None:
        holders = holders.where(Person.id == item.assignee_id)
    else:
        holders = holders.where(Capacity.office_id == item.office_id)
    return someone(session, session.scalars(holders).all()[0], item.role, now)


def open_round(session: Session, code: str = ROUND) -> Round:
    """A round that takes dossiers."""
    opens = round_by_code(session, code).opens_on
    return open_planned_round(session, code, coordinator(session), at(opens.isoformat()))


def submission(product: str = CAKE, **changed: Any) -> dict[str, Any]:
    """What the producer hands in."""
    return {"round": ROUND, "product": product, "kind": "first", "evidence": papers(), **changed}


def submit(session: Session, product: str = CAKE, now: datetime = HANDED_IN, **changed: Any) -> DossierAttempt:
    """A dossier just handed in by its producer, in a round that is open."""
    facts = submission(product, **changed)
    open_round(session, facts["round"])
    return hand_in_dossier(session, facts, producer_of(session, product_by_name(session, product)), now)


def opened(session: Session, case: DossierAttempt | Round, kind: StepKind, now: datetime, turn: int = 1) -> WorkItem:
    """The step's work item, opened as the engine does it."""
    subject = attempt_subject(case.id) if isinstance(case, DossierAttempt) else round_subject(case.id)
    take_up(session, subject, now)
    return session.get_one(WorkItem, advance(session, kind, subject, now, turn).item_id)


def take_up(session: Session, subject: str, now: datetime) -> None:
    """Let the run notice every outcome of the case, as it does on its way."""
    session.flush()
    done = (WorkItem.subject == subject, WorkItem.status == ItemStatus.DONE, WorkItem.taken_up_at.is_(None))
    for item in session.scalars(select(WorkItem).where(*done)):
        item.taken_up_at = now


def close(
    session: Session,
    case: DossierAttempt | Round,
    kind: StepKind,
    data: dict[str, Any],
    now: datetime,
    turn: int = 1,
) -> Outcome:
    """Open the step, let the right person close it, and take the outcome up as the engine does."""
    item = opened(session, case, kind, now, turn)
    outcome = complete(session, item.id, data, whoever(session, item, now), now)
    advance(session, kind, item.subject, now, turn)
    return outcome


def accepted(session: Session, product: str = CAKE, **changed: Any) -> DossierAttempt:
    """A dossier that the office accepted."""
    attempt = submit(session, product, **changed)
    close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, CHECKED)
    return attempt


def in_consulting(session: Session, product: str = CAKE, **changed: Any) -> DossierAttempt:
    """A dossier that waits for the consultant."""
    attempt = accepted(session, product, **changed)
    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(), REPORTED)
    opened(session, attempt, StepKind.CONSULTING, REPORTED)
    return attempt


def waiting_for_council(session: Session, product: str = CAKE, **changed: Any) -> DossierAttempt:
    """A dossier that is ready and waits for the council."""
    attempt = in_consulting(session, product, **changed)
    close(session, attempt, StepKind.CONSULTING, READY, VISITED)
    opened(session, attempt, StepKind.COUNCIL_EVALUATION, VISITED)
    return attempt


def convening(*attempts: DossierAttempt, **changed: Any) -> dict[str, Any]:
    """The invitation to the council."""
    codes = [attempt.dossier.code for attempt in attempts]
    return {"outcome": "called", "held_on": "2024-09-12", "place": "Hội trường", "dossiers": codes, **changed}


def list_closed(session: Session, code: str = ROUND) -> Round:
    """A round whose list is closed; its convening is open."""
    round_ = round_by_code(session, code)
    notice = {"outcome": "announced", "notice_number": "12/TB-VPĐP", "notice_date": "2024-07-01"}
    close(session, round_, StepKind.OUTREACH, notice, OPENED)
    close(session, round_, StepKind.REGISTRATION_WINDOW, {"outcome": "closed"}, at("2024-07-26"))
    opened(session, round_, StepKind.COUNCIL_CONVENING, VISITED)
    return round_


def convened(session: Session, *attempts: DossierAttempt) -> CouncilSession:
    """A session with these dossiers on its agenda, its item open."""
    round_ = list_closed(session, attempts[0].round.code)
    close(session, round_, StepKind.COUNCIL_CONVENING, convening(*attempts), CALLED)
    opened(session, round_, StepKind.COUNCIL_SESSION, CALLED)
    return session.scalars(select(CouncilSession).where(CouncilSession.round_id == round_.id)).one()


def session_with(session: Session, *products: str) -> CouncilSession:
    """A session convened for new dossiers of these products (the rice cake when none is named)."""
    return convened(session, *(waiting_for_council(session, name) for name in products or (CAKE,)))


@cache
def _reachable(number: int, gates: int, miss: tuple[str, ...]) -> dict[int, tuple[int, ...]]:
    """Total → points in sheet order, for every total that such a sheet can have."""
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for code, criterion in load_set("qd148", number).criteria.items():
        marks = criterion.gates_in()
        least = max((points for star, points in marks.items() if star <= gates), default=0)
        if code in miss:
            offered = [p for p in criterion.allowed_points() if p < min(marks.values())]
        else:
            offered = [p for p in criterion.printed_points() if p >= least]
        reached = {total + p: (*given, p) for total, given in reached.items() for p in offered}
    return reached


def sheet_of(total: int, *, gates: int = 3, miss: Iterable[str] = (), number: int = 6) -> dict[str, int]:
    """Choices that add up to `total`, meet all gates up to `gates` stars and miss those on `miss`.

    Raises `KeyError` when no such sheet exists.
    """
    points = _reachable(number, gates, tuple(miss))[total]
    return dict(zip(load_set("qd148", number).criteria, points, strict=True))


def sheet_item(session: Session, product: SessionProduct, member: str, scoring: int = 1) -> WorkItem:
    """The work item of one member's sheet for one product."""
    seat = next(seat for seat in product.session.council.members if seat.person.code == member)
    key = item_key(subject_of_sheet(product), StepKind.SCORE_SHEET, scoring, seat.id)
    item = find_item(session, key)
    assert item is not None, key
    return item


def subject_of_sheet(product: SessionProduct) -> str:
    """The subject of all sheets of one product."""
    from models.process import Scope

    return subject_of(Scope.SHEET, product.id)


def hand_in(
    session: Session, product: SessionProduct, member: str, choices: dict[str, int], scoring: int = 1
) -> Outcome:
    """One member hands in a sheet."""
    who = someone(session, member, Role.COUNCIL_MEMBER, HELD)
    item = sheet_item(session, product, member, scoring)
    return complete(session, item.id, {"outcome": "scored", "choices": choices}, who, HELD)


def recuse(session: Session, product: SessionProduct, member: str) -> Outcome:
    """One member declares an interest."""
    who = someone(session, member, Role.COUNCIL_MEMBER, HELD)
    form = {"outcome": "recused", "reason": "Có người thân là chủ cơ sở."}
    return complete(session, sheet_item(session, product, member).id, form, who, HELD)


def score(
    session: Session,
    product: SessionProduct,
    totals: Sequence[int] | int,
    *,
    members: Sequence[str] = MEMBERS,
    scoring: int = 1,
    **sheet: Any,
) -> None:
    """Sheets of these totals (one number: the same for all), handed in by these members in turn."""
    given = [totals] * len(members) if isinstance(totals, int) else totals
    for member, total in zip(members, given, strict=True):
        choices = sheet_of(total, number=product.attempt.criteria_set, **sheet)
        hand_in(session, product, member, choices, scoring)


def close_meeting(session: Session, meeting: CouncilSession, turn: int = 1, **changed: Any) -> Outcome:
    """The secretary closes the scoring, with the conclusion unless told otherwise."""
    return close(session, meeting.round, StepKind.COUNCIL_SESSION, {**CONCLUDED, **changed}, HELD, turn)


def concluded(session: Session, totals: Sequence[int] | int, *products: str, **sheet: Any) -> CouncilSession:
    """A session that scored all its products alike and concluded; the products wait for the decision."""
    meeting = session_with(session, *products)
    for product in meeting.products:
        score(session, product, totals, **sheet)
    close_meeting(session, meeting)
    for product in meeting.products:
        opened(session, product.attempt, StepKind.DECISION, HELD)
    return meeting


def sign(session: Session, meeting: CouncilSession, **changed: Any) -> Outcome:
    """The leader signs the decision of the round."""
    return close(session, meeting.round, StepKind.DECISION_SIGNING, {**SIGNING, **changed}, SIGNED)


def decided(session: Session, totals: Sequence[int] | int, **sheet: Any) -> DossierAttempt:
    """The rice cake after the round's decision."""
    meeting = concluded(session, totals, **sheet)
    sign(session, meeting)
    return meeting.products[0].attempt


def council(session: Session) -> Council:
    """The council of the district."""
    return session.scalars(select(Council)).one()


def office_elsewhere(session: Session) -> tuple[Actor, Product]:
    """The coordinator of another district's office, and a product of its own with a certificate."""
    who, since = coordinator_elsewhere(session), date(2000, 1, 1)
    district = Place(code="999", kind="huyện", name="Khác", level=Level.DISTRICT, valid_from=since)
    session.add(district)
    session.flush()
    commune = Place(code="99901", kind="xã", name="Xa Lạ", level=Level.COMMUNE, parent_id=district.id, valid_from=since)
    producer = Producer(
        code="xa-la", form=OrganisationForm.COOPERATIVE, name="Hợp tác xã Xa Lạ", place=commune, phone="0900000999"
    )
    product = Product(code="xa-la-1", name="Chè Xa Lạ", producer=producer, place=commune, criteria_set=6)
    session.add(product)
    session.flush()
    session.get_one(Office, who.office_id).place_id = district.id
    enter_certificate(session, product.name, Paper(4, "77/QĐ-UBND", date(2024, 5, 6)), who, SIGNED)
    return who, product
