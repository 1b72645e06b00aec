"""The yearly plan as a workbook: empty as a template, or filled in with a plan that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Level, OfficeKind
from models.offices.history import place_as_of
from models.regimes import regime_in_force
from models.rounds.plan_form import PlanFile
from models.tables import CyclePlan, Office, Place, PlannedProduct, Round
from models.workbooks.plan_reading import PLAIN_TRAINING
from models.workbooks.plan_sheets import (
    BASES,
    COMMUNES,
    DUE,
    FACTS,
    GUIDE,
    OFFICES,
    OWN_TRAINING,
    PRODUCTS,
    ROLES,
    ROUNDS,
)
from models.workbooks.writing import list_ranges, lists_of, new_book, write_facts, write_guide, write_table

TITLE = "MẪU KẾ HOẠCH NĂM CHƯƠNG TRÌNH OCOP"


def write_plan_book(session: Session, path: Path, now: datetime, today: date, plan: PlanFile | None = None) -> None:
    """Write the template, with the office's own communes in its drop-downs; filled in when a plan is given."""
    sheets = (FACTS, BASES, ROUNDS, PRODUCTS, DUE, ROLES)
    lists = lists_of(sheets, {COMMUNES: communes(session, today), OFFICES: coordination_offices(session)})
    ranges = list_ranges(lists)
    rows = _rows(plan) if plan is not None else {}
    with new_book(path, now, TITLE) as book:
        write_guide(book, TITLE, GUIDE)
        facts = _facts(plan) if plan is not None else {}
        own = {name: value for name, value in facts.items() if name.startswith(OWN_TRAINING)}
        write_facts(book, FACTS, facts, ranges, own)
        for sheet in sheets[1:]:
            write_table(book, sheet, rows.get(sheet.name, ()), ranges)
        book.lists(lists)


def communes(session: Session, today: date) -> list[str]:
    """The communes of today, as people name them."""
    query = select(Place).where(Place.level == Level.COMMUNE, Place.valid_from <= today).order_by(Place.name)
    return [place.title for place in session.scalars(query) if place.valid_to is None or place.valid_to >= today]


def coordination_offices(session: Session) -> list[str]:
    """The names of the coordination offices."""
    query = select(Office.name).where(Office.kind == OfficeKind.COORDINATION).order_by(Office.id)
    return list(session.scalars(query))


def plan_of(session: Session, row: CyclePlan) -> PlanFile:
    """A stored plan as the file that would give it again; places are named as on the day on which a round opens.

    Of the regime only the plan's law at its first day is known, and old certificates are in the register, not here.
    """
    activities = row.activities
    return PlanFile.model_validate(
        {
            "year": row.year,
            "office": row.office.name,
            "authority": row.authority,
            "regime": regime_in_force(row.rounds[0].opens_on).code,
            "targets": row.targets,
            "guided": row.guided,
            "legal_bases": row.legal_bases,
            **{
                name: activities[name] for name in ("training", "study_trips", "funding", "roles") if name in activities
            },
            "rounds": [_round(session, round_) for round_ in row.rounds],
        }
    )


def _round(session: Session, round_: Round) -> dict[str, Any]:
    query = select(PlannedProduct).where(PlannedProduct.round_id == round_.id).order_by(PlannedProduct.id)
    return {
        "round": round_.number,
        "opens_on": round_.opens_on,
        "registration_closes_on": round_.registration_closes_on,
        "council_on": round_.council_on,
        "closes_on": round_.closes_on,
        "products": [_product(session, round_, planned) for planned in session.scalars(query)],
    }


def _product(session: Session, round_: Round, planned: PlannedProduct) -> dict[str, Any]:
    product = planned.product
    return {
        "name": product.name,
        "aliases": [alias.name for alias in product.aliases],
        "producer": product.producer.name,
        "producer_form": product.producer.form,
        "commune": place_as_of(session, product, round_.opens_on).title,
        "kind": planned.kind,
        "from": planned.from_stars,
        "target": planned.target_stars,
        "set": product.criteria_set,
        "set_sure": planned.set_sure,
    }


def _facts(plan: PlanFile) -> dict[str, Any]:
    facts: dict[str, Any] = plan.model_dump(include={"year", "office", "authority", "regime", "study_trips", "funding"})
    for group in ("targets", "guided"):
        facts |= {f"{group}.{name}": value for name, value in getattr(plan, group).items()}
    for name, value in plan.training.items():
        key = f"training.{name}" if name in PLAIN_TRAINING else f"{OWN_TRAINING}{name}"
        facts[key] = "–".join(map(str, value)) if isinstance(value, list) else value
    return facts


def _rows(plan: PlanFile) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {
        BASES.name: [{**basis, "date": _day(basis.get("date"))} for basis in plan.legal_bases],
        ROUNDS.name: [
            {**one.model_dump(exclude={"products"}), "quarters": ", ".join(map(str, one.quarters))}
            for one in plan.rounds
        ],
        PRODUCTS.name: [
            {"round": one.round, **product.model_dump(by_alias=True)} for one in plan.rounds for product in one.products
        ],
        DUE.name: [one.model_dump() for one in plan.due_for_renewal],
        ROLES.name: [{"unit": unit, "duty": duty} for unit, duty in plan.roles.items()],
    }


def _day(written: Any) -> Any:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return written
