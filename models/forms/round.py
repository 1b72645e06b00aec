"""Forms of the steps of a round: outreach, closing the list, convening, session, decision."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import Problem
from models.forms.base import ActDay, Form, wrong


class OutreachActivity(BaseModel):
    """One line of a commune's or office's activity log."""

    model_config = ConfigDict(extra="forbid")

    on: date = Field(title="Ngày")
    place: str = Field(title="Nơi tổ chức", min_length=1)
    what: str = Field(title="Nội dung", min_length=1)
    people: int = Field(default=0, ge=0, title="Số người dự")


class OutreachForm(Form):
    """Step 1: the notice went out and what was done to make the programme known (plan of 2024, IV.1-2)."""

    outcome: Literal["announced"] = Field(title="Kết quả")
    notice_number: str = Field(title="Số thông báo mở đợt", min_length=1)
    notice_date: ActDay = Field(title="Ngày thông báo")
    activities: list[OutreachActivity] = Field(default_factory=list, title="Nhật ký tuyên truyền, tập huấn")


class RegistrationWindowForm(Form):
    """Step 2: the list of dossiers of the round is closed."""

    outcome: Literal["closed"] = Field(title="Kết quả")
    note: str = Field(default="", title="Ghi chú")


class CouncilConveningForm(Form):
    """Step 5: the meeting is called; dossiers not named go on in the next round. `not_held`: nothing to evaluate."""

    outcome: Literal["called", "not_held"] = Field(title="Kết quả")
    held_on: date | None = Field(default=None, title="Ngày họp")
    place: str = Field(default="", title="Nơi họp")
    dossiers: list[str] = Field(default_factory=list, title="Mã các hồ sơ đưa ra hội đồng")
    reason: str = Field(default="", title="Lý do không họp")

    @model_validator(mode="after")
    def complete(self) -> CouncilConveningForm:
        """A meeting has its day, place and agenda; none has its reason."""
        asked = {"held_on": "Ghi ngày họp.", "place": "Ghi nơi họp.", "dossiers": "Ghi mã ít nhất một hồ sơ."}
        if self.outcome == "not_held":
            asked = {"reason": "Ghi lý do không họp."}
        missing = [
            Problem(name, "thiếu thông tin bắt buộc", remedy)
            for name, remedy in asked.items()
            if not getattr(self, name)
        ]
        if missing:
            raise wrong(*missing)
        return self

    @property
    def day(self) -> date:
        """The day of the meeting that is called."""
        if self.held_on is None:
            raise TypeError("no meeting is called")
        return self.held_on


class ProductConclusion(BaseModel):
    """What the meeting heard and concluded on one product; `stars` only to override, with the reason.

    `presentation` and `discussion` go into the minutes; left empty they are dotted lines there.
    """

    model_config = ConfigDict(extra="forbid")

    presentation: str = Field(default="", title="Chủ thể trình bày")
    discussion: str = Field(default="", title="Ý kiến thảo luận")
    text: str = Field(default="", title="Kết luận")
    stars: int | None = Field(default=None, ge=1, le=5, title="Số sao hội đồng kết luận (nếu khác kết quả tính)")
    reason: str = Field(default="", title="Lý do")

    @model_validator(mode="after")
    def override_has_reason(self) -> ProductConclusion:
        """An override without a reason is refused (domain.md §2, [ours])."""
        if self.stars is not None and not self.reason.strip():
            raise wrong(Problem("reason", "kết luận khác kết quả tính phải ghi lý do", "Ghi lý do của hội đồng."))
        return self


class CouncilSessionForm(Form):
    """Step 5: the scoring is closed, either for a second scoring or with the conclusion (minutes)."""

    outcome: Literal["second_scoring", "concluded"] = Field(title="Kết quả")
    absent: list[str] = Field(default_factory=list, title="Thành viên vắng (mã người dùng)")
    eliminations: dict[str, list[str]] = Field(default_factory=dict, title="Căn cứ loại: mã hồ sơ → mã tiêu chí")
    minutes_number: str = Field(default="", title="Số biên bản")
    discussion: str = Field(default="", title="Nội dung thảo luận")
    conclusions: dict[str, ProductConclusion] = Field(
        default_factory=dict, title="Kết luận từng sản phẩm: mã hồ sơ → kết luận"
    )


class DecisionSigningForm(Form):
    """Step 6: number and date from the clerk's register, as signed; what it says follows from the results."""

    outcome: Literal["signed"] = Field(title="Kết quả")
    decision_number: str = Field(default="", title="Số quyết định công nhận")
    letter_number: str = Field(default="", title="Số văn bản chuyển hồ sơ lên cấp trên")
    signed_on: ActDay = Field(title="Ngày ký")
    signer: str = Field(title="Người ký", min_length=1)
