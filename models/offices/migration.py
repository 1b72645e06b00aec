"""Two governments: what belongs to units that ended moves to their successors on a day (decision 0005)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus, Level, OfficeKind, Role, RoundStatus
from models.errors import NotAllowedError, WrongMomentError
from models.offices.history import product_subject
from models.offices.setup import give_role
from models.tables import (
    Capacity,
    CyclePlan,
    Dossier,
    DossierAttempt,
    Office,
    Place,
    Producer,
    Product,
    Round,
    UnitTransfer,
    WorkItem,
)

ENDING_KINDS = (OfficeKind.COORDINATION, OfficeKind.AUTHORITY, OfficeKind.TECHNICAL)
"""Offices of a district that end with it; a consultant is a firm and goes on."""

OVER = (RoundStatus.DECIDED, RoundStatus.CLOSED)


@dataclass(frozen=True)
class Move:
    """One thing that moves (or would): what it is, and the units before and after."""

    subject: str
    name: str
    before: str
    after: str


def migrate(session: Session, on: date, who: Actor, now: datetime, *, dry_run: bool = False) -> list[Move]:
    """Move everything that is open from units that ended before `on` to their successors; twice is once.

    Products, producers, open dossiers and work items, plans with rounds under way, and capacities in force move; each
    move is kept in `unit_transfers`. Certificates, closed dossiers and closed plans stay as they are. A dry run lists
    the same moves and stores nothing.

    Raises:
        NotAllowedError: not the administrator.
        WrongMomentError: the day is still to come.
    """
    if who.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowedError(
            "Chỉ quản trị hệ thống được chuyển đơn vị.", field="actor", remedy="Dùng tài khoản quản trị."
        )
    if not dry_run and on > vn_date(now):
        raise WrongMomentError(f"Chưa đến ngày {on:%d/%m/%Y}.", field="on", remedy="Chạy thử trước bằng --dry-run.")
    step = session.begin_nested()
    moves = list(_all_moves(session, on, now))
    if dry_run:
        step.rollback()
        session.expire_all()
        return moves
    if moves:
        data = {"moves": len(moves), "on": on.isoformat()}
        audit.record(session, who, "office.migrated", "office:all", now, data=data)
    step.commit()
    return moves


def _all_moves(session: Session, on: date, now: datetime) -> Iterator[Move]:
    places = _ended_places(session, on)
    yield from _move_to_places(session, places, on, now)
    offices = _successors(session, places, on)
    yield from _move_to_offices(session, offices, on, now)
    yield from _move_capacities(session, offices, on, now)


def _ended_places(session: Session, on: date) -> dict[int, Place]:
    """Successor by the id of each place that ended before `on`; ids, because codes and names were reused."""
    query = select(Place).where(Place.valid_to < on, Place.successor_id.is_not(None))
    return {place.id: session.get_one(Place, place.successor_id) for place in session.scalars(query)}


def _move_to_places(session: Session, places: dict[int, Place], on: date, now: datetime) -> Iterator[Move]:
    rows: list[Producer | Product] = [
        *session.scalars(select(Producer).where(Producer.place_id.in_(places)).order_by(Producer.id)),
        *session.scalars(select(Product).where(Product.place_id.in_(places)).order_by(Product.id)),
    ]
    for row in rows:
        new, old = places[row.place_id], row.place
        row.place = new
        subject = product_subject(row) if isinstance(row, Product) else f"producer:{row.id}"
        yield _keep(session, subject, row.name, (old.id, old.title), (new.id, new.title), on, now)


def _successors(session: Session, places: dict[int, Place], on: date) -> dict[int, Office]:
    """Successor by the id of each office that ended: communes' by place, the district's at the province."""
    found: dict[int, Office] = {}
    query = select(Office).where(Office.level.in_((Level.COMMUNE, Level.DISTRICT))).order_by(Office.id)
    for office in session.scalars(query).all():
        if office.kind is OfficeKind.COMMUNE and office.place_id in places:
            found[office.id] = _commune_office(session, places[office.place_id], on)
        elif office.level is Level.DISTRICT and office.kind in ENDING_KINDS and _ended(session, office, on):
            found[office.id] = _province_office(session, office)
    for old_id, new in found.items():
        _follow_settings(session, session.get_one(Office, old_id), new, found)
    session.flush()
    return found


def _ended(session: Session, office: Office, on: date) -> bool:
    place = session.get(Place, office.place_id) if office.place_id is not None else None
    return place is not None and place.valid_to is not None and place.valid_to < on


def _commune_office(session: Session, place: Place, on: date) -> Office:
    office = session.scalar(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place.id))
    if office is None:
        parent = _top(session, OfficeKind.AUTHORITY)
        office = Office(
            code=f"xa-{place.code}-{on.year}",
            name=f"UBND {place.title}",
            kind=OfficeKind.COMMUNE,
            level=Level.COMMUNE,
            place_id=place.id,
            parent_id=parent.id if parent else None,
        )
        session.add(office)
        session.flush()
    return office


PROVINCE_NAMES = {
    OfficeKind.COORDINATION: ("vpdp-tinh", "Văn phòng Điều phối nông thôn mới tỉnh"),
    OfficeKind.AUTHORITY: ("ubnd-tinh", "UBND tỉnh"),
    OfficeKind.TECHNICAL: ("so-nnmt", "Sở Nông nghiệp và Môi trường tỉnh"),
}
"""Code and name of a province's office that is made when none of the kind is there [ours]."""


def _province_office(session: Session, old: Office) -> Office:
    office = _top(session, old.kind)
    if office is None:
        code, name = PROVINCE_NAMES[old.kind]
        province = session.scalar(select(Place).where(Place.level == Level.PROVINCE).limit(1))
        office = Office(
            code=code,
            name=f"{name} {province.name}" if province else name,
            kind=old.kind,
            level=Level.PROVINCE,
            place_id=province.id if province else None,
        )
        session.add(office)
        session.flush()
    return office


def _top(session: Session, kind: OfficeKind) -> Office | None:
    return session.scalar(select(Office).where(Office.kind == kind, Office.level == Level.PROVINCE).limit(1))


def _follow_settings(session: Session, old: Office, new: Office, found: dict[int, Office]) -> None:
    """A new office takes the old one's settings, with offices named in them replaced by their successors."""
    if new.settings or not old.settings:
        return
    codes = {session.get_one(Office, old_id).code: office.code for old_id, office in found.items()}
    new.settings = {
        key: codes.get(value, value) if isinstance(value, str) else value for key, value in old.settings.items()
    }


def _move_to_offices(session: Session, offices: dict[int, Office], on: date, now: datetime) -> Iterator[Move]:
    open_dossiers = select(DossierAttempt.dossier_id).where(DossierAttempt.status == AttemptStatus.IN_PROGRESS)
    dossiers = select(Dossier).where(Dossier.office_id.in_(offices), Dossier.id.in_(open_dossiers))
    for dossier in session.scalars(dossiers.order_by(Dossier.id)).all():
        old, new = dossier.office_id, offices[dossier.office_id]
        dossier.office_id = new.id
        yield _keep_office(session, f"dossier:{dossier.id}", dossier.code, old, new, on, now)
    items = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, WorkItem.office_id.in_(offices))
    for item in session.scalars(items.order_by(WorkItem.id)).all():
        if item.office_id is not None:
            before, after = item.office_id, offices[item.office_id]
            item.office_id = after.id
            yield _keep_office(session, f"item:{item.id}", item.key, before, after, on, now)
    owned = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, WorkItem.owner_office_id.in_(offices))
    for item in session.scalars(owned).all():
        item.owner_office = offices[item.owner_office_id]  # calendar and ladder follow; no move of its own
    busy = select(DossierAttempt.round_id).where(DossierAttempt.status == AttemptStatus.IN_PROGRESS)
    under_way = and_(Round.status.not_in(OVER), Round.closes_on >= on)
    running = select(Round.plan_id).where(or_(Round.id.in_(busy), under_way))
    plans = select(CyclePlan).where(CyclePlan.office_id.in_(offices), CyclePlan.id.in_(running))
    for plan in session.scalars(plans.order_by(CyclePlan.id)).all():
        held, taker = plan.office_id, offices[plan.office_id]
        plan.office = taker
        yield _keep_office(session, f"plan:{plan.id}", f"Kế hoạch {plan.year}", held, taker, on, now)


def _move_capacities(session: Session, offices: dict[int, Office], on: date, now: datetime) -> Iterator[Move]:
    """End each capacity the day before and give the same one at the successor."""
    query = select(Capacity).where(
        Capacity.office_id.in_(offices),
        Capacity.valid_from < on,
        or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on),
    )
    for capacity in session.scalars(query.order_by(Capacity.id)).all():
        new = offices[capacity.office_id or 0]
        until, capacity.valid_to = capacity.valid_to, on - timedelta(days=1)
        given = give_role(session, capacity.person, capacity.role, on, office=new, title=capacity.title)
        given.valid_to = until
        old_id = capacity.office_id or 0
        name = f"{capacity.person.name} ({capacity.role.label})"
        yield _keep_office(session, f"capacity:{capacity.id}", name, old_id, new, on, now)


def _keep_office(session: Session, subject: str, name: str, old_id: int, new: Office, on: date, now: datetime) -> Move:
    old = session.get_one(Office, old_id)
    return _keep(session, subject, name, (old.id, old.name), (new.id, new.name), on, now)


def _keep(
    session: Session, subject: str, name: str, old: tuple[int, str], new: tuple[int, str], on: date, now: datetime
) -> Move:
    session.add(UnitTransfer(subject=subject, from_id=old[0], to_id=new[0], moved_on=on, recorded_at=now))
    session.flush()
    return Move(subject, name, old[1], new[1])
