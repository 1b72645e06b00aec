"""Forms of the steps of a dossier, and of a score sheet."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.enums import CommuneTopic
from models.errors import Problem
from models.forms.base import ActDay, Form, OptionalActDay, wrong
from models.regimes.evidence_kinds import EvidenceKind


class EvidenceUseForm(BaseModel):
    """One criterion that a paper proves, with the pages to look at (none: those of the whole paper)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    criterion: str = Field(title="Tiêu chí", min_length=1)
    page_from: int | None = Field(default=None, ge=1, le=99_999, title="Từ trang")
    page_to: int | None = Field(default=None, ge=1, le=99_999, title="Đến trang")

    @model_validator(mode="after")
    def pages_in_order(self) -> EvidenceUseForm:
        """Last page after first."""
        _check_pages(self.page_from, self.page_to)
        return self


def _check_pages(first: int | None, last: int | None) -> None:
    if first and last and last < first:
        raise wrong(Problem("page_to", "trang cuối trước trang đầu", "Sửa số trang đầu hoặc trang cuối."))


class EvidenceForm(BaseModel):
    """One paper as it is handed in; `criteria` names what all its pages prove, `uses` what some of them do."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: EvidenceKind = Field(title="Loại giấy tờ")
    title: str = Field(title="Tên giấy tờ", min_length=1)
    number: str | None = Field(default=None, title="Số hiệu")
    issued_on: date | None = Field(default=None, title="Ngày cấp")
    expires_on: date | None = Field(default=None, title="Ngày hết hạn")
    page_from: int | None = Field(default=None, ge=1, le=99_999, title="Từ trang")
    page_to: int | None = Field(default=None, ge=1, le=99_999, title="Đến trang")
    file_name: str | None = Field(default=None, title="Tệp")
    file_sha256: str | None = Field(default=None, title="Mã băm tệp", pattern=r"^[0-9a-f]{64}$")
    criteria: list[str] = Field(default_factory=list, title="Minh chứng cho các tiêu chí")
    uses: list[EvidenceUseForm] = Field(default_factory=list, title="Trang minh chứng cho từng tiêu chí")

    @model_validator(mode="after")
    def dates_and_pages_in_order(self) -> EvidenceForm:
        """Expiry after issue, last page after first."""
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise wrong(Problem("expires_on", "ngày hết hạn trước ngày cấp", "Sửa ngày cấp hoặc ngày hết hạn."))
        _check_pages(self.page_from, self.page_to)
        return self

    @property
    def pages_by_criterion(self) -> dict[str, tuple[int | None, int | None]]:
        """The pages to look at for each criterion, each once; pages given for one go before the whole paper."""
        found: dict[str, tuple[int | None, int | None]] = dict.fromkeys(self.criteria, (None, None))
        for use in self.uses:
            found[use.criterion] = (use.page_from, use.page_to)
        return found


class RegistrationCheckForm(Form):
    """Step 2: the dossier is complete, or goes back with the list of what is missing."""

    outcome: Literal["accepted", "returned"] = Field(title="Kết quả")
    missing: list[EvidenceKind] = Field(default_factory=list, title="Giấy tờ còn thiếu hoặc không hợp lệ")
    note: str = Field(default="", title="Hướng dẫn, ghi chú")

    @model_validator(mode="after")
    def list_fits_outcome(self) -> RegistrationCheckForm:
        """A return says what is missing; an acceptance misses nothing."""
        if self.outcome == "returned" and not (self.missing or self.note.strip()):
            why = "trả hồ sơ phải ghi giấy tờ còn thiếu hoặc lý do"
            raise wrong(Problem("missing", why, "Chọn giấy tờ còn thiếu, hoặc ghi lý do ở mục «Hướng dẫn, ghi chú»."))
        if self.outcome == "accepted" and self.missing:
            why = "hồ sơ được tiếp nhận thì không còn giấy tờ thiếu"
            raise wrong(Problem("missing", why, "Để trống mục này, hoặc chọn «Trả lại»."))
        return self


class CommuneFindingForm(BaseModel):
    """What the producer describes and what was found in the commune, on one topic."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    described: str = Field(default="", title="Chủ thể mô tả")
    found: str = Field(title="Kết quả đánh giá tại xã", min_length=1)
    agrees: bool = Field(title="Đúng như chủ thể mô tả")


class CommuneAssessmentForm(Form):
    """Step 3: the commune's report on the four topics (form 03); findings, no points."""

    outcome: Literal["proposed", "not_proposed"] = Field(title="Kết luận của UBND xã")
    report_number: str = Field(title="Số báo cáo", min_length=1)
    signed_on: ActDay = Field(title="Ngày ký")
    signer: str = Field(title="Người ký", min_length=1)
    findings: dict[CommuneTopic, CommuneFindingForm] = Field(title="Bốn nội dung đánh giá")
    note: str = Field(default="", title="Ghi chú")

    @model_validator(mode="after")
    def all_topics(self) -> CommuneAssessmentForm:
        """All four topics must be reported on."""
        absent = [topic for topic in CommuneTopic if topic not in self.findings]
        if absent:
            raise wrong(
                *(
                    Problem(f"findings.{t}", f"thiếu nội dung đánh giá: {t.label}", "Ghi kết quả của nội dung này.")
                    for t in absent
                )
            )
        return self


class ConsultingForm(Form):
    """Step 4: one visit; ready for the council, or with requests to supplement."""

    outcome: Literal["ready", "not_ready"] = Field(title="Kết luận")
    visited_on: ActDay = Field(title="Ngày làm việc")
    findings: str = Field(title="Hiện trạng, phát hiện", min_length=1)
    improved: str = Field(default="", title="Đã cải thiện")
    requests: list[str] = Field(default_factory=list, title="Yêu cầu bổ sung")
    missed_gates: list[str] = Field(default_factory=list, title="Tiêu chí chưa đạt điều kiện sao")

    @model_validator(mode="after")
    def requests_fit_outcome(self) -> ConsultingForm:
        """Not ready without saying what to do helps nobody."""
        if self.outcome == "not_ready" and not self.requests:
            why = "chưa sẵn sàng thì phải ghi yêu cầu bổ sung"
            raise wrong(Problem("requests", why, "Ghi từng việc chủ thể phải bổ sung."))
        return self


class SupplementForm(Form):
    """Step 4: the producer's answer to requests; a paper replaces the earlier one of its kind and title."""

    outcome: Literal["supplemented"] = Field(title="Kết quả")
    evidence: list[EvidenceForm] = Field(default_factory=list, title="Giấy tờ bổ sung, thay thế")
    note: str = Field(default="", title="Giải trình")


class ScoreSheetForm(Form):
    """Step 5: one member's sheet, or the recusal with its reason. Choices are the points of the chosen options."""

    outcome: Literal["scored", "recused"] = Field(title="Kết quả")
    choices: dict[str, int] = Field(default_factory=dict, title="Mức chọn của từng tiêu chí")
    opinion: str = Field(default="", title="Ý kiến")
    reason: str = Field(default="", title="Lý do từ chối chấm")

    @model_validator(mode="after")
    def reason_when_recused(self) -> ScoreSheetForm:
        """A recusal names the interest."""
        if self.outcome == "recused" and not self.reason.strip():
            raise wrong(Problem("reason", "từ chối chấm phải ghi lý do", "Ghi lợi ích liên quan đến chủ thể."))
        return self


class CouncilEvaluationForm(Form):
    """Step 5 of a dossier; written by the session's conclusion, never by hand."""

    outcome: Literal["evaluated", "eliminated"] = Field(title="Kết quả")
    mean: str | None = Field(default=None, title="Điểm trung bình")
    stars: int | None = Field(default=None, title="Số sao đề xuất")
    explanation: str = Field(default="", title="Diễn giải")


class DecisionForm(Form):
    """Step 6 of a dossier; written by the round's decision, or signed for this dossier alone."""

    outcome: Literal["recognised", "not_recognised", "forwarded"] = Field(title="Kết quả")
    stars: int | None = Field(default=None, ge=1, le=5, title="Số sao được công nhận")
    certificate: str | None = Field(default=None, title="Số giấy chứng nhận")
    forward_to: str | None = Field(default=None, title="Chuyển lên cấp")
    reasons: str = Field(default="", title="Lý do, hướng dẫn")
    decision_number: str = Field(default="", title="Số quyết định (khi ký riêng cho sản phẩm này)")
    signed_on: OptionalActDay = Field(default=None, title="Ngày ký")
    signer: str = Field(default="", title="Người ký")


class HigherLevelResultForm(Form):
    """Step 6: what the level above decided on a forwarded product."""

    outcome: Literal["recognised", "not_recognised"] = Field(title="Kết quả của cấp trên")
    stars: int | None = Field(default=None, ge=3, le=5, title="Số sao được công nhận")
    points: str | None = Field(default=None, title="Điểm")
    decision_number: str = Field(title="Số quyết định hoặc thông báo", min_length=1)
    decided_on: ActDay = Field(title="Ngày")
    issuer: str = Field(title="Cơ quan ban hành", min_length=1)
    note: str = Field(default="", title="Ghi chú")

    @model_validator(mode="after")
    def stars_fit_outcome(self) -> HigherLevelResultForm:
        """A recognition has stars, a refusal has none."""
        if (self.outcome == "recognised") != (self.stars is not None):
            why = "được công nhận thì ghi số sao; không được công nhận thì để trống số sao"
            raise wrong(Problem("stars", why, "Ghi số sao từ 3 đến 5, hoặc bỏ trống."))
        return self


class InspectionForm(Form):
    """Step 7: findings of one inspection."""

    outcome: Literal["passed", "failed"] = Field(title="Kết quả kiểm tra")
    inspected_on: ActDay = Field(title="Ngày kiểm tra")
    findings: str = Field(title="Nội dung ghi nhận", min_length=1)
    remedies: list[str] = Field(default_factory=list, title="Yêu cầu khắc phục")
    remedy_by: date | None = Field(default=None, title="Hạn khắc phục (mặc định: 30 ngày sau kiểm tra)")

    @model_validator(mode="after")
    def remedy_fits_outcome(self) -> InspectionForm:
        """Only what failed is to be mended, and after the inspection."""
        if self.remedy_by is not None and (self.outcome == "passed" or self.remedy_by < self.inspected_on):
            why = "hạn khắc phục chỉ có khi chưa đạt, và không trước ngày kiểm tra"
            raise wrong(Problem("remedy_by", why, "Sửa ngày, hoặc bỏ trống."))
        return self
