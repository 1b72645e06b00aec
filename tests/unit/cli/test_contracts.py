"""The four contracts: JSON on standard output whatever the options, errors too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from deployments.commands import contracts
from models.regimes import DossierKind
from tests.unit.cli.conftest import Ocop
from tests.unit.scoring.build import choices, request

RECORD = json.dumps(request(choices(71, gates=4), choices(70, gates=4)))


def test_due_in_working_days_over_tet(ocop: Ocop) -> None:
    answer = ocop("due", "--from", "2026-02-10", "--working-days", "15")

    assert (answer.status, answer.err, answer.json["due"]) == (0, "", "2026-03-10")
    assert answer.json["skipped"][0] == {"date": "2026-02-14", "why": "Thứ Bảy"}


def test_due_in_calendar_days_skips_none(ocop: Ocop) -> None:
    assert ocop("due", "--from", "2026-02-10", "--days", "15").json == {"due": "2026-02-25", "skipped": []}


def test_regime_with_limit_of_transition(ocop: Ocop) -> None:
    answer = ocop("regime", "--received", "2026-05-20", "--kind", "first", "--pending-on", "2026-05-22").json

    assert (answer["regime"], answer["grants"], answer["finish_by"]) == (
        "qd1489-2025",
        {"3": "province", "4": "province", "5": "ministry"},
        "2026-07-21",
    )


def test_regime_kinds_are_those_of_the_domain() -> None:
    offered = get_type_hints(contracts.regime)["kind"]

    assert set(get_args(offered)) == {kind.value for kind in DossierKind}


def test_certificate_that_lapsed_before_the_new_law_is_not_revived(ocop: Ocop) -> None:
    lapsed = ocop("certificate", "--issued", "2023-04-01", "--on", "2026-06-01").json
    kept = ocop("certificate", "--issued", "2023-05-21", "--on", "2026-06-01").json

    assert (lapsed["valid_until"], lapsed["state"]) == ("2026-04-01", "lapsed")
    assert (lapsed["renewal_opens"], lapsed["extended_until"]) == ("2025-10-03", "2026-09-28")  # by the law of --on
    assert (kept["valid_until"], kept["state"]) == ("2026-05-21", "extended")


def test_certificate_under_old_and_new_law(ocop: Ocop) -> None:
    old = ocop("certificate", "--issued", "2024-07-10", "--on", "2025-01-01").json
    new = ocop("certificate", "--issued", "2024-07-10", "--on", "2026-06-01").json

    assert (old["valid_until"], old["notice_by"], old["renewal_opens"]) == ("2027-07-10", "2027-06-10", None)
    assert (new["notice_by"], new["renewal_opens"], new["renewal_closes"]) == (None, "2027-01-11", "2027-03-12")


@pytest.mark.parametrize("arguments", [(), ("-",), ("--json",), ("--json", "-"), ("-", "--json")])
def test_score_of_standard_input_scores_the_others_after_a_bad_line(ocop: Ocop, arguments: tuple[str, ...]) -> None:
    answer = ocop("score", *arguments, stdin=f"{RECORD}\n{{}}\n{RECORD}\n")

    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line.get("mean") for line in lines] == ["70.50", None, "70.50"]
    assert (lines[1]["line"], answer.status, answer.err) == (2, 2, "")


def test_score_of_a_file(ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "phiếu.json"
    file.write_text(RECORD, encoding="utf-8-sig")

    answer = ocop("score", str(file))

    assert (answer.status, answer.json["stars"], answer.json["forward_to"]) == (0, 4, "province")


def test_score_of_bytes_that_are_no_text_is_an_error_of_the_record(ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "sheets.jsonl"
    file.write_bytes(b'{"regime": "\xff"}\n' + RECORD.encode())

    answer = ocop("score", str(file))

    assert [("errors" in json.loads(line)) for line in answer.out.splitlines()] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "field", "problem"),
    [
        (("due",), "--from", "thiếu thông tin bắt buộc"),
        (("due", "--from"), "--from", "chưa có giá trị"),
        (("due", "--fro", "2026-01-01"), "--fro", "không có tùy chọn này"),
        (("due", "--from", "2026-02-30", "--days", "1"), "--from", "«2026-02-30» không phải ngày hợp lệ"),
        (("due", "--from", "10/02/2026", "--days", "1"), "--from", "«10/02/2026» không phải ngày hợp lệ"),
        (("due", "--from", "20260210", "--days", "1"), "--from", "«20260210» không phải ngày hợp lệ"),
        (("due", "--from", "2026-02-10", "--days", "1.5"), "--days", "«1.5» không phải số nguyên"),
        (("due", "--from", "2026-02-10", "--days", "1", "--days", "2"), "--days", "nêu hai lần"),
        (("due", "--from", "2026-02-10", "--days", "-1"), "days", "Số ngày không thể âm (-1)"),
        (("due", "--from", "2026-02-10", "--days", "9" * 18), "days", "Số ngày quá lớn"),
        (("due", "--from", "2101-02-10", "--working-days", "1"), "date", "Không có lịch nghỉ lễ của năm 2101"),
        (
            ("due", "--from", "2026-02-10"),
            "working_days",
            "Phải nêu đúng một trong hai: số ngày làm việc hoặc số ngày",
        ),
        (("due", "--from", "2026-02-10", "--days", "1", "x"), "x", "thừa trên dòng lệnh"),
        (("regime", "--received", "2026-05-20"), "--kind", "thiếu thông tin bắt buộc"),
        (
            ("regime", "--received", "2026-05-20", "--kind", "frist"),
            "--kind",
            "«frist» không phải một trong các lựa chọn",
        ),
        (
            ("regime", "--received", "2000-05-20", "--kind", "first"),
            "received",
            "Ngày 20/05/2000 trước khi có bộ tiêu chí OCOP đầu tiên",
        ),
        (("certificate",), "--issued", "thiếu thông tin bắt buộc"),
        (
            ("certificate", "--issued", "2024-07-10", "--on", "2024-07-09"),
            "on",
            "Ngày 09/07/2024 trước ngày cấp 10/07/2024",
        ),
        (("score", "không-có.json"), "không-có.json", "Không đọc được tệp: không có tệp này."),
        (("--home", "/x", "due", "--as"), "--as", "chưa có giá trị"),
    ],
)
def test_bad_input_is_json_and_status_two(ocop: Ocop, arguments: tuple[str, ...], field: str, problem: str) -> None:
    answer = ocop(*arguments)

    assert (answer.status, answer.problems, answer.err) == (2, [(field, problem)], "")
    assert all(error["remedy"] for error in answer.json["errors"])


@pytest.mark.parametrize("regime", ["qd999-2030", "qd1048-2019"])
def test_score_under_a_regime_that_cannot_score(ocop: Ocop, regime: str) -> None:
    answer = ocop("score", stdin=json.dumps(json.loads(RECORD) | {"regime": regime}))

    assert (answer.status, [field for field, _ in answer.problems]) == (2, ["regime"])
