"""Which schedules are wanted: fixed ones, one a planned round, those of the cut-offs of the law in force."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from deployments.scheduled import Scheduled, load_scheduled
from deployments.wanted import Wanted, fingerprint, wanted_schedules
from models.clock import FixedClock
from models.office_clock import StoredClock, set_stored_now
from models.rounds.queries import round_by_code
from tests.factories import at, open_round

ZONE = "Asia/Ho_Chi_Minh"


def wanted(session: Session, day: str, flow: str) -> list[Wanted]:
    found = wanted_schedules(session, FixedClock(at(day)), load_scheduled())
    return [one for one in found if one.flow == flow]


def test_every_flow_of_the_file_is_there_under_its_own_name() -> None:
    names = [entry.flow().name for entry in load_scheduled().flows]

    assert names == [
        "cycle",
        "round",
        "dossier",
        "certificate",
        "open-round",
        "watch",
        "notify",
        "papers",
        "digest",
        "certificate-sweep",
        "plan-reminder",
        "legal-cutoff",
        "year-end-report",
        "tidying",
        "run-trouble",
        "worker-offline",
    ]


def test_watch_sweep_and_reports_go_by_the_clock_of_viet_nam(session: Session) -> None:
    found = wanted_schedules(session, FixedClock(at("2024-03-01")), load_scheduled())

    crons = {f"{one.flow}/{one.slug}": one.schedule for one in found}
    assert crons["watch/moi-5-phut"] == {"cron": "*/5 * * * *", "timezone": ZONE}
    assert crons["certificate-sweep/hang-ngay"] == {"cron": "0 6 * * *", "timezone": ZONE}
    assert crons["year-end-report/ca-nam"] == {"cron": "0 8 31 12 *", "timezone": ZONE}


def test_each_planned_round_opens_on_its_morning_with_its_own_parameters(session: Session) -> None:
    ids = {code: round_by_code(session, code).id for code in ("2024-1", "2024-2", "2024-3")}
    open_round(session, "2024-1")

    found = wanted(session, "2024-03-01", "open-round")

    assert [(one.slug, one.schedule["cron"], one.parameters) for one in found] == [
        (f"dot-2024-2-{ids['2024-2']}", "0 7 1 7 *", {"round_id": ids["2024-2"]}),
        (f"dot-2024-3-{ids['2024-3']}", "0 7 12 8 *", {"round_id": ids["2024-3"]}),
    ]


def test_round_past_its_window_has_no_schedule(session: Session) -> None:
    assert [one.slug.rpartition("-")[0] for one in wanted(session, "2024-07-27", "open-round")] == ["dot-2024-3"]


@pytest.mark.parametrize("day", ["2024-03-01", "2026-05-21"])
def test_laws_without_cutoffs_have_none(session: Session, day: str) -> None:
    assert wanted(session, day, "legal-cutoff") == []


def test_cutoffs_of_the_law_of_2026_are_told_ahead_and_on_the_last_day_to_act(session: Session) -> None:
    found = wanted(session, "2026-05-22", "legal-cutoff")

    april, october = {"month": 4, "day": 30}, {"month": 10, "day": 30}
    assert [(one.slug, one.schedule["cron"], one.parameters) for one in found] == [
        ("truoc-30-04-14-ngay", "0 7 15 4 *", april),
        ("truoc-30-04-3-ngay", "0 7 26 4 *", april),
        ("ngay-cuoi-truoc-30-04", "0 7 29 4 *", april),
        ("truoc-30-10-14-ngay", "0 7 15 10 *", october),
        ("truoc-30-10-3-ngay", "0 7 26 10 *", october),
        ("ngay-cuoi-truoc-30-10", "0 7 29 10 *", october),
    ]


def test_simulated_days_have_only_what_is_marked_so(session: Session) -> None:
    set_stored_now(session, at("2024-03-01"))

    found = wanted_schedules(session, StoredClock(session), load_scheduled())

    assert [(one.flow, one.slug) for one in found] == [("watch", "moi-5-phut")]


def test_fingerprint_changes_with_the_plans_and_not_with_the_day(session: Session) -> None:
    def now(day: str) -> str:
        return fingerprint(wanted_schedules(session, FixedClock(at(day)), load_scheduled()))

    before = now("2024-03-01")
    assert now("2024-03-02") == before
    round_by_code(session, "2024-2").opens_on = date(2024, 7, 2)
    assert now("2024-03-02") != before


def test_a_new_flow_is_one_entry() -> None:
    entry = {"at": "flows.watch.watch", "about": "Thử", "schedules": {"sang": {"cron": "30 7 * * 1-5"}}}

    read = Scheduled.model_validate({"timezone": ZONE, "flows": [entry]})

    assert read.flows[0].schedules["sang"].cron == "30 7 * * 1-5"
