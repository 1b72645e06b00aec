"""Bad input of every form: which field, what is wrong, what to do, in Vietnamese; all faults at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from models.errors import InputError
from models.forms import FORMS, CommuneAssessmentForm, EvidenceForm, Form, RegistrationCheckForm, read_form
from models.forms.attempt import CommuneFindingForm
from models.forms.base import MESSAGES
from models.process.kinds import StepKind
from tests.factories import (
    ACCEPTED,
    CONCLUDED,
    INSPECTED,
    NOT_READY,
    READY,
    RECOGNISED_ABOVE,
    SIGNING,
    papers,
    proposed,
)

VALID: dict[StepKind, dict[str, Any]] = {
    StepKind.OUTREACH: {
        "outcome": "announced",
        "notice_number": "12/TB",
        "notice_date": "2024-07-01",
        "activities": [{"on": "2024-07-02", "place": "Thọ Diên", "what": "Tập huấn", "people": 40}],
    },
    StepKind.REGISTRATION_WINDOW: {"outcome": "closed"},
    StepKind.REGISTRATION_CHECK: ACCEPTED,
    StepKind.COMMUNE_ASSESSMENT: proposed(),
    StepKind.CONSULTING: READY,
    StepKind.SUPPLEMENT: {"outcome": "supplemented", "evidence": papers("awards")},
    StepKind.COUNCIL_CONVENING: {
        "outcome": "called",
        "held_on": "2024-09-12",
        "place": "Hội trường",
        "dossiers": ["2024-001"],
    },
    StepKind.COUNCIL_SESSION: {**CONCLUDED, "conclusions": {"2024-001": {"text": "Đạt"}}},
    StepKind.SCORE_SHEET: {"outcome": "scored", "choices": {"1.1": 5}},
    StepKind.COUNCIL_EVALUATION: {"outcome": "evaluated", "mean": "60.00", "stars": 3},
    StepKind.DECISION_SIGNING: SIGNING,
    StepKind.DECISION: {"outcome": "not_recognised", "reasons": "Chưa đủ điểm"},
    StepKind.HIGHER_LEVEL_RESULT: RECOGNISED_ABOVE,
    StepKind.INSPECTION: INSPECTED,
    StepKind.RENEWAL_NOTICE: {"outcome": "sent", "notice_number": "8/TB-VPĐP", "sent_on": "2026-05-10"},
    StepKind.RENEWAL_FILING: {"outcome": "not_renewing", "reason": "Chuyển nghề"},
    StepKind.RENEWAL_COMMUNE: {"outcome": "in_production", "confirmed_on": "2026-05-10"},
    StepKind.CERTIFICATE_INSPECTION: INSPECTED,
    StepKind.REMEDY_CHECK: {"outcome": "mended", "checked_on": "2026-06-10", "findings": "Đã sửa nhãn"},
    StepKind.PRODUCTION_CONFIRMATION: {"outcome": "stopped", "confirmed_on": "2026-05-10", "note": "Đóng cửa"},
    StepKind.REVOCATION_DECISION: {"outcome": "no_ground", "reason": "Đã khắc phục"},
}

BAD: list[tuple[StepKind, dict[str, Any], str, str]] = [
    (StepKind.OUTREACH, {"notice_date": "01/07/2024"}, "notice_date", "không phải ngày hợp lệ"),
    (StepKind.OUTREACH, {"notice_date": "2024-02-30"}, "notice_date", "không phải ngày hợp lệ"),
    (StepKind.OUTREACH, {"notice_number": " "}, "notice_number", "để trống hoặc quá ngắn"),
    (StepKind.OUTREACH, {"activities": "Tập huấn"}, "activities", "phải là một danh sách"),
    (StepKind.OUTREACH, {"activities": ["Tập huấn"]}, "activities[0]", "phải là các cặp tên – giá trị"),
    (
        StepKind.OUTREACH,
        {"activities": [{"on": "2024-07-02", "place": "Thọ Diên", "what": "Tập huấn", "people": -1}]},
        "activities[0].people",
        "nhỏ hơn mức cho phép",
    ),
    (StepKind.REGISTRATION_WINDOW, {"outcome": "open"}, "outcome", "giá trị không nằm trong các lựa chọn"),
    (StepKind.REGISTRATION_WINDOW, {"note": 5}, "note", "phải là chữ"),
    (StepKind.REGISTRATION_CHECK, {"missing": ["diploma"]}, "missing[0]", "giá trị không nằm trong các lựa chọn"),
    (
        StepKind.REGISTRATION_CHECK,
        {"outcome": "returned"},
        "missing",
        "trả hồ sơ phải ghi giấy tờ còn thiếu hoặc lý do",
    ),
    (
        StepKind.REGISTRATION_CHECK,
        {"missing": ["awards"]},
        "missing",
        "hồ sơ được tiếp nhận thì không còn giấy tờ thiếu",
    ),
    (StepKind.COMMUNE_ASSESSMENT, {"findings": []}, "findings", "phải là các cặp tên – giá trị"),
    (StepKind.COMMUNE_ASSESSMENT, {"score": 5}, "score", "không có mục này trong biểu mẫu"),
    (StepKind.CONSULTING, {"findings": ""}, "findings", "để trống hoặc quá ngắn"),
    (StepKind.CONSULTING, {**NOT_READY, "requests": []}, "requests", "chưa sẵn sàng thì phải ghi yêu cầu bổ sung"),
    (
        StepKind.SUPPLEMENT,
        {"evidence": papers("awards", file_sha256="xyz")},
        "evidence[0].file_sha256",
        "không đúng dạng",
    ),
    (
        StepKind.SUPPLEMENT,
        {"evidence": papers("awards", issued_on="2024-05-02", expires_on="2024-05-01")},
        "evidence[0].expires_on",
        "ngày hết hạn trước ngày cấp",
    ),
    (
        StepKind.SUPPLEMENT,
        {"evidence": papers("awards", page_from=9, page_to=8)},
        "evidence[0].page_to",
        "trang cuối trước trang đầu",
    ),
    (StepKind.SUPPLEMENT, {"evidence": papers("awards", page_from=0)}, "evidence[0].page_from", "nhỏ hơn mức cho phép"),
    (
        StepKind.SUPPLEMENT,
        {"evidence": papers("awards", page_to=10**30)},
        "evidence[0].page_to",
        "số quá lớn",
    ),
    (StepKind.COUNCIL_CONVENING, {"dossiers": []}, "dossiers", "thiếu thông tin bắt buộc"),
    (StepKind.COUNCIL_CONVENING, {"outcome": "not_held"}, "reason", "thiếu thông tin bắt buộc"),
    (StepKind.COUNCIL_CONVENING, {"held_on": "2024-09-12T08:30:00"}, "held_on", "không phải ngày hợp lệ, có kèm giờ"),
    (StepKind.COUNCIL_CONVENING, {"held_on": ["2024-09-12"]}, "held_on", "không phải ngày hợp lệ"),
    (
        StepKind.COUNCIL_SESSION,
        {"conclusions": {"2024-001": {"stars": 6, "reason": "x"}}},
        "conclusions.2024-001.stars",
        "lớn hơn mức cho phép",
    ),
    (
        StepKind.COUNCIL_SESSION,
        {"conclusions": {"2024-001": {"stars": 4}}},
        "conclusions.2024-001.reason",
        "kết luận khác kết quả tính phải ghi lý do",
    ),
    (StepKind.SCORE_SHEET, {"choices": {"1.1": "năm"}}, "choices.1.1", "phải là số nguyên"),
    (StepKind.SCORE_SHEET, {"choices": {"1.1": 2.5}}, "choices.1.1", "phải là số nguyên"),
    (StepKind.SCORE_SHEET, {"choices": [5]}, "choices", "phải là các cặp tên – giá trị"),
    (StepKind.SCORE_SHEET, {"outcome": "recused", "reason": " "}, "reason", "từ chối chấm phải ghi lý do"),
    (StepKind.COUNCIL_EVALUATION, {"outcome": "passed"}, "outcome", "giá trị không nằm trong các lựa chọn"),
    (StepKind.DECISION_SIGNING, {"signer": ""}, "signer", "để trống hoặc quá ngắn"),
    (StepKind.DECISION, {"stars": 7}, "stars", "lớn hơn mức cho phép"),
    (StepKind.HIGHER_LEVEL_RESULT, {"stars": 2}, "stars", "nhỏ hơn mức cho phép"),
    (
        StepKind.HIGHER_LEVEL_RESULT,
        {"stars": None},
        "stars",
        "được công nhận thì ghi số sao; không được công nhận thì để trống số sao",
    ),
    (StepKind.INSPECTION, {"remedies": "Sửa nhãn"}, "remedies", "phải là một danh sách"),
    (
        StepKind.CERTIFICATE_INSPECTION,
        {"outcome": "failed", "remedy_by": "2024-11-25"},
        "remedy_by",
        "hạn khắc phục chỉ có khi chưa đạt, và không trước ngày kiểm tra",
    ),
    (StepKind.RENEWAL_NOTICE, {"notice_number": ""}, "notice_number", "để trống hoặc quá ngắn"),
    (StepKind.RENEWAL_FILING, {"reason": " "}, "reason", "không đánh giá lại phải ghi lý do"),
    (StepKind.RENEWAL_COMMUNE, {"outcome": "stopped"}, "note", "đã ngừng sản xuất thì phải ghi rõ"),
    (StepKind.PRODUCTION_CONFIRMATION, {"note": ""}, "note", "đã ngừng sản xuất thì phải ghi rõ"),
    (StepKind.REMEDY_CHECK, {"outcome": "not_mended"}, "ground", "chưa khắc phục thì phải ghi căn cứ"),
    (StepKind.REVOCATION_DECISION, {"reason": ""}, "reason", "không thu hồi phải ghi lý do"),
    (
        StepKind.REVOCATION_DECISION,
        {"outcome": "revoked", "decision_number": "9/QĐ-UBND", "signed_on": "2026-06-01"},
        "signer",
        "thu hồi phải có số quyết định, ngày ký và người ký",
    ),
]

ENGLISH = re.compile(r"\b(input|should|value|valid|field|must|expected| or | and )\b", re.IGNORECASE)


def refused(form: type[BaseModel], data: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read_form(form, data)
    return caught.value


@pytest.mark.parametrize("kind", list(StepKind))
def test_form_accepts_what_is_right(kind: StepKind) -> None:
    assert isinstance(read_form(FORMS[kind], VALID[kind]), Form)


@pytest.mark.parametrize(("kind", "changed", "field", "problem"), BAD)
def test_form_names_field_fault_and_remedy(kind: StepKind, changed: dict[str, Any], field: str, problem: str) -> None:
    error = refused(FORMS[kind], {**VALID[kind], **changed})

    (found,) = error.problems
    assert (found.field, found.problem) == (field, problem)
    assert found.remedy.endswith(".")
    assert not ENGLISH.search(f"{found.problem} {found.remedy}")


@pytest.mark.parametrize("kind", list(StepKind))
def test_every_form_has_bad_input_in_this_table(kind: StepKind) -> None:
    assert any(kind is tried for tried, *_ in BAD)


@pytest.mark.parametrize("kind", list(StepKind))
@pytest.mark.parametrize("data", [None, "accepted", 3, ["accepted"]])
def test_form_that_is_no_form_is_refused_in_vietnamese(kind: StepKind, data: object) -> None:
    (found,) = refused(FORMS[kind], data).problems

    assert (found.field, found.problem) == ("biểu mẫu", "phải là các cặp tên – giá trị")


@pytest.mark.parametrize("kind", list(StepKind))
def test_empty_form_lists_every_mandatory_field(kind: StepKind) -> None:
    mandatory = [name for name, field in FORMS[kind].model_fields.items() if field.is_required()]

    problems = refused(FORMS[kind], {}).problems

    assert sorted(problem.field for problem in problems) == sorted(mandatory)
    assert {(problem.problem, problem.remedy) for problem in problems} == {
        ("thiếu thông tin bắt buộc", "Điền mục này.")
    }


def test_choices_of_a_closed_list_are_named_in_vietnamese() -> None:
    (found,) = refused(RegistrationCheckForm, {"outcome": "maybe"}).problems

    assert found.remedy == "Chọn một trong: 'accepted' hoặc 'returned'."


def test_report_without_topics_lists_each() -> None:
    findings = {"origin": {"found": "Đúng", "agrees": True}}

    problems = refused(CommuneAssessmentForm, proposed(findings=findings)).problems

    assert [(p.field, p.problem) for p in problems] == [
        ("findings.labour", "thiếu nội dung đánh giá: Sử dụng lao động địa phương"),
        ("findings.idea", "thiếu nội dung đánh giá: Nguồn gốc ý tưởng sản phẩm"),
        ("findings.identity", "thiếu nội dung đánh giá: Bản sắc, trí tuệ địa phương"),
    ]


def test_faults_of_one_form_are_listed_together() -> None:
    paper = {"kind": "diploma", "title": "", "issued_on": "hôm qua", "page_from": "một"}

    assert [problem.field for problem in refused(EvidenceForm, paper).problems] == [
        "kind",
        "title",
        "issued_on",
        "page_from",
    ]


def test_finding_must_say_yes_or_no() -> None:
    (found,) = refused(CommuneFindingForm, {"found": "Đúng", "agrees": "chắc vậy"}).problems

    assert (found.field, found.problem, found.remedy) == ("agrees", "phải là có hoặc không", "Ghi true hoặc false.")


def test_broken_characters_are_refused() -> None:
    (found,) = refused(RegistrationCheckForm, {**ACCEPTED, "note": "\ud800"}).problems

    assert (found.field, found.problem) == ("note", "có ký tự điều khiển hoặc ký tự hỏng")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


BETWEEN_FIELDS = {"missing", "reason", "requests", "stars", "note", "ground", "remedy_by"} | {
    "decision_number",
    "signed_on",
    "signer",
}
"""Fields that a fault may name although another one was changed: they depend on each other."""


@given(kind=st.sampled_from(list(StepKind)), data=st.data())
def test_any_value_in_any_field_is_accepted_or_refused_in_our_words(kind: StepKind, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FORMS[kind].model_fields)))
    value = data.draw(json_values)

    try:
        read_form(FORMS[kind], {**VALID[kind], name: value})
    except InputError as error:
        for problem in error.problems:
            assert problem.field.startswith(name) or problem.field in BETWEEN_FIELDS
            assert not ENGLISH.search(f"{problem.problem} {problem.remedy}"), problem


def test_every_message_can_be_filled_in() -> None:
    for problem, remedy in MESSAGES.values():
        assert problem
        assert set(re.findall(r"{(\w+)}", remedy)) <= {
            "expected",
            "min_length",
            "max_length",
            "ge",
            "le",
            "gt",
            "pattern",
        }
