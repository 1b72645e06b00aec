"""The yearly plan as a file: what it may say and what is wrong with it."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.enums import OrganisationForm
from models.errors import Problem
from models.forms import wrong
from models.regimes.kinds import DossierKind

DAYS = {
    "opens_on": "ngày mở đợt",
    "registration_closes_on": "ngày hết hạn nhận hồ sơ",
    "council_on": "ngày họp hội đồng",
    "closes_on": "ngày kết thúc đợt",
}
"""The four days of a round in the order in which they must come."""


class PlanProduct(BaseModel):
    """One product of a round."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1)
    aliases: list[str] = Field(default_factory=list)
    producer: str | None = None
    producer_form: OrganisationForm = OrganisationForm.HOUSEHOLD
    commune: str = Field(min_length=1)
    kind: DossierKind
    from_stars: int | None = Field(default=None, ge=3, le=5, alias="from")
    target: int = Field(ge=3, le=5)
    criteria_set: int = Field(ge=1, le=26, alias="set")
    set_sure: Literal["high", "medium", "low"] = "high"

    @model_validator(mode="after")
    def upgrade_has_start(self) -> PlanProduct:
        """An upgrade starts from fewer stars than it aims at."""
        if self.kind is DossierKind.UPGRADE and (self.from_stars or 0) >= self.target:
            why = "nâng hạng phải từ số sao thấp hơn số sao đăng ký"
            raise wrong(Problem("from", why, "Sửa số sao đang có (from) hoặc số sao đăng ký (target)."))
        if self.kind is DossierKind.UPGRADE and self.from_stars is None:
            raise wrong(Problem("from", "nâng hạng phải ghi số sao đang có", "Ghi số sao đang có (from): 3 hoặc 4."))
        return self


class PlanRound(BaseModel):
    """One round: its quarters, or its own dates, and its products."""

    model_config = ConfigDict(extra="forbid")

    round: int = Field(ge=1)
    quarters: list[int] = Field(default_factory=list)
    opens_on: date | None = None
    registration_closes_on: date | None = None
    council_on: date | None = None
    closes_on: date | None = None
    products: list[PlanProduct] = Field(default_factory=list)

    def dates(self, year: int) -> dict[str, date]:
        """The four dates of the round; what is not given follows from the quarters [ours].

        Registration closes after a third of the round, the council sits after four fifths.
        """
        first, last = min(self.quarters, default=1), max(self.quarters, default=4)
        start = self.opens_on or date(year, 3 * first - 2, 1)
        end = self.closes_on or date(year, 3 * last, calendar.monthrange(year, 3 * last)[1])
        span = end - start
        return {
            "opens_on": start,
            "registration_closes_on": self.registration_closes_on or start + span / 3,
            "council_on": self.council_on or start + span * 4 / 5,
            "closes_on": end,
        }

    @model_validator(mode="after")
    def quarters_and_products(self) -> PlanRound:
        """Quarters 1-4; no product twice in a round."""
        if any(not 1 <= q <= 4 for q in self.quarters):  # noqa: PLR2004
            raise wrong(Problem("quarters", "quý phải từ 1 đến 4", "Ghi các quý trong khoảng 1 đến 4."))
        names = [p.name for p in self.products]
        twice = [
            Problem(f"products[{at}].name", f"sản phẩm ghi hai lần trong một đợt: {name}", "Bỏ dòng thừa.")
            for at, name in enumerate(names)
            if name in names[:at]
        ]
        if twice:
            raise wrong(*twice)
        return self


class OldCertificate(BaseModel):
    """A certificate of an earlier year that the plan mentions."""

    model_config = ConfigDict(extra="forbid")

    name: str
    commune: str | None = None
    commune_sure: str | None = None
    stars: int = Field(ge=3, le=5)
    decision: str
    decided: date


class PlanFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    year: int = Field(ge=2019, le=2100)
    office: str
    authority: str
    regime: str
    targets: dict[str, int]
    guided: dict[str, int] = Field(default_factory=dict)
    legal_bases: list[dict[str, Any]] = Field(default_factory=list)
    training: dict[str, Any] = Field(default_factory=dict)
    study_trips: int = 0
    funding: list[str] = Field(default_factory=list)
    rounds: list[PlanRound] = Field(min_length=1)
    due_for_renewal: list[OldCertificate] = Field(default_factory=list)
    roles: dict[str, str] = Field(default_factory=dict)
    known_results: list[dict[str, Any]] = Field(default_factory=list)

    @model_validator(mode="after")
    def dates_in_order(self) -> PlanFile:
        """Each round's dates must follow one another and lie in or next to the plan's year."""
        problems = [p for index, one in enumerate(self.rounds) for p in self._date_problems(index, one)]
        numbers = [r.round for r in self.rounds]
        if numbers != sorted(set(numbers)):
            problems.append(Problem("rounds", "số thứ tự các đợt phải tăng dần, không trùng", "Đánh số lại các đợt."))
        if problems:
            raise wrong(*problems)
        return self

    def _date_problems(self, index: int, plan_round: PlanRound) -> Iterator[Problem]:
        days = plan_round.dates(self.year)
        where, remedy = f"rounds[{index}]", "Sửa ngày của đợt cho đúng thứ tự."
        for earlier, later in itertools.pairwise(days):
            if days[earlier] > days[later]:
                why = f"ngày {days[later]:%d/%m/%Y} trước {DAYS[earlier]} ({days[earlier]:%d/%m/%Y})"
                yield Problem(f"{where}.{later}", why, remedy)
        if days["opens_on"].year != self.year:
            why = f"ngày {days['opens_on']:%d/%m/%Y} không thuộc năm {self.year}"
            yield Problem(f"{where}.opens_on", why, "Sửa năm của kế hoạch hoặc ngày mở đợt.")
