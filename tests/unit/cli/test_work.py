"""A round from the command line: plan, opening, handing in, work items; who may do what."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.database import transaction
from models.enums import Level, OfficeKind
from models.files.store import path_of
from models.process.kinds import StepKind
from models.steps.advancing import advance
from models.tables import Evidence, Office, StoredFile
from tests.unit.cli.conftest import OFFICE, PLAN, Ocop, set_day, url_in
from tests.unit.files.build import pdf

COORDINATOR = ("--as", "dieu-phoi")
PAPERS = ("business_registration", "material_origin", "local_labour", "product_story")
ACCEPTED = {"outcome": "accepted"}


def _dossier(**changed: Any) -> str:
    papers = [{"kind": kind, "title": kind} for kind in PAPERS]
    return json.dumps({"round": "2024-1", "product": "Nem mẹ Nhi gói", "kind": "first", "evidence": papers} | changed)


@pytest.fixture
def handed_in(office: str, ocop: Ocop) -> str:
    """Round 1 is open and holds one dossier, whose check the flow has opened: work item 1."""
    assert ocop("round", "open", "2024-1", *COORDINATOR).status == 0
    assert ocop("dossier", "submit", "-", "--as", "cb-xa-xuan-giang", stdin=_dossier()).status == 0
    with transaction(office) as session:
        advance(session, StepKind.REGISTRATION_CHECK, "attempt:1", datetime(2024, 3, 1, 2, tzinfo=UTC))
    return office


def test_office_and_plan_from_their_files_on_new_data(ocop: Ocop, home: Path) -> None:
    ocop("db", "upgrade")
    set_day(url_in(home), 2024, 2, 23)

    imported = ocop("office", "import", OFFICE, "--json").json
    plan = ocop("plan", "import", PLAN, *COORDINATOR)

    assert imported == {"offices": 40, "people": 48, "councils": 1}
    assert (plan.status, plan.err, plan.out.splitlines()[:2]) == (
        0,
        "",
        [
            "Đã nhập kế hoạch năm 2024: 3 đợt (2024-1: 6 sản phẩm; 2024-2: 4 sản phẩm; 2024-3: 4 sản phẩm).",
            "4 giấy chứng nhận đến hạn đánh giá lại chưa có trong sổ, ghi bằng:",
        ],
    )
    leaders = [p for p in ocop("person", "list", "--json").json if p["role"] == "leader"]
    assert [p["code"] for p in leaders if not p["code"].startswith("ct-")] == ["lanh-dao"]
    assert {p["title"] for p in leaders if p["code"].startswith("ct-")} == {
        "Chủ tịch UBND xã",
        "Chủ tịch UBND thị trấn",
    }


def test_plan_twice_is_once(ocop: Ocop, office: str) -> None:
    again = ocop("plan", "import", PLAN, *COORDINATOR, "--json").json

    assert len(again.pop("not_in_register")) == 4
    assert [(r["round"]["code"], len(r["products"])) for r in again["rounds"]] == [
        ("2024-1", 6),
        ("2024-2", 4),
        ("2024-3", 4),
    ]
    assert (again["targets"], ocop("plan", "show", "2024", "--json").json == again) == (
        {"four_star": 3, "three_star": 8},
        True,
    )


def test_answer_to_the_plan_of_a_second_office_is_that_plan(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        session.add(Office(code="vpdp-b", name="VPĐP huyện B", kind=OfficeKind.COORDINATION, level=Level.DISTRICT))
    ocop("person", "add", "dieu-phoi-b", "Lê Thị Bích", "coordinator", "--office", "vpdp-b")
    file = tmp_path / "plan-b.yaml"
    written = Path(PLAN).read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^office: .*$", "office: VPĐP huyện B", written), encoding="utf-8")

    refused = ocop("plan", "import", str(file), *COORDINATOR, "--json")
    answer = ocop("plan", "import", str(file), "--as", "dieu-phoi-b", "--json").json

    assert (refused.status, refused.problems[0][0]) == (2, "office")
    assert (answer["office"], answer["rounds"][0]["round"]["code"]) == ("VPĐP huyện B", "2024-1-vpdp-b")
    assert answer.pop("not_in_register")
    assert ocop("plan", "show", "2024", "--office", "vpdp-b", "--json").json == answer
    assert [field for field, _ in ocop("plan", "show", "2024", "--json").problems] == ["office"]


def test_round_opened_twice_is_open(ocop: Ocop, office: str) -> None:
    first, second = (ocop("round", "open", "2024-1", *COORDINATOR, "--json") for _ in range(2))

    assert (first.status, second.status) == (0, 0)
    assert [r["status"] for r in ocop("round", "list", "--json").json] == ["open", "planned", "planned"]


def test_dossier_submitted_shows_on_lists_and_board(ocop: Ocop, handed_in: str) -> None:
    listed = ocop("dossier", "list", "--round", "2024-1", "--json").json
    board = ocop("status", "2024-1", "--json").json[0]["rows"]

    assert [(r["code"], r["product"], r["status"]) for r in listed] == [("2024-001", "Nem mẹ Nhi gói", "in_progress")]
    assert ocop("dossier", "list", "--round", "2024-2", "--json").json == []
    assert [(r["dossier"], r["stage"]) for r in board][:2] == [
        ("2024-001", "2. Kiểm tra hồ sơ đăng ký"),
        (None, "Chưa nộp hồ sơ"),
    ]


def test_task_completed_twice_is_once_and_otherwise_a_conflict(ocop: Ocop, handed_in: str, tmp_path: Path) -> None:
    file = tmp_path / "kết quả.yaml"
    file.write_text("outcome: accepted\n", encoding="utf-8")

    first = ocop("task", "complete", "1", "-", *COORDINATOR, "--json", stdin=json.dumps(ACCEPTED))
    again = ocop("task", "complete", "1", str(file), *COORDINATOR)
    other = ocop("task", "complete", "1", "-", *COORDINATOR, "--json", stdin='{"outcome": "returned", "note": "thiếu"}')

    assert (first.status, first.json["item"]["status"]) == (0, "done")
    assert (again.status, again.out) == (
        0,
        "Kiểm tra hồ sơ đăng ký · Nem mẹ Nhi gói · Xuân Giang · lần 1: "
        "đã ghi từ trước, không có gì thay đổi (tiếp nhận).\n",
    )
    assert (other.status, other.problems[0][0]) == (2, "outcome")
    shown = ocop("task", "show", "1", "--json").json
    assert [(o["outcome"], o["by"], o["capacity"]) for o in shown["outcomes"]] == [
        ("accepted", "Lê Thị Hương", "coordinator")
    ]


def test_task_form_is_its_schema(ocop: Ocop, handed_in: str) -> None:
    plain, as_json = ocop("task", "show", "1", "--form"), ocop("task", "show", "1", "--form", "--json")

    assert plain.json == as_json.json
    assert plain.json["properties"]["outcome"]["enum"] == ["accepted", "returned"]


def test_task_list_of_one_person_of_a_round_and_late(ocop: Ocop, handed_in: str) -> None:
    def ids(*arguments: str) -> list[int]:
        return [row["id"] for row in ocop("task", "list", *arguments, "--json").json]

    assert (ids(), ids("--overdue")) == ([1], [])
    assert (ids("--mine", *COORDINATOR), ids("--mine", "--as", "cb-xa-xuan-giang")) == ([1], [])
    assert (ids("--round", "2024-1"), ids("--round", "2024-2")) == ([1], [])
    set_day(handed_in, 2024, 3, 7)
    assert ids("--overdue") == [1]


def test_late_line_says_so_without_colour(ocop: Ocop, handed_in: str) -> None:
    set_day(handed_in, 2024, 3, 8)

    assert ocop("status").out.count("⚠ quá hạn 2 ngày") == 1
    assert ocop("task", "list").out.count("⚠ quá hạn 2 ngày") == 1


def test_task_shows_words_and_the_time_of_viet_nam(ocop: Ocop, handed_in: str, tmp_path: Path) -> None:
    file = tmp_path / "kết quả.json"
    file.write_text(json.dumps(ACCEPTED), encoding="utf-8")

    done = ocop("task", "complete", "1", str(file), *COORDINATOR)
    shown = ocop("task", "show", "1").out

    assert done.out.endswith("đã ghi kết quả (tiếp nhận).\n")
    assert "Bắt đầu tính hạn" in shown
    assert "ngày làm việc" in shown
    assert "Kết quả: tiếp nhận · " in shown
    assert not {"started", "working", "UTC", "accepted", "outcome"} & set(shown.replace("│", " ").split())
    assert "tiếp nhận" in ocop("dossier", "show", "2024-001").out


def test_extension_counts_working_days_and_agrees_with_the_ledger(ocop: Ocop, handed_in: str) -> None:
    answer = ocop("task", "extend", "1", "--days", "3", "--reason", "chờ kiểm nghiệm", *COORDINATOR, "--json").json

    assert (answer["item"]["due_on"], [c["rule"] for c in answer["clock"]][1:]) == ("2024-03-11", ["chờ kiểm nghiệm"])
    assert ocop("db", "check").status == 0


def test_dossier_returned_withdrawn_and_handed_in_again(ocop: Ocop, handed_in: str) -> None:
    commune = ("--as", "cb-xa-xuan-giang")
    early = ocop("dossier", "resubmit", "2024-001", *commune)
    ocop("dossier", "withdraw", "2024-001", "--reason", "chuyển địa điểm", *commune)

    again = ocop("dossier", "resubmit", "2024-001", *commune, "--json")

    assert (early.status, again.status) == (2, 0)
    attempts = ocop("dossier", "show", "2024-001", "--json").json["attempts"]
    assert [(a["number"], a["status"], a["ended_because"], len(a["papers"])) for a in attempts] == [
        (1, "withdrawn", "chuyển địa điểm", 4),
        (2, "in_progress", "", 4),
    ]
    assert [p["carried_over"] for p in attempts[1]["papers"]] == [True] * 4


def test_producer_added_hands_in_the_own_product_only(ocop: Ocop, office: str) -> None:
    ocop("round", "open", "2024-1", *COORDINATOR)
    added = ocop("person", "add", "nhi", "Nguyễn Thị Nhi", "producer", "--producer", "ct0003")

    own = ocop("dossier", "submit", "-", "--as", "nhi", stdin=_dossier())
    other = ocop("dossier", "submit", "-", "--as", "nhi", "--json", stdin=_dossier(product="Rượu Hoàng Anh"))

    assert (added.status, own.status, other.status, other.problems[0][0]) == (0, 0, 2, "actor")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("a", "A", "producer"), "role"),
        (("a", "A", "producer", "--producer", "ct9999"), "producer"),
        (("a", "A", "coordinator"), "role"),
        (("a", "A", "coordinator", "--office", "vpdp", "--producer", "ct0001"), "role"),
        (("a", "A", "coordinator", "--office", "không-có"), "office"),
        (("dieu-phoi", "Người Khác", "leader", "--office", "ubnd-huyen"), "code"),
        (("", "A", "auditor"), "code"),
    ],
)
def test_person_that_cannot_be_added(ocop: Ocop, office: str, arguments: tuple[str, ...], field: str) -> None:
    before = ocop("person", "list", "--json").json

    answer = ocop("person", "add", *arguments, "--json")

    assert (answer.status, [found for found, _ in answer.problems]) == (2, [field])
    assert ocop("person", "list", "--json").json == before


def test_nobody_named_says_who_could_act(ocop: Ocop, handed_in: str) -> None:
    who = "Người làm được: chanh-vp (Trịnh Văn Sơn, Cán bộ điều phối), dieu-phoi (Lê Thị Hương, Cán bộ điều phối)."

    for command in (("round", "open", "2024-2"), ("task", "complete", "1", "-")):
        error = ocop(*command, "--json", stdin=json.dumps(ACCEPTED)).json["errors"][0]

        assert (error["field"], error["problem"]) == ("--as", "Chưa nêu người thực hiện.")
        assert error["remedy"] == f"Thêm --as MÃ, hoặc đặt biến môi trường OCOP_AS. {who}"


def test_refused_extension_names_only_those_who_would_not_be_refused(ocop: Ocop, handed_in: str) -> None:
    people = ocop("person", "list", "--json").json
    assert any(p["role"] == "leader" and p["code"].startswith("ct-") for p in people)

    for who in ((), ("--as", "cb-xa-xuan-giang")):
        error = ocop("task", "extend", "1", "--days", "3", "--reason", "x", *who, "--json").json["errors"][0]

        assert "lanh-dao (" in error["remedy"]
        assert "ct-" not in error["remedy"]


def test_person_may_be_named_by_the_environment(ocop: Ocop, office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_AS", "dieu-phoi")

    assert ocop("round", "open", "2024-1").status == 0


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("round", "open", "2024-2", "--as", "ai-do"), "--as"),
        (("round", "open", "2024-2", "--as", "lanh-dao"), "--as"),
        (("round", "open", "2024-2", "--as", "dieu-phoi", "--role", "leader"), "role"),
        (("round", "open", "2024-9", "--as", "dieu-phoi"), "round"),
        (("task", "complete", "1", "-", "--as", "cb-xa-xuan-giang"), "--as"),
        (("task", "complete", "99999999999", "-", "--as", "dieu-phoi"), "item"),
        (("task", "show", "-1"), "item"),
        (("task", "extend", "1", "--days", "0", "--reason", "x", "--as", "dieu-phoi"), "reason"),
        (("task", "extend", "1", "--days", "5", "--reason", " ", "--as", "dieu-phoi"), "reason"),
        (("task", "extend", "1", "--days", "100000", "--reason", "x", "--as", "dieu-phoi"), "--days"),
        (("task", "extend", "1", "--days", "5", "--reason", "x", "--as", "cb-xa-xuan-giang"), "--as"),
        (("dossier", "withdraw", "2024-001", "--reason", " ", "--as", "dieu-phoi"), "--reason"),
        (("dossier", "show", "2024-9"), "dossier"),
        (("dossier", "submit", "-", "--as", "cb-xa-tho-dien"), "actor"),
        (("dossier", "submit", "-", "--as", "dieu-phoi"), "product"),
        (("task", "list", "--round", "x"), "round"),
        (("plan", "show", "1999"), "year"),
    ],
)
def test_refused_and_nothing_changes(ocop: Ocop, handed_in: str, arguments: tuple[str, ...], field: str) -> None:
    stdin = _dossier() if "submit" in arguments else json.dumps(ACCEPTED)
    before = [ocop(*command, "--json").out for command in (("status", "2024-2"), ("task", "show", "1"))]

    answer = ocop(*arguments, "--json", stdin=stdin)

    assert (answer.status, [found for found, _ in answer.problems]) == (2, [field])
    assert [ocop(*command, "--json").out for command in (("status", "2024-2"), ("task", "show", "1"))] == before


@pytest.mark.parametrize(
    ("stdin", "field", "problem"),
    [
        ('{"outcome": ', "đầu vào", "không phải JSON hợp lệ (cột 13)"),
        (
            '{"outcome": "accepted", "outcome": "returned"}',
            "đầu vào: outcome",
            "khoá này viết hai lần trong một đối tượng",
        ),
        ('{"outcome": "perhaps"}', "outcome", "giá trị không nằm trong các lựa chọn"),
        ('{"outcome": "accepted", "x": 1}', "x", "không có mục này trong biểu mẫu"),
        ('{"outcome": "accepted", "note": "\\u0000"}', "đầu vào", "có ký tự rỗng (\\u0000)"),
        ('{"outcome": "accepted", "note": 1e999}', "đầu vào", "có số quá lớn"),
    ],
)
def test_outcome_that_cannot_be_read(ocop: Ocop, handed_in: str, stdin: str, field: str, problem: str) -> None:
    answer = ocop("task", "complete", "1", "-", *COORDINATOR, "--json", stdin=stdin)

    assert (answer.status, answer.problems) == (2, [(field, problem)])


def test_two_roles_that_fit_ask_for_one(ocop: Ocop, office: str) -> None:
    ocop("round", "open", "2024-1", *COORDINATOR)
    ocop("person", "add", "dieu-phoi", "Lê Thị Hương", "commune_officer", "--office", "xa-xuan-giang")

    unclear = ocop("dossier", "submit", "-", *COORDINATOR, "--json", stdin=_dossier())
    clear = ocop("dossier", "submit", "-", *COORDINATOR, "--role", "commune_officer", stdin=_dossier())

    assert (unclear.status, unclear.problems[0][0], clear.status) == (2, "--role", 0)
    assert unclear.json["errors"][0]["remedy"] == (
        "Thêm --role: coordinator (Cán bộ điều phối), commune_officer (Cán bộ cấp xã)."
    )


def test_officer_of_two_communes_acts_for_the_one_that_is_asked(ocop: Ocop, handed_in: str) -> None:
    ocop("task", "complete", "1", "-", *COORDINATOR, stdin=json.dumps(ACCEPTED))
    ocop("person", "add", "cb-xa-tho-dien", "Lê Thị Mai", "commune_officer", "--office", "xa-xuan-giang")
    with transaction(handed_in) as session:
        advance(session, StepKind.REGISTRATION_CHECK, "attempt:1", datetime(2024, 3, 1, 2, tzinfo=UTC))
        item = advance(session, StepKind.COMMUNE_ASSESSMENT, "attempt:1", datetime(2024, 3, 1, 2, tzinfo=UTC)).item_id
    finding = {"found": "Đúng", "agrees": True}
    report = {
        "outcome": "proposed",
        "report_number": "01/BC-UBND",
        "signed_on": "2024-03-01",
        "signer": "Lê Thị Mai",
        "findings": dict.fromkeys(["origin", "labour", "idea", "identity"], finding),
    }

    answer = ocop("task", "complete", str(item), "-", "--as", "cb-xa-tho-dien", "--json", stdin=json.dumps(report))

    assert (answer.status, answer.json["item"]["waiting_for"]) == (0, "UBND xã Xuân Giang")


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("plan", "show"),
        ("round", "list"),
        ("round", "show", "2024-1"),
        ("dossier", "list"),
        ("dossier", "show", "2024-001"),
        ("task", "list"),
        ("task", "show", "1"),
        ("person", "list"),
        ("db", "check"),
    ],
)
def test_words_for_people_and_json_for_machines(ocop: Ocop, handed_in: str, command: tuple[str, ...]) -> None:
    words, machine = ocop(*command), ocop(*command, "--json")

    assert (words.status, words.err, machine.status, machine.err) == (0, "", 0, "")
    assert len(machine.out.splitlines()) == 1
    assert machine.json
    assert not words.out.startswith(("{", "["))


def test_papers_beside_the_file_of_a_dossier_are_stored(office: str, ocop: Ocop, home: Path, tmp_path: Path) -> None:
    (tmp_path / "giấy").mkdir()
    (tmp_path / "giấy" / "Đăng ký kinh doanh.pdf").write_bytes(pdf(3))
    papers: list[dict[str, Any]] = [{"kind": kind, "title": kind} for kind in PAPERS]
    papers[0] |= {"path": "giấy/Đăng ký kinh doanh.pdf", "page_to": 3}
    file = tmp_path / "hồ sơ.json"
    file.write_text(_dossier(evidence=papers), encoding="utf-8")
    ocop("round", "open", "2024-1", *COORDINATOR)

    answer = ocop("dossier", "submit", str(file), "--as", "cb-xa-xuan-giang")

    assert (answer.status, answer.err) == (0, "")
    with transaction(office) as session:
        paper = session.scalars(select(Evidence).order_by(Evidence.id)).first()
        row = session.scalars(select(StoredFile)).one()
        assert paper is not None
        assert (paper.file_name, paper.file_sha256) == ("Đăng ký kinh doanh.pdf", row.sha256)
    assert ocop("db", "check", "--json").json["files_checked"] == 1
    path_of(home / "files", row.sha256).unlink()
    check = ocop("db", "check", "--json")
    assert (check.status, [fault["name"] for fault in check.json["files"]]) == (1, ["Đăng ký kinh doanh.pdf"])


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("a.pdf", b"<html>", "«a.pdf»: không phải PDF, ảnh JPEG, ảnh PNG, ảnh HEIC, Word (DOCX), Excel (XLSX)."),
        ("none.pdf", None, "Không đọc được tệp: không có tệp này."),
    ],
)
def test_paper_that_cannot_be_taken_is_named_and_nothing_is_handed_in(
    office: str, ocop: Ocop, tmp_path: Path, path: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / path).write_bytes(content)
    file = tmp_path / "d.json"
    file.write_text(_dossier(evidence=[{"kind": "awards", "title": "Bằng khen", "path": path}]), encoding="utf-8")
    ocop("round", "open", "2024-1", *COORDINATOR)

    answer = ocop("dossier", "submit", str(file), "--as", "cb-xa-xuan-giang", "--json")

    assert answer.problems == [("evidence[0].path", problem)]
    assert ocop("dossier", "list", "--json").json == []


def test_whole_dossier_is_exported_and_verified(handed_in: str, ocop: Ocop, tmp_path: Path) -> None:
    out = tmp_path / "hồ sơ.zip"

    answer = ocop("dossier", "export", "2024-001", "--out", str(out), *COORDINATOR)

    assert (answer.status, answer.err) == (0, "")
    assert sorted(tmp_path.glob("*.zip*")) == [out]
    checked = ocop("dossier", "verify", str(out), "--json").json
    assert (checked["ok"], checked["faults"], checked["checked"] > 8) == (True, [], True)

    content = bytearray(out.read_bytes())
    content[80] ^= 1
    out.write_bytes(content)
    assert ocop("dossier", "verify", str(out)).status == 1


def test_export_to_where_nothing_can_be_written_is_told(handed_in: str, ocop: Ocop, tmp_path: Path) -> None:
    answer = ocop("dossier", "export", "2024-001", "--out", str(tmp_path / "none" / "a.zip"), *COORDINATOR, "--json")

    assert [field for field, _ in answer.problems] == ["--out"]


def test_commune_gets_no_export(handed_in: str, ocop: Ocop, tmp_path: Path) -> None:
    answer = ocop("dossier", "export", "2024-001", "--out", str(tmp_path / "a.zip"), "--as", "cb-xa-xuan-giang")

    assert (answer.status, list(tmp_path.glob("*.zip"))) == (2, [])
