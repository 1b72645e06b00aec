"""Rounds and plans as somebody may see them: only theirs, and of what is in them only what is theirs to see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from models.access import dossiers_visible, may_see_round, reach, rounds_visible, sees_whole_round
from models.enums import Role
from models.errors import NotAllowedError, NotFoundError
from models.reports.steering import RoundProgress
from models.reports.steering_rows import progress_of
from models.rounds.board_index import BoardScope
from models.rounds.calendar import CalendarEntry, DayKind, round_calendar
from models.rounds.listing import PlanDetail, RoundDetail, RoundRow, plan_detail, round_row
from models.rounds.queries import round_by_code
from models.tables import Capacity, CyclePlan, Dossier, Product, Round


def visible_round(session: Session, capacities: Collection[Capacity], code: str) -> Round:
    """The round of this code.

    Raises:
        NotFoundError: there is none, or it is not theirs to see; both look the same.
    """
    try:
        round_ = round_by_code(session, code)
    except NotFoundError:
        raise _none(code) from None
    if not may_see_round(session, capacities, round_):
        raise _none(code)
    return round_


def visible_rounds(session: Session, capacities: Collection[Capacity]) -> list[Round]:
    """The rounds that these capacities let see, the latest first."""
    query = select(Round).where(rounds_visible(session, capacities)).options(joinedload(Round.plan))
    return list(session.scalars(query.order_by(Round.opens_on.desc(), Round.id.desc())))


def visible_round_rows(session: Session, capacities: Collection[Capacity]) -> list[RoundRow]:
    """The same with the counts of their products."""
    return [round_row(session, round_) for round_ in visible_rounds(session, capacities)]


def board_scope(session: Session, capacities: Collection[Capacity], round_: Round) -> BoardScope | None:
    """What of the board of a round they see; none: all of it."""
    if sees_whole_round(session, capacities, round_):
        return None
    return BoardScope(dossiers_visible(session, capacities), _products(session, capacities))


def visible_calendar(
    session: Session, capacities: Collection[Capacity], round_: Round, today: date
) -> list[CalendarEntry]:
    """What is dated of a round; deadlines of all its cases only for those who see it as a whole."""
    entries = round_calendar(session, round_, today)
    whole = sees_whole_round(session, capacities, round_)
    return [entry for entry in entries if whole or entry.kind not in {DayKind.DEADLINE, DayKind.RENEWAL}]


def visible_progress(session: Session, capacities: Collection[Capacity], round_: Round, today: date) -> RoundProgress:
    """Where the dossiers of a round are.

    Raises:
        NotAllowedError: for somebody who does not see the round as a whole.
    """
    if not sees_whole_round(session, capacities, round_):
        raise NotAllowedError(
            f"Tiến độ chung của {round_.title} chỉ dành cho văn phòng điều phối, hội đồng và lãnh đạo.",
            field="actor",
            remedy="Xem các sản phẩm của mình ở bảng theo dõi của đợt.",
        )
    return progress_of(session, round_, today)


def visible_plan(
    session: Session, capacities: Collection[Capacity], year: int, office: str | None = None
) -> PlanDetail:
    """The plan of a year with those of its rounds and products that are theirs to see.

    Raises:
        NotFoundError: there is none, or nothing in it is theirs to see.
        InputError: several offices have one and none is named.
    """
    ids = select(Round.plan_id).where(rounds_visible(session, capacities))
    plans = session.scalars(select(CyclePlan).where(CyclePlan.year == year, CyclePlan.id.in_(ids))).all()
    if not plans or office not in {None, *(plan.home.code for plan in plans)}:
        raise NotFoundError(
            f"Không có kế hoạch năm {year}.", field="year", remedy="Mở danh sách đợt rồi chọn kế hoạch của đợt."
        )
    found = plan_detail(session, year, office or plans[0].home.code)
    rounds = {round_.code: round_ for plan in plans for round_ in plan.rounds}
    shown = [_own_part(session, capacities, rounds[one.round.code], one) for one in found.rounds]
    return replace(found, rounds=shown)


def _own_part(session: Session, capacities: Collection[Capacity], round_: Round, detail: RoundDetail) -> RoundDetail:
    if sees_whole_round(session, capacities, round_):
        return detail
    own = set(session.scalars(select(Product.name).where(_products(session, capacities))))
    return RoundDetail(detail.round, [line for line in detail.products if line.product in own])


def _products(session: Session, capacities: Iterable[Capacity]) -> ColumnElement[bool]:
    """Own ones, those of the commune, and those of dossiers that are theirs to see."""
    held = list(capacities)
    producers = [one.producer_id for one in held if one.role is Role.PRODUCER]
    places = [reach.own_place(session, one) for one in held if one.role in {Role.COMMUNE_OFFICER, Role.LEADER}]
    of_dossiers = select(Dossier.product_id).where(dossiers_visible(session, held))
    return or_(Product.producer_id.in_(producers), Product.place_id.in_(places), Product.id.in_(of_dossiers))


def _none(code: str) -> NotFoundError:
    return NotFoundError(f"Không có đợt «{code}».", field="round", remedy="Mở danh sách đợt để chọn.")
