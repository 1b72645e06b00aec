"""Terms: how many days a step may take, in which days it is counted, and who says so."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Source = Annotated[str, Field(pattern=r"^\[(law|local|ours)\] \S")]
"""Where a value comes from, in Vietnamese, after the mark of domain.md: `[law] 26/2026/QĐ-TTg`."""

Days = Annotated[int, Field(strict=True, gt=0)]

_SAID = {"law": "theo ", "local": "quy định của địa phương: ", "ours": ""}


def source_in_words(source: str) -> str:
    """A source as people read it, without its mark: `theo 26/2026/QĐ-TTg`; a default of ours says so itself."""
    mark, _, words = source.removeprefix("[").partition("] ")
    return _SAID[mark] + words


_LEAP_YEAR, _COMMON_YEAR = 2024, 2023


class Part(BaseModel):
    """Base of every piece of a regime: read once, never changed, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TermKey(StrEnum):
    """The steps that have a term in every regime."""

    OUTREACH = "outreach"
    REGISTRATION_WINDOW = "registration_window"
    REGISTRATION_CHECK = "registration_check"
    SUPPLEMENT = "supplement"
    COMMUNE_ASSESSMENT = "commune_assessment"
    CONSULTING = "consulting"
    COUNCIL_CONVENING = "council_convening"
    COUNCIL_SESSION = "council_session"
    COUNCIL_EVALUATION = "council_evaluation"
    DECISION = "decision"
    DECISION_SIGNING = "decision_signing"
    HIGHER_LEVEL_RESULT = "higher_level_result"
    INSPECTION = "inspection"

    @property
    def label(self) -> str:
        """The Vietnamese name of the step."""
        return _LABELS[self]


_LABELS = {
    TermKey.OUTREACH: "Tuyên truyền, tập huấn",
    TermKey.REGISTRATION_WINDOW: "Thời gian nhận đăng ký",
    TermKey.REGISTRATION_CHECK: "Kiểm tra hồ sơ đăng ký",
    TermKey.SUPPLEMENT: "Bổ sung hồ sơ",
    TermKey.COMMUNE_ASSESSMENT: "Đánh giá cấp xã",
    TermKey.CONSULTING: "Tư vấn, hỗ trợ",
    TermKey.COUNCIL_CONVENING: "Triệu tập hội đồng",
    TermKey.COUNCIL_SESSION: "Họp hội đồng",
    TermKey.COUNCIL_EVALUATION: "Hội đồng đánh giá",
    TermKey.DECISION: "Trình và ban hành quyết định",
    TermKey.DECISION_SIGNING: "Ký quyết định",
    TermKey.HIGHER_LEVEL_RESULT: "Kết quả của cấp trên",
    TermKey.INSPECTION: "Kiểm tra, giám sát",
}


class Term(Part):
    """A number of days; working days skip days off, calendar days do not (domain.md §6)."""

    days: Days
    unit: Literal["working", "calendar"]
    source: Source
    note: str = ""

    @property
    def is_law(self) -> bool:
        """Whether a decision fixes it: no setting of an office changes it."""
        return self.source.startswith("[law]")


class MonthDay(Part):
    """A day of every year."""

    month: Annotated[int, Field(strict=True)]
    day: Annotated[int, Field(strict=True)]

    @model_validator(mode="after")
    def _exists_every_year(self) -> Self:
        self.on(_COMMON_YEAR)
        return self

    def on(self, year: int) -> date:
        """That day in a year."""
        return date(year, self.month, self.day)


class RoundWindow(Part):
    """One of the yearly windows of a level: proposals before one day, finished before another.

    "Before" a calendar date does not move with days off: the last day to act is the day before it.
    """

    body: Literal["province", "ministry"]
    proposals_before: MonthDay
    done_before: MonthDay
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.done_before.on(_LEAP_YEAR) <= self.proposals_before.on(_LEAP_YEAR):
            raise ValueError("hạn hoàn thành phải sau hạn gửi đề nghị")
        return self

    def last_proposal_day(self, year: int) -> date:
        """The last day of the year on which a proposal of this window may come in."""
        return self.proposals_before.on(year) - timedelta(days=1)

    def last_day(self, year: int) -> date:
        """The last day of the year on which this window's evaluation may end."""
        return self.done_before.on(year) - timedelta(days=1)
