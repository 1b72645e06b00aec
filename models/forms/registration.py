"""Forms 01 (registration) and 02 (self-assessment) of a dossier; a half-filled draft is a form that lacks entries.

Every entry may be left out while a form is a draft; `lacking` says what is still needed to hand it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.enums import OrganisationForm
from models.errors import Problem
from models.forms.base import OptionalActDay, problems_of, read_form
from models.forms.words import value_in_words


class ProducerForm(BaseModel):
    """Base of what a producer fills in; `NEEDED`: the entries without which it cannot be handed in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    NEEDED: ClassVar[tuple[str, ...]] = ()


class RegistrationForm(ProducerForm):
    """Form 01: who registers which product, with what attached (domain.md §3)."""

    NEEDED = ("unit", "representative", "post", "address", "phone", "product_name", "group", "undertaking")

    unit: str | None = Field(default=None, title="Tên đơn vị đăng ký", max_length=300)
    representative: str | None = Field(default=None, title="Đại diện pháp lý", max_length=200)
    post: str | None = Field(default=None, title="Chức vụ", max_length=200)
    address: str | None = Field(default=None, title="Địa chỉ", max_length=500)
    phone: str | None = Field(default=None, title="Điện thoại", max_length=50)
    fax: str | None = Field(default=None, title="Fax", max_length=50)
    email: str | None = Field(default=None, title="Thư điện tử", max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")
    website: str | None = Field(default=None, title="Trang thông tin", max_length=300)
    product_name: str | None = Field(default=None, title="Tên sản phẩm", max_length=300)
    branch: str | None = Field(default=None, title="Ngành sản phẩm", max_length=300)
    group: str | None = Field(default=None, title="Nhóm sản phẩm", max_length=300)
    subgroup: str | None = Field(default=None, title="Phân nhóm sản phẩm", max_length=300)
    attachments: list[str] = Field(default_factory=list, title="Tài liệu gửi kèm")
    samples: int | None = Field(default=None, ge=0, le=1000, title="Số mẫu sản phẩm gửi kèm")
    undertaking: bool | None = Field(default=None, title="Cam kết thông tin đúng sự thật và chịu trách nhiệm")
    note: str | None = Field(default=None, title="Ghi chú", max_length=5000)


class YearResult(BaseModel):
    """One year of the producer's business."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    year: int = Field(title="Năm", ge=2000, le=2100)
    revenue: int | None = Field(default=None, ge=0, title="Doanh thu (triệu đồng)")
    output: str | None = Field(default=None, title="Sản lượng", max_length=200)
    profit: int | None = Field(default=None, title="Lợi nhuận (triệu đồng)")
    workers: int | None = Field(default=None, ge=0, title="Số lao động")


class SelfAssessmentForm(ProducerForm):
    """Form 02: the producer about itself, its results and plan, and its own score criterion by criterion (§3)."""

    NEEDED = (
        "organisation_form",
        "registration_number",
        "registered_on",
        "representative",
        "representative_sex",
        "representative_ethnic_group",
        "results",
        "scores",
        "plan",
    )

    organisation_form: OrganisationForm | None = Field(default=None, title="Loại hình tổ chức")
    registration_number: str | None = Field(default=None, title="Số đăng ký kinh doanh", max_length=100)
    registered_on: OptionalActDay = Field(default=None, title="Ngày đăng ký kinh doanh")
    representative: str | None = Field(default=None, title="Người đại diện", max_length=200)
    representative_sex: Literal["Nam", "Nữ"] | None = Field(default=None, title="Giới tính người đại diện")
    representative_ethnic_group: str | None = Field(default=None, title="Dân tộc người đại diện", max_length=100)
    address: str | None = Field(default=None, title="Địa chỉ sản xuất", max_length=500)
    workers: int | None = Field(default=None, ge=0, title="Tổng số lao động")
    local_workers: int | None = Field(default=None, ge=0, title="Lao động tại địa phương")
    women_workers: int | None = Field(default=None, ge=0, title="Lao động nữ")
    product_description: str | None = Field(default=None, title="Mô tả sản phẩm", max_length=5000)
    results: str | None = Field(default=None, title="Kết quả thực hiện phương án kinh doanh", max_length=10_000)
    growth: list[YearResult] = Field(default_factory=list, title="Kết quả hai năm gần nhất")
    scores: dict[str, int] = Field(default_factory=dict, title="Điểm tự chấm")
    proofs: dict[str, str] = Field(default_factory=dict, title="Diễn giải minh chứng")
    plan: str | None = Field(default=None, title="Kế hoạch phát triển sản phẩm", max_length=10_000)
    note: str | None = Field(default=None, title="Ghi chú", max_length=5000)


FORMS_OF: dict[str, type[ProducerForm]] = {"registration": RegistrationForm, "self_assessment": SelfAssessmentForm}
"""Where forms 01 and 02 stand in what is handed in."""


def lacking(form: type[ProducerForm], data: Mapping[str, Any], where: str) -> list[Problem]:
    """What keeps a draft from being handed in: entries that are needed and empty, or filled in wrongly.

    Entries that the form does not know (written by hand into a file) are left alone. `where`: how the fields begin.
    """
    filled = known(form, data)
    try:
        form.model_validate(filled)
        wrong_entries: list[Problem] = []
    except ValidationError as error:
        wrong_entries = [Problem(f"{where}.{p.field}", p.problem, p.remedy) for p in problems_of(error)]
    empty = [name for name in form.NEEDED if filled.get(name) in (None, "", [], {}, False)]
    return wrong_entries + [
        Problem(f"{where}.{name}", f"chưa ghi «{title_of(form, name)}»", "Điền mục này.") for name in empty
    ]


def as_kept(form: type[ProducerForm], data: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in (and no more), in the values that the database keeps.

    Raises:
        InputError: an entry is wrong or not one of the form's.
    """
    return read_form(form, data).model_dump(mode="json", exclude_unset=True)


def known(form: type[ProducerForm], data: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that the form has."""
    return {name: value for name, value in data.items() if name in form.model_fields}


def title_of(form: type[ProducerForm], name: str) -> str:
    """An entry as people read it; one that the form does not know by its own name."""
    return form.model_fields[name].title or name if name in form.model_fields else name


def facts_in_words(form: type[ProducerForm], data: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by the titles of the form, in its order; an entry that it does not know by its own name."""
    given = known(form, data)
    try:
        filled: Any = form.model_validate(given)
        values = {name: getattr(filled, name) for name in given}
    except ValidationError:  # a draft, or written by hand: as it stands
        values = given
    ordered = [name for name in form.model_fields if name in values]
    titled = {title_of(form, name): value_in_words(values[name]) for name in ordered}
    return titled | {name: value_in_words(value) for name, value in data.items() if name not in given}
