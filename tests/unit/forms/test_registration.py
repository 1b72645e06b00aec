"""Forms 01 and 02: what a draft lacks, what is wrong in it, and its words."""

from __future__ import annotations

import pytest

from models.dossiers.carry_rules import carry_rules
from models.errors import InputError
from models.forms.registration import (
    FORMS_OF,
    RegistrationForm,
    SelfAssessmentForm,
    as_kept,
    facts_in_words,
    lacking,
)

FORM_01 = {
    "unit": "Cơ sở Huân Hường",
    "representative": "Lê Thị Hường",
    "post": "Chủ cơ sở",
    "address": "Thọ Diên",
    "phone": "0912",
    "product_name": "Bánh gai Huân Hường",
    "group": "Thực phẩm",
    "undertaking": True,
}
FORM_02 = {
    "organisation_form": "household",
    "registration_number": "26H8",
    "registered_on": "2020-05-04",
    "representative": "Lê Thị Hường",
    "representative_sex": "Nữ",
    "representative_ethnic_group": "Kinh",
    "results": "Đạt phương án.",
    "scores": {"1.1": 3},
    "plan": "Mở thêm điểm bán.",
}


def test_whole_forms_lack_nothing() -> None:
    assert lacking(RegistrationForm, FORM_01, "registration") == []
    assert lacking(SelfAssessmentForm, FORM_02, "self_assessment") == []


def test_empty_draft_lacks_what_is_needed_in_order() -> None:
    found = lacking(RegistrationForm, {}, "registration")

    assert [problem.field for problem in found] == [f"registration.{name}" for name in RegistrationForm.NEEDED]
    assert found[0].problem == "chưa ghi «Tên đơn vị đăng ký»"


@pytest.mark.parametrize("empty", ["", None])
def test_entry_left_empty_is_lacking(empty: str | None) -> None:
    assert [p.field for p in lacking(RegistrationForm, FORM_01 | {"phone": empty}, "r")] == ["r.phone"]


def test_undertaking_that_is_not_given_is_lacking() -> None:
    assert [p.field for p in lacking(RegistrationForm, FORM_01 | {"undertaking": False}, "r")] == ["r.undertaking"]


def test_wrong_entry_is_told_at_its_field() -> None:
    found = lacking(SelfAssessmentForm, FORM_02 | {"registered_on": "2020-02-30", "representative_sex": "x"}, "s")

    assert [problem.field for problem in found] == ["s.registered_on", "s.representative_sex"]


def test_what_is_kept_is_what_was_filled_in() -> None:
    assert as_kept(SelfAssessmentForm, {"registered_on": "2020-05-04", "scores": {"1.1": "3"}}) == {
        "registered_on": "2020-05-04",
        "scores": {"1.1": 3},
    }
    with pytest.raises(InputError):
        as_kept(SelfAssessmentForm, {"unknown": 1})


def test_words_are_the_titles_and_unknown_entries_keep_their_names() -> None:
    given = {"tự ghi": 71, "scores": {"1.1": 3}, "registered_on": "2020-05-04", "organisation_form": "household"}

    assert facts_in_words(SelfAssessmentForm, given) == {
        "Loại hình tổ chức": "Hộ sản xuất có đăng ký kinh doanh",
        "Ngày đăng ký kinh doanh": "04/05/2020",
        "Điểm tự chấm": {"1.1": 3},
        "tự ghi": 71,
    }


def test_draft_with_a_wrong_entry_is_shown_as_it_stands() -> None:
    assert facts_in_words(SelfAssessmentForm, {"registered_on": "hôm qua"}) == {"Ngày đăng ký kinh doanh": "hôm qua"}


def test_entries_that_the_rules_of_carrying_name_are_in_the_forms() -> None:
    free = carry_rules().free

    for name, form in FORMS_OF.items():
        assert getattr(free, name) <= set(form.model_fields)
