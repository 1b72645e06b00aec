"""Settings of the coordination offices: what the law fixes, what the office has set, and the channels."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from models.dossiers.checklist import CheckEntry, checklist_of
from models.enums import OfficeKind, Role, Rung
from models.errors import NotAllowedError
from models.notifications.channels import channel_rows
from models.offices.own_settings import TermLine, may_set, office_by_code, own_days, terms_of
from models.regimes import regime_in_force, regimes
from models.tables import Council, Office
from models.work_items.rungs import rungs_of
from portal.access import of
from portal.acts.capacities import first_that
from portal.acts.settings import KEEPERS, TermUnit
from portal.desk import Desk
from portal.menu import KEEPING, MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
LOOKERS = of(Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR)
MENU.append(Link("Cài đặt", "/settings", LOOKERS, order=80, group=KEEPING))


@dataclass(frozen=True)
class OfficeSettings:
    """Everything that one office has set, over what holds without it."""

    code: str
    name: str
    may_set: bool
    terms: list[TermLine]
    rungs: list[tuple[str, int]]
    checklist: list[CheckEntry]
    days_off: list[tuple[str, str]]
    working_days: list[tuple[str, str]]


def offices_set(desk: Desk) -> list[Office]:
    """The coordination offices whose settings the visitor may see: coordinators their own, others all."""
    query = select(Office).where(Office.kind == OfficeKind.COORDINATION).order_by(Office.id)
    every = list(desk.session.scalars(query))
    if {Role.ADMINISTRATOR, Role.AUDITOR} & desk.roles:
        return every
    own = {held.capacity.office_id for held in desk.held if held.capacity.role is Role.COORDINATOR}
    return [office for office in every if office.id in own]


def settings_of(desk: Desk, code: str) -> OfficeSettings:
    """The settings of one office.

    Raises:
        NotFoundError: no such office.
        NotAllowedError: it is another's.
    """
    office = office_by_code(desk.session, code)
    if office not in offices_set(desk):
        raise NotAllowedError(
            f"Không được xem cài đặt của {office.name}.", field="office", remedy="Chọn văn phòng của mình."
        )
    days = own_days(office)
    return OfficeSettings(
        code=office.code,
        name=office.name,
        may_set=bool(set(KEEPERS) & desk.roles)
        and may_set(first_that(desk, KEEPERS, lambda w: may_set(w, office)), office),
        terms=terms_of(office),
        rungs=[(rung.label, days_) for rung, days_ in rungs_of(office).items() if rung is not Rung.OVERDUE],
        checklist=checklist_of(regime_in_force(desk.today).code, office),
        days_off=[(day.date.isoformat(), day.reason) for day in days.days_off],
        working_days=[(day.date.isoformat(), day.reason) for day in days.working_days],
    )


@page(router, "/settings", LOOKERS)
def index(view: View) -> Response:
    """The offices, and what else is set."""
    return view.page("settings/index.html.j2", title="Cài đặt", offices=offices_set(view.desk))


@page(router, "/settings/{office}", LOOKERS)
def show(view: View, office: str) -> Response:
    """The settings of one office."""
    found = settings_of(view.desk, office)
    row = office_by_code(view.desk.session, office)
    councils = view.desk.session.scalars(select(Council).where(Council.office_id == row.id).order_by(Council.id)).all()
    units = {unit.value: unit.label.lower() for unit in TermUnit}
    return view.page(
        "settings/show.html.j2", title=f"Cài đặt · {found.name}", office=found, regimes=regimes(), units=units,
        law=regime_in_force(view.desk.today), councils=councils,
    )  # fmt: skip


@page(router, "/channels", of(*KEEPERS))
def channels(view: View) -> Response:
    """The channels of people and units; addresses without secrets."""
    rows = channel_rows(view.desk.session)
    return view.page("settings/channels.html.j2", title="Kênh thông báo", rows=rows)
