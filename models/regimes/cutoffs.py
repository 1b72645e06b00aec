"""The yearly days before which communes' proposals must reach the province, by the law in force (domain.md §2, §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.regimes.loader import regime_in_force
from models.regimes.terms import RoundWindow

PROPOSED_TO = "province"
"""Communes propose to the province; what the province sends to the ministry is its own affair."""


@dataclass(frozen=True)
class Cutoff:
    """One such day in one year: proposals come in before `before`, so the last day to act is the day before it."""

    before: date
    last_day: date
    done_before: date
    regime: str
    source: str

    @property
    def name(self) -> str:
        """As people say it: "30/04"."""
        return f"{self.before:%d/%m}"


def cutoffs_in_force(today: date) -> list[Cutoff]:
    """The cut-offs in the year of `today` of the law in force that day; none where the law names none."""
    regime = regime_in_force(today)
    return [_cutoff(regime.code, window, today.year) for window in regime.round_windows if window.body == PROPOSED_TO]


def days_ahead(cutoff: Cutoff, ahead: int) -> date:
    """The day so many calendar days before the last day to act."""
    return cutoff.last_day - timedelta(days=ahead)


def _cutoff(regime: str, window: RoundWindow, year: int) -> Cutoff:
    return Cutoff(
        before=window.proposals_before.on(year),
        last_day=window.last_proposal_day(year),
        done_before=window.done_before.on(year),
        regime=regime,
        source=window.source,
    )
