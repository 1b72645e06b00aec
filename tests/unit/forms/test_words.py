"""Filled-in forms as people read them."""

from __future__ import annotations

from models.forms import CommuneAssessmentForm, DecisionForm, SupplementForm
from models.forms.words import flat, in_words, text
from tests.factories import proposed


def test_form_is_read_by_its_titles_with_days_labels_and_yes_or_no() -> None:
    said = {name: text(value) for name, value in flat(in_words(CommuneAssessmentForm, proposed())).items()}

    assert said["Kết luận của UBND xã"] == "đề nghị"
    assert said["Ngày ký"] == "16/07/2024"
    labour = "Bốn nội dung đánh giá · Sử dụng lao động địa phương"
    assert said[f"{labour} · Đúng như chủ thể mô tả"] == "Có"
    assert not [name for name in said if "_" in name]


def test_level_above_is_named_in_words() -> None:
    said = in_words(DecisionForm, {"outcome": "forwarded", "forward_to": "province"})

    assert (said["Kết quả"], said["Chuyển lên cấp"]) == ("chuyển cấp trên", "cấp tỉnh")


def test_list_of_papers_stands_on_one_line_each() -> None:
    said = in_words(SupplementForm, {"outcome": "supplemented", "evidence": [{"kind": "awards", "title": "Bằng khen"}]})

    assert said["Giấy tờ bổ sung, thay thế"][0].endswith("Tên giấy tờ: Bằng khen")


def test_what_an_earlier_version_of_the_form_took_is_still_read() -> None:
    said = in_words(DecisionForm, {"outcome": "recognised", "stars": 9})

    assert (said["Kết quả"], said["Số sao được công nhận"]) == ("công nhận", 9)
