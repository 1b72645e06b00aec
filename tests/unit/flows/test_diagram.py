"""The diagram of the steps: drawn from the code, and the one in the docs is that one."""

from __future__ import annotations

from deployments.write_diagram import PLACE, page
from flows.diagram import edges_of, mermaid, outcomes_of, round_diagram
from flows.procedure import (
    dossier_procedure,
    inspection_procedure,
    renewal_procedure,
    revocation_procedure,
    round_procedure,
)
from models.forms import FORMS
from models.forms.words import OUTCOME_WORDS
from models.process.kinds import StepKind


def test_page_in_the_docs_is_what_the_code_gives() -> None:
    assert PLACE.read_text(encoding="utf-8") == page()


def test_every_outcome_of_every_form_has_a_word() -> None:
    used = {outcome for kind in StepKind if kind in FORMS for outcome in outcomes_of(kind)}

    assert used == set(OUTCOME_WORDS)


def test_dossier_has_every_end_once() -> None:
    ends = {target.removeprefix("end:") for _, _, target in edges_of(dossier_procedure) if target.startswith("end:")}

    assert ends == {"Đã trả hồ sơ", "UBND xã không đề nghị", "Bị loại", "Chưa được công nhận", "Đã công nhận"}


def test_dossier_goes_back_from_the_supplement_and_nowhere_else() -> None:
    edges = edges_of(dossier_procedure)

    assert ("supplement", "đã bổ sung", "consulting") in edges
    assert {source for source, _, target in edges if target == "consulting"} == {"commune_assessment", "supplement"}
    assert {source for source, _, target in edges if target == "registration_check"} == {"start"}


def test_round_is_one_line_with_one_loop_and_may_do_without_a_council() -> None:
    assert set(edges_of(round_procedure)) == {
        ("start", "", "outreach"),
        ("outreach", "đã thông báo", "registration_window"),
        ("registration_window", "đã chốt", "council_convening"),
        ("council_convening", "đã triệu tập", "council_session"),
        ("council_convening", "không họp", "end:Không họp hội đồng"),
        ("council_session", "đã kết luận", "decision_signing"),
        ("decision_signing", "đã ký", "end:Kết thúc đợt"),
        ("council_session", "chấm lần hai", "council_session"),
    }


def test_mermaid_joins_the_words_of_one_arrow() -> None:
    drawn = mermaid([("start", "", "inspection"), ("inspection", "đạt", "end:X"), ("inspection", "chưa đạt", "end:X")])

    assert drawn == (
        "flowchart TD\n"
        "    n0((Bắt đầu))\n"
        '    n1["7. Kiểm tra sau công nhận"]\n'
        '    n2(["X"])\n'
        "    n0 --> n1\n"
        "    n1 -->|đạt, chưa đạt| n2\n"
    )


def test_round_diagram_ends_with_the_round() -> None:
    assert '(["Kết thúc đợt"])' in round_diagram()


def test_cases_of_a_certificate_have_every_end() -> None:
    def ends(edges: list[tuple[str, str, str]]) -> set[str]:
        return {target.removeprefix("end:") for _, _, target in edges if target.startswith("end:")}

    assert ends(edges_of(renewal_procedure)) == {"Đã nộp hồ sơ đánh giá lại", "Không đánh giá lại"}
    assert ends(edges_of(inspection_procedure)) == {"Kiểm tra đạt", "Đã khắc phục", "Chuyển xem xét thu hồi"}
    assert ends(edges_of(revocation_procedure)) == {"Còn sản xuất", "Đã thu hồi", "Không có căn cứ thu hồi"}
