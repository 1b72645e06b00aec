"""One meeting of the council: agenda, members, invitations, and who has handed in (never what)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models.access.scores import may_see_session, may_see_who_submitted
from models.councils.reading import RulesInWords, Seat, rules_in_words, seats_of
from models.enums import ItemStatus, Role, SessionStatus
from models.errors import NotFoundError
from models.process import Scope
from models.process.kinds import StepKind
from models.subjects import round_subject, subject_of
from models.tables import (
    Capacity,
    Council,
    CouncilMember,
    CouncilSession,
    Delivery,
    Dossier,
    DossierAttempt,
    Notice,
    OutboxMessage,
    Product,
    Recusal,
    ScoreSheet,
    SessionProduct,
    WorkItem,
)


@dataclass(frozen=True)
class AgendaLine:
    """One product of the meeting, as everybody at the table knows it."""

    id: int
    position: int
    dossier: str
    product: str
    producer: str
    place: str
    scoring: int
    taken_off: str


@dataclass(frozen=True)
class Progress:
    """Where one member's sheet for one product stands: `in`, `recused`, `absent` or `waiting`."""

    person: str
    state: str
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class ProductProgress:
    """How far the sheets of one product are in."""

    product: int
    position: int
    name: str
    scoring: int
    handed_in: int
    expected: int
    members: list[Progress]


@dataclass(frozen=True)
class Invitation:
    """One invitation that went out: for which day and place, to how many people, how many messages have left."""

    held_on: str
    place: str
    people: int
    messages: int
    sent: int


@dataclass(frozen=True)
class OwnSheetLine:
    """One of the reader's own sheets: the product on the agenda, its item, and how it stands."""

    product: int
    item: int
    status: str
    status_label: str


@dataclass(frozen=True)
class MeetingView:
    """One meeting. `progress` and `invitations` are there for secretary, coordinator and auditor only."""

    id: int
    council: str
    council_id: int
    round: str
    round_title: str
    number: int
    held_on: date
    place: str
    status: str
    status_label: str
    minutes_number: str
    secretary: str
    members: list[Seat]
    absent: list[str]
    rules: RulesInWords
    agenda: list[AgendaLine]
    item: int | None
    own_sheets: list[OwnSheetLine]
    progress: list[ProductProgress] | None
    invitations: list[Invitation] | None


def meeting_by_id(session: Session, capacities: Sequence[Capacity], meeting_id: int) -> CouncilSession:
    """The meeting, for who may see it.

    Raises:
        NotFoundError: there is none, or not for these capacities.
    """
    found = session.get(CouncilSession, meeting_id, options=_names()) if 0 < meeting_id < 2**31 else None
    if found is None or not may_see_session(session, capacities, found):
        raise NotFoundError(f"Không có phiên họp số {meeting_id}.", field="session", remedy="Xem trang hội đồng.")
    return found


def meeting_view(session: Session, capacities: Sequence[Capacity], meeting: CouncilSession, today: date) -> MeetingView:
    """What these capacities may see of the meeting; no points, whoever asks."""
    knows = may_see_who_submitted(session, capacities, meeting)
    seats = {seat.id: seat.person.code for seat in meeting.council.members}
    return MeetingView(
        id=meeting.id,
        council=meeting.council.name,
        council_id=meeting.council_id,
        round=meeting.round.code,
        round_title=meeting.round.title,
        number=meeting.number,
        held_on=meeting.held_on,
        place=meeting.place,
        status=meeting.status.value,
        status_label=meeting.status.label,
        minutes_number=meeting.minutes_number or "",
        secretary=meeting.council.secretary.name,
        members=seats_of(meeting.council),
        absent=[seats[one] for one in meeting.absent if one in seats],
        rules=rules_in_words(meeting.council, today),
        agenda=[_line(product) for product in meeting.products],
        item=_open_item(session, meeting),
        own_sheets=_own_sheets(session, capacities, meeting),
        progress=progress(session, meeting) if knows else None,
        invitations=invitations(session, meeting) if knows else None,
    )


def progress(session: Session, meeting: CouncilSession) -> list[ProductProgress]:
    """Who has handed in which sheet of the scoring under way; of the sheets only that they are there."""
    ids = [product.id for product in meeting.products]
    sheets = select(
        ScoreSheet.session_product_id, ScoreSheet.member_id, ScoreSheet.scoring, ScoreSheet.submitted_at
    ).where(ScoreSheet.session_product_id.in_(ids))
    handed_in = {(product, member, scoring): at for product, member, scoring, at in session.execute(sheets)}
    recusals = select(Recusal.session_product_id, Recusal.member_id, Recusal.reason, Recusal.recorded_at).where(
        Recusal.session_product_id.in_(ids)
    )
    recused = {(product, member): (reason, at) for product, member, reason, at in session.execute(recusals)}
    found = []
    for product in meeting.products:
        if product.taken_off:
            continue
        members = [_progress(product, seat, handed_in, recused, meeting.absent) for seat in meeting.council.members]
        found.append(
            ProductProgress(
                product=product.id,
                position=product.position,
                name=product.attempt.dossier.product.name,
                scoring=product.scoring,
                handed_in=sum(one.state == "in" for one in members),
                expected=sum(one.state in {"in", "waiting"} for one in members),
                members=members,
            )
        )
    return found


def _progress(
    product: SessionProduct,
    seat: CouncilMember,
    handed_in: dict[tuple[int, int, int], datetime],
    recused: dict[tuple[int, int], tuple[str, datetime]],
    absent: Sequence[int],
) -> Progress:
    at = handed_in.get((product.id, seat.id, product.scoring))
    if at is not None:
        return Progress(seat.person.name, "in", at, "")
    if (product.id, seat.id) in recused:
        reason, recused_at = recused[product.id, seat.id]
        return Progress(seat.person.name, "recused", recused_at, reason)
    return Progress(seat.person.name, "absent" if seat.id in absent else "waiting", None, "")


def invitations(session: Session, meeting: CouncilSession) -> list[Invitation]:
    """The invitations that were written, the latest first."""
    prefix = f"notify:meeting:{meeting.id}:"
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.key.startswith(prefix)).order_by(OutboxMessage.id.desc())
    ).all()
    query = (
        select(Notice.key, func.count(Notice.id.distinct()), func.count(Delivery.id), func.count(Delivery.sent_at))
        .outerjoin(Delivery, Delivery.notice_id == Notice.id)
        .where(Notice.key.in_([row.key for row in rows]))
        .group_by(Notice.key)
    )
    counts = {key: (people, messages, sent) for key, people, messages, sent in session.execute(query)}
    return [Invitation(row.payload["held_on"], row.payload["place"], *counts.get(row.key, (0, 0, 0))) for row in rows]


def _line(product: SessionProduct) -> AgendaLine:
    own = product.attempt.dossier.product
    return AgendaLine(
        product.id, product.position, product.attempt.dossier.code, own.name, own.producer.name, own.place.name,
        product.scoring, product.taken_off,
    )  # fmt: skip


def _own_sheets(session: Session, capacities: Sequence[Capacity], meeting: CouncilSession) -> list[OwnSheetLine]:
    """The reader's sheets of the scoring under way."""
    people = {one.person_id for one in capacities if one.role is Role.COUNCIL_MEMBER}
    subjects = {subject_of(Scope.SHEET, product.id): product for product in meeting.products}
    query = select(WorkItem).where(
        WorkItem.kind == StepKind.SCORE_SHEET, WorkItem.assignee_id.in_(people), WorkItem.subject.in_(subjects)
    )
    return [
        OwnSheetLine(subjects[item.subject].id, item.id, item.status.value, item.status.label)
        for item in session.scalars(query.order_by(WorkItem.id))
        if item.turn == subjects[item.subject].scoring
    ]


def _open_item(session: Session, meeting: CouncilSession) -> int | None:
    """The item by which the secretary closes the meeting, while it is open."""
    if meeting.status is SessionStatus.CONCLUDED:
        return None
    query = select(WorkItem.id).where(
        WorkItem.subject == round_subject(meeting.round_id),
        WorkItem.kind == StepKind.COUNCIL_SESSION,
        WorkItem.status == ItemStatus.OPEN,
    )
    return session.scalar(query)


def _names() -> tuple[ORMOption, ...]:
    product = (
        selectinload(CouncilSession.products)
        .joinedload(SessionProduct.attempt)
        .joinedload(DossierAttempt.dossier)
        .joinedload(Dossier.product)
    )
    council = joinedload(CouncilSession.council)
    return (
        product.joinedload(Product.place),
        product.joinedload(Product.producer),
        council.selectinload(Council.members).joinedload(CouncilMember.person),
        council.joinedload(Council.secretary),
        joinedload(CouncilSession.round),
    )
