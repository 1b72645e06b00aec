"""Forms of a certificate's life: renewal, inspection, revocation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from models.errors import Problem
from models.forms.base import ActDay, Form, OptionalActDay, wrong


class RenewalNoticeForm(Form):
    """The written notice that a certificate will end went out."""

    outcome: Literal["sent"] = Field(title="Kết quả")
    notice_number: str = Field(title="Số văn bản thông báo", min_length=1)
    sent_on: ActDay = Field(title="Ngày gửi")


class RenewalFilingForm(Form):
    """The producer's answer: the re-evaluation was handed in (written by the handing-in), or there will be none."""

    outcome: Literal["filed", "not_renewing"] = Field(title="Kết quả")
    dossier: str | None = Field(default=None, title="Mã hồ sơ đánh giá lại (hệ thống ghi)")
    reason: str = Field(default="", title="Lý do không đánh giá lại")

    @model_validator(mode="after")
    def reason_when_not_renewing(self) -> RenewalFilingForm:
        """Whoever gives up a certificate says why."""
        if self.outcome == "not_renewing" and not self.reason:
            raise wrong(Problem("reason", "không đánh giá lại phải ghi lý do", "Ghi lý do của chủ thể."))
        return self


class ProductionForm(Form):
    """What the commune found: the product is still made, or production stopped."""

    outcome: Literal["in_production", "stopped"] = Field(title="Tình trạng sản xuất")
    confirmed_on: ActDay = Field(title="Ngày xác nhận")
    note: str = Field(default="", title="Nội dung ghi nhận, hỗ trợ chủ thể")

    @model_validator(mode="after")
    def note_when_stopped(self) -> ProductionForm:
        """A finding that may cost the certificate says what was seen."""
        if self.outcome == "stopped" and not self.note:
            raise wrong(Problem("note", "đã ngừng sản xuất thì phải ghi rõ", "Ghi xã đã thấy gì, từ khi nào."))
        return self


class RemedyCheckForm(Form):
    """What became of what an inspection asked to mend."""

    outcome: Literal["mended", "not_mended"] = Field(title="Kết quả khắc phục")
    checked_on: ActDay = Field(title="Ngày kiểm tra lại")
    findings: str = Field(title="Nội dung ghi nhận", min_length=1)
    ground: str = Field(default="", title="Căn cứ xem xét thu hồi (số thứ tự hoặc nguyên văn) khi chưa khắc phục")

    @model_validator(mode="after")
    def ground_when_not_mended(self) -> RemedyCheckForm:
        """What is not mended becomes a finding, which has a ground."""
        if self.outcome == "not_mended" and not self.ground:
            raise wrong(Problem("ground", "chưa khắc phục thì phải ghi căn cứ", "Ghi căn cứ thu hồi theo quy định."))
        return self


class RevocationDecisionForm(Form):
    """The decision of whoever issued the certificate: revoked by a signed paper, or no ground, with the reason."""

    outcome: Literal["revoked", "no_ground"] = Field(title="Kết quả")
    decision_number: str = Field(default="", title="Số quyết định thu hồi")
    signed_on: OptionalActDay = Field(default=None, title="Ngày ký")
    signer: str = Field(default="", title="Người ký")
    reason: str = Field(default="", title="Lý do không thu hồi")

    @model_validator(mode="after")
    def facts_fit_outcome(self) -> RevocationDecisionForm:
        """A revocation is a signed paper; no revocation has a reason."""
        if self.outcome == "no_ground" and not self.reason:
            raise wrong(Problem("reason", "không thu hồi phải ghi lý do", "Ghi vì sao không có căn cứ."))
        missing = [name for name in ("decision_number", "signed_on", "signer") if not getattr(self, name)]
        if self.outcome == "revoked" and missing:
            why = "thu hồi phải có số quyết định, ngày ký và người ký"
            raise wrong(*(Problem(name, why, "Ghi theo sổ văn thư.") for name in missing))
        return self
