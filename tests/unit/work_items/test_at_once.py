"""Two people at the same moment, each on a connection of its own (SQLite; PostgreSQL: tests/integration/postgres)."""

from __future__ import annotations

from tests.at_once import (
    check_different_outcomes,
    check_opening,
    check_same_outcome,
    check_withdrawal_against_return,
)


def test_same_outcome_at_once_is_one(url: str) -> None:
    check_same_outcome(url)


def test_different_outcomes_at_once_are_one_and_a_conflict(url: str) -> None:
    check_different_outcomes(url)


def test_step_opened_at_once_is_one_item(url: str) -> None:
    check_opening(url)


def test_withdrawal_and_return_at_once_end_the_attempt_once(url: str) -> None:
    check_withdrawal_against_return(url)
