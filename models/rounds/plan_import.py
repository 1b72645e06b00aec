"""Importing the yearly plan: rounds, products and producers; all or nothing, and twice is once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.changes import noting_changes
from models.clock import vn_date
from models.enums import OfficeKind, Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, Problem, WrongMomentError
from models.forms import read_form
from models.offices.ending import in_force
from models.offices.owning import check_own_office
from models.offices.places import commune_on
from models.regimes import load_regime
from models.rounds.carrying import settle_carries
from models.rounds.plan_form import DAYS, PlanFile, PlanProduct, PlanRound
from models.rounds.product_rows import ProductLine, product_row
from models.tables import (
    CyclePlan,
    Office,
    PlannedProduct,
    Round,
)
from models.yaml_files import read_yaml


def read_plan(path: Path) -> PlanFile:
    """The plan in a YAML file, checked.

    Raises:
        InputError: unreadable, or with wrong or missing fields (all of them are listed).
    """
    return read_form(PlanFile, read_yaml(path))


def import_plan(session: Session, plan: PlanFile, who: Actor, now: datetime) -> CyclePlan:
    """Store the plan. A second import adds what is new and changes dates of rounds that are not open yet.

    One that changes nothing leaves no trace: `imported_at` tells when the plan was changed last.

    Raises:
        NotAllowedError: only a coordinator of the office whose plan it is imports it.
        NotFoundError: the office is not set up.
        WrongMomentError: the office has ended; names its successor.
        InputError: communes or the regime that are not known (all of them are listed).
    """
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được nhập kế hoạch.", field="actor", remedy="Đăng nhập vai trò điều phối."
        )
    load_regime(plan.regime)
    office = _office(session, plan.office, vn_date(now))
    wrong_file = "Sửa tên văn phòng trong tệp, hoặc để cán bộ điều phối của văn phòng đó nhập."
    check_own_office(session, office, who, "nhập kế hoạch của văn phòng này", field="office", remedy=wrong_file)
    places = _places(session, plan)
    with noting_changes(session) as changed:
        row = _plan_row(session, plan, office, now)
        for plan_round in plan.rounds:
            round_ = _round_row(session, row, plan_round)
            for line in plan_round.products:
                _planned_row(session, round_, line, places[plan_round.round, line.commune])
        session.flush()
    if changed:
        row.imported_at = now
        audit.record(session, who, "plan.imported", f"plan:{row.id}", now, data={"year": plan.year})
        session.flush()
    settle_carries(session, now, who)
    return row


def _office(session: Session, name: str, today: date) -> Office:
    office = session.scalar(select(Office).where(Office.name == name, Office.kind == OfficeKind.COORDINATION))
    if office is None:
        raise NotFoundError(
            f"Chưa khai báo văn phòng «{name}».",
            field="office",
            remedy="Nhập danh mục đơn vị trước: ocop office import.",
        )
    _check_in_force(session, office, today)
    return office


def _check_in_force(session: Session, office: Office, today: date) -> None:
    heir = in_force(session, office, today)
    if heir is office:
        return
    if heir is None:
        remedy = "Chuyển đơn vị trước: ocop office migrate; rồi ghi đơn vị kế thừa vào dòng office của tệp kế hoạch."
        raise WrongMomentError(f"«{office.name}» đã kết thúc hoạt động.", field="office", remedy=remedy)
    raise WrongMomentError(
        f"«{office.name}» đã kết thúc hoạt động; việc của đơn vị do «{heir.name}» tiếp nhận.",
        field="office",
        remedy=f"Ghi «{heir.name}» vào dòng office của tệp kế hoạch rồi nhập lại.",
    )


def _places(session: Session, plan: PlanFile) -> dict[tuple[int, str], int]:
    # By round: on 01/07/2025 a name went over to another unit (domain.md §8).
    found: dict[tuple[int, str], int] = {}
    problems = []
    for r, plan_round in enumerate(plan.rounds):
        for p, line in enumerate(plan_round.products):
            place = commune_on(session, line.commune, plan_round.dates(plan.year)["opens_on"])
            if place is None:
                problems.append(
                    Problem(
                        f"rounds[{r}].products[{p}].commune",
                        f"không có xã, thị trấn «{line.commune}» vào thời điểm của đợt",
                        "Sửa tên cho đúng danh mục địa bàn.",
                    )
                )
            else:
                found[plan_round.round, line.commune] = place.id
    if problems:
        raise InputError.of(problems)
    return found


def _plan_row(session: Session, plan: PlanFile, office: Office, now: datetime) -> CyclePlan:
    row = _known_plan(session, plan.year, office)
    facts: dict[str, Any] = {
        "authority": plan.authority,
        "targets": plan.targets,
        "guided": plan.guided,
        "legal_bases": plan.model_dump(mode="json")["legal_bases"],
        "activities": {
            "training": plan.training,
            "study_trips": plan.study_trips,
            "funding": plan.funding,
            "roles": plan.roles,
        },
    }
    if row is None:
        row = CyclePlan(home=office, year=plan.year, imported_at=now, **facts)
        session.add(row)
    else:
        for name, value in facts.items():
            setattr(row, name, value)
    session.flush()
    return row


def _known_plan(session: Session, year: int, office: Office) -> CyclePlan | None:
    """The office's own plan of the year, else the one that it took over, unless it took over several."""
    query = select(CyclePlan).where(CyclePlan.office_id == office.id, CyclePlan.year == year)
    plans = session.scalars(query.order_by(CyclePlan.id)).all()
    own = [p for p in plans if p.home_id == office.id]
    return own[0] if own else plans[0] if len(plans) == 1 else None


def _round_row(session: Session, plan: CyclePlan, plan_round: PlanRound) -> Round:
    dates = plan_round.dates(plan.year)
    round_ = next((r for r in plan.rounds if r.number == plan_round.round), None)
    if round_ is None:
        round_ = Round(plan=plan, number=plan_round.round, code=_code(session, plan, plan_round.round), **dates)
        session.add(round_)
    elif any(getattr(round_, name) != day for name, day in dates.items()):
        _check_planned(round_, dates)
        for name, day in dates.items():
            setattr(round_, name, day)
    session.flush()
    return round_


def _code(session: Session, plan: CyclePlan, number: int) -> str:
    # Commands name a round by its code alone, so the round of a second office carries the office in it.
    code = f"{plan.year}-{number}"
    taken = session.scalar(select(Round.id).where(Round.code == code).limit(1)) is not None
    return f"{code}-{plan.home.code}" if taken else code


def _check_planned(round_: Round, dates: dict[str, date]) -> None:
    if round_.status.value != "planned":
        changed = "; ".join(
            f"{DAYS[name]}: {getattr(round_, name):%d/%m/%Y} → {day:%d/%m/%Y}"
            for name, day in dates.items()
            if getattr(round_, name) != day
        )
        raise ConflictError(
            f"{round_.title} đã mở nên không đổi ngày bằng cách nhập lại kế hoạch ({changed}).",
            field=f"rounds[{round_.number - 1}]",
            remedy="Giữ nguyên ngày của đợt đã mở trong tệp kế hoạch.",
        )


def _planned_row(session: Session, round_: Round, line: PlanProduct, place_id: int) -> None:
    written = ProductLine(line.name, line.producer, line.producer_form, line.criteria_set, tuple(line.aliases))
    product = product_row(session, written, place_id)
    known = session.scalar(
        select(PlannedProduct).where(PlannedProduct.round_id == round_.id, PlannedProduct.product_id == product.id)
    )
    if known is None:
        session.add(
            PlannedProduct(
                round=round_,
                product=product,
                kind=line.kind,
                target_stars=line.target,
                from_stars=line.from_stars,
                set_sure=line.set_sure,
            )
        )
