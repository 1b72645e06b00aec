"""The lists, figures and searches give on PostgreSQL what they give on SQLite."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY, fill
from models.audit_list import AuditFilter, audit_page
from models.certificates.listing import RegisterFilter, register_page
from models.database import engine_for
from models.dossiers.listing import DossierFilter, dossier_page
from models.paging import PageAsked
from models.reports.steering import return_reasons, stars_by_year, step_times
from models.reports.steering_rows import done_items, recognised, returned_for
from models.rounds.board import board_page
from models.rounds.board_index import BoardFilter
from models.rounds.calendar import round_calendar
from models.rounds.queries import round_by_code
from models.tables import Capacity, Person
from models.work_items.my_work import my_work

pytestmark = pytest.mark.slow
EVERY = PageAsked(1, 200)


def read(session: Session) -> list[Any]:
    mine = session.scalars(select(Capacity).join(Person).where(Person.code == "dieu-phoi")).all()
    round_, past = (round_by_code(session, code) for code in ("2025-2", "2023-1"))
    return [
        my_work(session, mine, TODAY, asked=EVERY),
        my_work(session, [], TODAY),
        board_page(session, round_, TODAY, BoardFilter(late=True), EVERY),
        dossier_page(session, DossierFilter(search="keo LAC 2"), EVERY),
        register_page(session, TODAY, RegisterFilter(search="gcn-000", ending=400), EVERY),
        round_calendar(session, round_, TODAY),
        [line.act for line in audit_page(session, AuditFilter(since=TODAY.replace(day=1)), size=200).lines],
        step_times(done_items(session, [past.id])),
        return_reasons(returned_for(session, [past.id])),
        stars_by_year(recognised(session, TODAY, {round_.plan.office_id})),
    ]


def test_lists_and_figures_are_the_same_as_on_sqlite(empty_url: str, large: Session) -> None:
    fill(empty_url, 200)

    with Session(engine_for(empty_url)) as session:
        found = read(session)

    assert found == read(large)
    assert all(found)
