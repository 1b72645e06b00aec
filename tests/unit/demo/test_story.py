"""The story of the year: who acts when, recorded by people who only note what they are asked to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any, cast

import pytest

from deployments.demo.acts import People
from deployments.demo.papers import PAPERS, papers
from deployments.demo.runner import BEGIN, PLAN_FILE
from deployments.demo.story import Event, story
from models.regimes import load_regime
from models.rounds.plan_import import read_plan

PLAN = read_plan(PLAN_FILE)
DATES = {r.round: r.dates(PLAN.year) for r in PLAN.rounds}
Call = tuple[date, str, tuple[Any, ...]]


class Notebook:
    """Stands for the people: every act is a line."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, act: str) -> Callable[..., None]:
        return lambda *arguments, **_: self.lines.append((act, arguments))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return story(cast("People", Notebook()))


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    people = Notebook()
    noted: list[Call] = []
    for event in story(cast("People", people)):
        people.lines.clear()
        event.act()
        noted += [(event.on, act, arguments) for act, arguments in people.lines]
    return noted


def days_of(calls: list[Call], act: str) -> list[tuple[date, tuple[Any, ...]]]:
    return [(on, arguments) for on, name, arguments in calls if name == act]


def test_days_follow_each_other_and_reach_2027(events: list[Event]) -> None:
    days = [event.on for event in events]

    assert days == sorted(days)
    assert (days[0] >= BEGIN, days[-1].year) == (True, 2027)


def test_worker_is_killed_once_while_there_is_work(events: list[Event]) -> None:
    assert [event.words for event in events if event.kill_worker] == [
        "Bốn xã gửi báo cáo; tiến trình xử lý bị ngắt đột ngột (SIGKILL)"
    ]


def test_every_product_of_the_plan_is_handed_in_once(calls: list[Call]) -> None:
    handed_in = sorted(arguments[0] for _, arguments in days_of(calls, "hands_in"))

    assert handed_in == sorted(product.name for round_ in PLAN.rounds for product in round_.products)


@pytest.mark.parametrize("act", ["hands_in", "hands_in_again"])
def test_dossiers_come_within_the_window_of_their_round(calls: list[Call], act: str) -> None:
    windows = {
        f"2024-{r.round}": (DATES[r.round]["opens_on"], DATES[r.round]["registration_closes_on"]) for r in PLAN.rounds
    }
    outside = [
        (on, arguments)
        for on, arguments in days_of(calls, act)
        if not windows[arguments[1]][0] <= on <= windows[arguments[1]][1]
    ]

    assert outside == []


@pytest.mark.parametrize(
    ("act", "day"),
    [("opens_round", "opens_on"), ("closes_list", "registration_closes_on"), ("concludes", "council_on")],
)
def test_rounds_keep_the_days_of_the_plan(calls: list[Call], act: str, day: str) -> None:
    planned = {f"2024-{r.round}": DATES[r.round][day] for r in PLAN.rounds}

    assert {arguments[0]: on for on, arguments in days_of(calls, act)} == planned


def test_decisions_are_signed_before_the_rounds_close(calls: list[Call]) -> None:
    closes = {f"2024-{r.round}": DATES[r.round]["closes_on"] for r in PLAN.rounds}
    signed = {arguments[0]: on for on, arguments in days_of(calls, "signs")}

    assert set(signed) == set(closes)
    assert [code for code, on in signed.items() if on > closes[code]] == []


def test_usual_papers_hold_every_mandatory_one() -> None:
    checklist = load_regime("qd148-2023").checklist
    mandatory = {line.kind for line in checklist if line.mandatory}

    assert mandatory - set(PAPERS) == set()


def test_papers_without_some_and_with_one_expiring() -> None:
    usual, changed = papers(), papers(without=("growth",), expiring={"test_sheets": "2024-08-31"})

    assert [p["kind"] for p in usual] == list(PAPERS)
    assert [p["kind"] for p in changed] == [kind for kind in PAPERS if kind != "growth"]
    assert {p["kind"]: p["expires_on"] for p in changed if p["expires_on"]} == {"test_sheets": "2024-08-31"}
    assert all(a["page_to"] < b["page_from"] for a, b in pairwise(usual))
