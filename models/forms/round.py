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
    """Step 5: the meeting is called; dossiers not named stay in their step."""

    outcome: Literal["called"] = Field(title="Kết quả")
    held_on: date = Field(title="Ngày họp")
    place: str = Field(title="Nơi họp", min_length=1)
    dossiers: list[str] = Field(title="Mã các hồ sơ đưa ra hội đồng", min_length=1)


class ProductConclusion(BaseModel):
    """What the meeting concluded on one product; `stars` only to override, with the reason."""

    model_config = ConfigDict(extra="forbid")

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
