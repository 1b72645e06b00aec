"""The year 2024 as `ocop demo` plays it: each thing that the story promises is in its facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from mailbox import Maildir
from pathlib import Path
from typing import Any

import pytest

from tests.pdf_reading import fonts, pages, sizes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

Facts = dict[str, Any]


def ocop(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OCOP_", "PREFECT_"))}
    return subprocess.run(
        [sys.executable, "-m", "deployments.cli", "--home", str(home), *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the performance."""
    return tmp_path_factory.mktemp("demo") / "du-lieu"


@pytest.fixture(scope="module")
def facts(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """The facts of one performance."""
    file = tmp_path_factory.mktemp("facts") / "facts.json"
    done = ocop(home, "demo", "--json", str(file), "--seed", "7")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    found: Facts = json.loads(file.read_text(encoding="utf-8"))
    return found


def attempts_of(facts: Facts, product: str) -> list[Facts]:
    """The attempts of a product's dossier."""
    return next(d["attempts"] for d in facts["dossiers"] if d["product"] == product)


def steps(facts: Facts, wanted: Callable[[Facts], bool]) -> list[Facts]:
    """All steps of all attempts that are as wanted."""
    return [s for d in facts["dossiers"] for a in d["attempts"] for s in a["steps"] if wanted(s)]


def results(facts: Facts) -> list[Facts]:
    """All council results."""
    return [a["result"] for d in facts["dossiers"] for a in d["attempts"] if a["result"]]


def test_all_fourteen_products_were_handed_in(facts: Facts) -> None:
    assert len(facts["dossiers"]) == 14
    assert [r["status"] for r in facts["rounds"]] == ["closed"] * 3


def test_dossier_returned_for_two_papers_came_back_with_the_rest_carried_over(facts: Facts) -> None:
    first, second = attempts_of(facts, "Rượu Hoàng Anh")

    assert first["status"] == "returned"
    assert second["status"] == "recognised"
    assert second["evidence"] - second["evidence_carried_over"] == 2


def test_late_commune_was_escalated_and_got_an_extension(facts: Facts) -> None:
    late = steps(facts, lambda s: s["step"] == "commune_assessment" and s["overdue"])

    assert [s["rungs"] for s in late] == [["due_soon", "overdue", "escalated_head"]]
    assert [len(s["extensions"]) for s in late] == [1]
    assert late[0]["completed"] <= late[0]["due"]


def test_consultant_came_twice(facts: Facts) -> None:
    visits = [s for s in attempts_of(facts, "Dưa leo Tuấn Anh")[0]["steps"] if s["step"] == "consulting"]

    assert [s["outcome"] for s in visits] == ["not_ready", "ready"]


def test_paper_that_expires_before_the_council_was_replaced(facts: Facts) -> None:
    outcomes = [
        s["outcome"]
        for s in attempts_of(facts, "Kẹo lạc Tuyên Tâm")[0]["steps"]
        if s["step"] in {"consulting", "supplement"}
    ]

    assert outcomes == ["not_ready", "supplemented", "ready"]
    sheets = [p for p in attempts_of(facts, "Kẹo lạc Tuyên Tâm")[0]["papers"] if p["kind"] == "test_sheets"]
    assert [(p["expires_on"], p["replaced"]) for p in sheets] == [("2024-08-31", True), (None, False)]


def test_recusal_and_second_scoring_keep_both_sheets(facts: Facts) -> None:
    result = attempts_of(facts, "Dưa vàng Kim Thiên Vương Xuân Phú")[0]["result"]

    assert (result["recused"], result["scoring"], result["sheets"]) == (1, 2, 12)


def test_first_sheets_were_further_apart_than_ten_points_and_the_second_ones_not(facts: Facts) -> None:
    first, second = attempts_of(facts, "Dưa vàng Kim Thiên Vương Xuân Phú")[0]["result"]["scorings"]

    assert [len(scoring["totals"]) for scoring in (first, second)] == [6, 6]
    assert int(first["spread"]) > 10 >= int(second["spread"])


def test_worker_was_killed_with_runs_under_way(facts: Facts) -> None:
    (kill,) = facts["worker_kills"]

    assert (kill["on"], kill["signal"], kill["runs_under_way"] > 0) == ("2024-03-20", "SIGKILL", True)


def test_product_in_the_four_star_band_misses_a_gate(facts: Facts) -> None:
    result = attempts_of(facts, "Bánh gai Huân Hường")[0]["result"]

    assert (result["band"], result["stars"], result["mean"]) == (4, 3, "72.42")
    assert result["missed_gates"] == [{"stars": 4, "criterion": "3.6", "least": 1, "got": "0.57"}]


def test_exactly_seventy_points_goes_to_the_province(facts: Facts) -> None:
    result = attempts_of(facts, "Hạt sen Anh Sơn")[0]["result"]

    assert (result["mean_exact"], result["forward_to"]) == ("70", "province")


def test_one_product_was_eliminated(facts: Facts) -> None:
    assert [r["eliminated"] for r in results(facts) if r["eliminated"]] == [["9"]]


def test_product_below_fifty_came_back_in_the_next_round(facts: Facts) -> None:
    first, second = attempts_of(facts, "Dưa vàng Kim Hồng Ngọc Tuấn Na")

    assert (first["round"], first["status"], first["result"]["mean"]) == ("2024-1", "not_recognised", "47.42")
    assert (second["round"], second["status"]) == ("2024-2", "recognised")


def test_upgrades_were_forwarded_and_the_province_answered(facts: Facts) -> None:
    upgrades = [d for d in facts["dossiers"] if d["kind"] == "upgrade"]
    answers = steps(facts, lambda s: s["step"] == "higher_level_result")

    assert len(upgrades) == 3
    assert sorted(s["outcome"] for s in answers) == ["not_recognised"] * 3 + ["recognised"] * 3
    assert all(r["forward_to"] == "province" for r in results(facts) if float(r["mean"]) >= 70)


def test_upgrade_replaces_the_old_certificate_and_a_refused_one_keeps_it(facts: Facts) -> None:
    upgraded = {d["product"] for d in facts["dossiers"] if d["kind"] == "upgrade"}
    held = {p: [(c["stars"], c["state"]) for c in facts["certificates"] if c["product"] == p] for p in upgraded}

    assert held == {
        "Bánh gai Lâm Thẩm": [(3, "replaced"), (4, "valid")],
        "Bánh lá răng bừa": [(3, "replaced"), (4, "valid")],
        "Bưởi Phú Bắc": [(3, "lapsed")],  # of 2022, looked at in 2027
    }


def test_every_step_was_opened_and_completed_on_days_that_follow(facts: Facts) -> None:
    wrong = steps(facts, lambda s: not (s["opened"] <= s["completed"] and s["opened"] <= s["due"] and s["due_rule"]))

    assert wrong == []


def test_certificates_have_numbers_dates_and_inspections(facts: Facts) -> None:
    new = [c for c in facts["certificates"] if c["issued_on"] >= "2024"]

    assert len({c["code"] for c in new}) == len(new) == 12
    assert all(c["decision"] and c["valid_until"] > c["issued_on"] for c in new)
    assert sum(len(c["inspections"]) for c in new) >= 2


def test_a_certificate_enters_its_renewal_window_in_2027(facts: Facts) -> None:
    in_2027 = [c for c in facts["certificates"] if (c["renewal_opens"] or "").startswith("2027-03-24")]

    assert {c["state"] for c in in_2027} == {"renewal_window_open"}
    assert {(c["renewal_closes"], c["extended_until"]) for c in in_2027} == {("2027-05-23", "2028-03-18")}


def test_targets_are_met(facts: Facts) -> None:
    assert facts["targets"] == {
        "4": {"target": 3, "reached": 3, "met": True},
        "3": {"target": 8, "reached": 9, "met": True},
    }


def test_counters_count(facts: Facts) -> None:
    counters = facts["counters"]

    assert counters["steps"] == counters["steps_completed"] > 100
    assert counters["resumes"] >= 100


def test_other_commands_work_on_the_data(facts: Facts, home: Path) -> None:
    status = ocop(home, "status", "2024-2", "--json")
    shown = ocop(home, "dossier", "show", "2024-003", "--json")
    tasks = ocop(home, "--as", "dieu-phoi", "task", "list", "--json")
    board = ocop(home, "status")
    check = ocop(home, "db", "check")

    assert [b["round"] for b in json.loads(status.stdout)] == ["2024-2"]
    assert json.loads(shown.stdout)["dossier"]["product"] == "Nem mẹ Nhi gói"
    assert (tasks.returncode, json.loads(tasks.stdout)) == (0, [])  # the year is over: nobody is waited for
    assert (board.returncode, board.stdout.count("Đợt ")) == (0, 3)
    assert check.returncode == 0


def test_second_performance_needs_reset(facts: Facts, home: Path) -> None:
    again = ocop(home, "demo")

    assert again.returncode == 2
    assert "--reset" in again.stderr


def test_mailbox_shows_reminders_escalations_invitations_and_digests(facts: Facts) -> None:
    found, told = facts["mailbox"], facts["counters"]["notices"]

    letters = [message_from_bytes(letter.as_bytes(), policy=default) for letter in Maildir(found["path"])]
    assert len(letters) == found["letters"] == facts["counters"]["deliveries_sent"]
    assert facts["counters"]["deliveries_waiting"] == 0
    subjects = [str(letter["Subject"]) for letter in letters]
    for words in ("Sắp đến hạn", "Quá hạn", "Báo thủ trưởng", "Báo văn phòng điều phối", "Giấy mời họp", "Tổng hợp"):
        assert [s for s in subjects if s.startswith(words)], words
    assert {"due_soon", "overdue", "escalated_head", "council-convened", "digest", "step-opened"} <= set(told)
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)
    head = [str(letter["To"]) for letter in letters if str(letter["Subject"]).startswith("Báo thủ trưởng")]
    assert head == ["ct-xa-xuan-giang@tho-xuan.example"]


# Papers


@pytest.fixture(scope="module")
def papers(facts: Facts, home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One paper of each kind and variant that the year gives, as PDF, by the name of its file."""
    assert facts["dossiers"]
    folder = tmp_path_factory.mktemp("papers")
    done = ocop(home, "document", "render-all", "--out", str(folder), "--pdf")
    assert done.returncode == 0, done.stderr[-2000:]
    return {path.stem: path for path in sorted(folder.glob("*.pdf"))}


def test_every_kind_of_paper_of_the_year_is_there_as_word_and_pdf(papers: dict[str, Path]) -> None:
    kinds = Counter(name.split("__")[0] for name in papers)

    assert kinds.pop("score_sheet_blank") == 52
    assert kinds == {
        "advisory_report": 1,
        "certificate": 1,
        "commune_report": 2,  # a draft, and one that proposes
        "council_minutes": 2,  # one scoring, and two
        "decision": 1,
        "decision_single": 1,
        "forwarding_letter": 1,
        "invitation": 1,
        "registration_form": 1,
        "result_notice_commune": 1,
        "result_notice_producer": 3,  # recognised, not recognised, eliminated
        "round_notice": 1,
        "round_report": 1,
        "score_sheet": 1,
        "self_assessment": 1,
        "submission_letter": 1,
        "supplement_request": 2,  # by the check, by the consultant
        "year_report": 1,
    }
    assert all(path.with_suffix(".docx").is_file() for path in papers.values())


def test_papers_are_a4_in_the_serif_of_the_decree_and_show_no_trace_of_their_templates(papers: dict[str, Path]) -> None:
    for name, path in papers.items():
        assert {tuple(sorted(size)) for size in sizes(path)} == {(210, 297)}, name
        assert fonts(path) <= {"LiberationSerif", "TimesNewRomanPSMT", "DejaVuSans"}, name
        said = " ".join(pages(path))
        assert [sign for sign in ("{{", "{%", "None", "[]") if sign in said] == [], name
        assert "Độc lập - Tự do - Hạnh phúc" in said, name


def test_year_end_report_on_paper_has_the_figures_of_the_year(papers: dict[str, Path], facts: Facts) -> None:
    said = " ".join(pages(next(path for name, path in papers.items() if name.startswith("year_report"))))

    for stars in ("3", "4"):
        reached, target = facts["targets"][stars]["reached"], facts["targets"][stars]["target"]
        assert f"{stars} sao {reached} {target}" in said


def test_engine_made_and_froze_the_papers_of_the_year(facts: Facts, home: Path) -> None:
    assert facts["dossiers"]
    rows = json.loads(ocop(home, "document", "list", "--json").stdout)

    made = [(row["kind"], row["id"], row["number"]) for row in rows if row["frozen"]]
    assert [one for one in made if one[0] == "decision"] == [
        ("decision", "2024-1", "1850/QĐ-UBND"),
        ("decision", "2024-2", "2977/QĐ-UBND"),
    ]
    assert sum(kind == "certificate" for kind, _, _ in made) == 9
    shown = json.loads(ocop(home, "dossier", "show", "2024-007", "--json").stdout)
    documents = shown["attempts"][-1]["documents"]
    assert [(d["kind"], d["frozen"]) for d in documents] == [
        ("commune_report", True),
        ("result_notice_producer", False),
        ("decision_single", True),
        ("certificate", True),
    ]
