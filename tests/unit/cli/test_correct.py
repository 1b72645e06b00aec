"""`ocop dossier correct` and `ocop task correct`, and what shows of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.database import transaction
from models.dossiers.handing_in import withdraw
from models.subjects import round_subject
from models.tables import DossierAttempt, WorkItem
from tests.factories import at, convened, coordinator, in_consulting, waiting_for_council
from tests.unit.cli.conftest import Ocop, set_day

CODE = "2024-001"


@pytest.fixture
def data_with_dossier(office: str) -> str:
    """A dossier that waits for its council, in August."""
    with transaction(office) as session:
        waiting_for_council(session)
    set_day(office, 2024, 8, 1)
    return office


@pytest.fixture
def change(tmp_path: Path) -> Path:
    file = tmp_path / "sua.json"
    file.write_text(json.dumps({"report_number": "51/BC-UBND"}), encoding="utf-8")
    return file


def correct(ocop: Ocop, *words: str, who: str = "dieu-phoi"):  # type: ignore[no-untyped-def]
    return ocop("--as", who, "dossier", "correct", CODE, *words, "--reason", "Gõ nhầm số")


def test_step_is_corrected_by_its_name_and_both_versions_are_shown(
    ocop: Ocop, data_with_dossier: str, change: Path
) -> None:
    answer = correct(ocop, str(change), "--step", "commune_assessment")

    assert (answer.status, answer.err) == (0, "")
    assert "đã đính chính, giữ cả bản trước (đề nghị)" in answer.out
    shown = ocop("dossier", "show", CODE, "--json").json["attempts"][0]["steps"][1]
    assert (shown["outcome"], shown["versions"]) == ("proposed", 2)
    item = ocop("task", "show", str(shown["item"])).out
    assert "51/BC-UBND" in item
    assert "15/BC-UBND" in item
    assert "Lý do đính chính: Gõ nhầm số" in item
    assert "đề nghị (bản 2)" in ocop("dossier", "show", CODE).out


def test_item_is_corrected_by_its_number_from_standard_input(ocop: Ocop, data_with_dossier: str) -> None:
    steps = ocop("dossier", "show", CODE, "--json").json["attempts"][0]["steps"]
    visit = next(step for step in steps if step["kind"] == "consulting")
    stdin = json.dumps({"outcome": "not_ready", "requests": ["Sửa nhãn"]})

    answer = ocop(
        *("--as", "dieu-phoi", "dossier", "correct", CODE, "-", "--item", str(visit["item"]), "--reason", "Sót nhãn"),
        stdin=stdin,
    )

    assert answer.status == 0
    after = ocop("dossier", "show", CODE, "--json").json["attempts"][0]["steps"]
    assert [(s["kind"], s["outcome"], s["status"]) for s in after[2:]] == [
        ("consulting", "not_ready", "Đã xong"),
        ("council_evaluation", None, "Đã hủy"),
    ]


def test_same_again_says_so(ocop: Ocop, data_with_dossier: str, change: Path) -> None:
    correct(ocop, str(change), "--step", "commune_assessment")

    assert "không có gì thay đổi" in correct(ocop, str(change), "--step", "commune-assessment").out


@pytest.mark.parametrize(
    ("words", "field", "problem"),
    [
        ([], "--item", "Nêu một trong hai"),
        (["--item", "3", "--step", "consulting"], "--item", "Nêu một trong hai"),
        (["--step", "score_sheet"], "--step", "Không có bước «score_sheet»"),
        (["--step", "decision"], "--step", "chưa có bước «decision» lượt 1"),
        (["--step", "consulting", "--turn", "2"], "--step", "chưa có bước «consulting» lượt 2"),
        (["--item", "9999"], "item", "Không có việc số 9999"),
        (["--step", "council_evaluation"], "item", "không có kết quả đang có hiệu lực"),
    ],
)
def test_what_is_named_wrongly_is_told(
    ocop: Ocop, data_with_dossier: str, change: Path, words: list[str], field: str, problem: str
) -> None:
    answer = correct(ocop, str(change), *words, "--json")

    assert answer.status == 2
    ((found_field, found),) = answer.problems
    assert (found_field, problem in found) == (field, True)


def test_others_are_told_who_may(ocop: Ocop, data_with_dossier: str, change: Path) -> None:
    answer = correct(ocop, str(change), "--step", "commune_assessment", who="tu-van-1")

    assert answer.status == 2
    assert "Người làm được" in answer.err


def test_step_of_a_round_is_corrected_by_its_own_role(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        meeting = convened(session, waiting_for_council(session))
        of_round = {"subject": round_subject(meeting.round_id), "kind": "council_convening"}
        number = session.query(WorkItem).filter_by(**of_round).one().id
    set_day(office, 2024, 9, 6)
    file = tmp_path / "sua.yaml"
    file.write_text("place: Phòng họp số 2\n", encoding="utf-8")

    refused = ocop("--as", "dieu-phoi", "task", "correct", str(number), str(file), "--reason", "Đổi phòng")
    answer = ocop("--as", "thu-ky", "task", "correct", str(number), str(file), "--reason", "Đổi phòng")

    assert (refused.status, answer.status) == (2, 0)
    assert "Phòng họp số 2" in ocop("task", "show", str(number)).out


def test_resubmission_says_what_was_carried_and_what_was_not(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        attempt = in_consulting(session)
        withdraw(session, CODE, "Đổi nhãn", coordinator(session), at("2024-07-17"))
        assert isinstance(attempt, DossierAttempt)
    set_day(office, 2024, 7, 18)

    kept = ocop("--as", "dieu-phoi", "dossier", "resubmit", CODE)
    ocop("--as", "dieu-phoi", "dossier", "withdraw", CODE, "--reason", "Đổi lao động")
    file = tmp_path / "moi.json"
    paper = {"kind": "local_labour", "title": "Giấy local_labour", "number": "2"}
    file.write_text(json.dumps({"evidence": [paper]}), encoding="utf-8")
    anew = ocop("--as", "dieu-phoi", "dossier", "resubmit", CODE, str(file))

    assert "Đánh giá cấp xã: mang sang từ lần 1." in kept.out
    assert "UBND xã phải đánh giá lại: giấy tờ của nội dung «Sử dụng lao động địa phương» đã đổi." in anew.out
    shown = ocop("dossier", "show", CODE).out
    assert "đề nghị (mang sang từ lần 1)" in shown
    assert "Khác lần 2: Minh chứng" in shown
    assert "Lần trước: 1 · lần sau: 3" in shown
