"""What the command line says of itself and of commands that it does not understand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from cyclopts import App

from deployments.cli import APP, COMMANDS, CONTRACTS
from tests.unit.cli.conftest import ROOT, Ocop

PAGE = ROOT / "docs/lenh-ocop.md"
EXAMPLES = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("ocop ")]
ENGLISH = re.compile(r"\b(Usage|Commands|Parameters|Arguments|required|default|Display|choices|env var)\b")


def _commands(app: App, *path: str) -> Iterator[tuple[str, ...]]:
    """Every command that can be run, by its words."""
    below = [name for name in app if not name.startswith("-")]
    if path and app.default_command is not None:
        yield path
    for name in below:
        yield from _commands(app[name], *path, name)


ALL = sorted(_commands(APP))


def test_page_names_exactly_the_commands_of_the_program() -> None:
    named = {APP.parse_commands(shlex.split(example)[1:])[0] for example in EXAMPLES}

    assert sorted(named) == ALL


@pytest.mark.parametrize("source", ["qd148", "qd26"])
def test_every_set_can_be_shown_and_tourism_with_the_options_of_both_cases(ocop: Ocop, source: str) -> None:
    for number in range(1, 27):
        assert ocop("criteria", "show", source, str(number)).status == 0

    text = ocop("criteria", "show", source, "26").out
    convenience = next(
        c for c in ocop("criteria", "show", source, "26", "--json").json["criteria"] if c["code"] == "15"
    )
    assert {option["case"] for option in convenience["options"]} == {1, 2}
    assert convenience["allowed_points"] == [0, 1, 3]
    assert "Trường hợp 1, 1 điểm" in text
    assert "Trường hợp 2, 3 điểm" in text


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_page_is_understood(example: str) -> None:
    _, of_all, _ = APP.meta.parse_args(shlex.split(example)[1:], exit_on_error=False, print_error=False)

    _, bound, _ = APP.parse_args(of_all.args, exit_on_error=False, print_error=False)

    assert bound.args or bound.kwargs or APP.parse_commands(of_all.args)[0] == tuple(of_all.args)


def test_contracts_are_commands() -> None:
    assert {name for name, *_ in COMMANDS} >= CONTRACTS


@pytest.mark.parametrize("command", [(), *ALL], ids=" ".join)
def test_help_is_vietnamese(ocop: Ocop, command: tuple[str, ...]) -> None:
    page = ocop(*command, "--help")

    assert (page.status, page.err) == (0, "")
    assert page.out.startswith(f"Cách dùng: {' '.join(['ocop', *command])}")
    assert ENGLISH.findall(page.out) == []


def test_version(ocop: Ocop) -> None:
    assert re.fullmatch(r"ocop \d+\.\d+\.\d+\n", ocop("--version").out)


@pytest.mark.parametrize(
    ("arguments", "field", "problem", "remedy"),
    [
        (("taks", "list"), "lệnh", "không có lệnh «taks»", "Có phải «task»? Xem: ocop --help. Các lệnh: "),
        (("task", "lits"), "lệnh", "không có lệnh «lits»", "Có phải «list»? Xem: ocop task --help. Các lệnh: "),
        (("task", "list", "--min"), "--min", "không có tùy chọn này", "Có phải «--mine»? Xem: ocop task list --help."),
        (("-x",), "-x", "không có tùy chọn này", "Xem: ocop --help."),
        (("task", "show"), "ID", "thiếu thông tin bắt buộc", "Ghi thêm ID. Xem: ocop task show --help."),
        (("task", "show", "năm"), "ID", "«năm» không phải số nguyên", "Ghi bằng chữ số, ví dụ 15."),
        (("task", "show", "1", "--json=x"), "--json", "«x» không phải có hoặc không", ""),
        (("task", "show", "-"), "ID", "«-» không phải số nguyên", "Ghi bằng chữ số, ví dụ 15."),
        (("task", "show", "1", "-"), "-", "thừa trên dòng lệnh", "Bỏ đi, hoặc đặt trong dấu ngoặc kép."),
        (("dossier", "submit", "--file", "x"), "--file", "không có tùy chọn này", "Xem: ocop dossier submit --help."),
        (("person", "add", "a", "B", "boss"), "role", "Không có vai trò «boss».", "Chọn một trong: producer, "),
    ],
)
def test_usage_error_names_what_is_wrong_and_what_to_do(
    ocop: Ocop, data: str, arguments: tuple[str, ...], field: str, problem: str, remedy: str
) -> None:
    answer = ocop(*arguments)

    lines = dict(re.split(r":\s+", line, maxsplit=1) for line in answer.err.splitlines())
    assert (answer.status, answer.out) == (2, "")
    assert (lines["Trường"], lines["Vấn đề"]) == (field, problem)
    assert lines["Cách xử lý"].startswith(remedy)


@pytest.mark.parametrize("arguments", [("--json", "task", "show", "x"), ("task", "show", "x", "--json")])
def test_json_may_stand_before_or_after_the_command(ocop: Ocop, arguments: tuple[str, ...]) -> None:
    answer = ocop(*arguments)

    assert (answer.status, answer.problems, answer.err) == (2, [("ID", "«x» không phải số nguyên")], "")


def test_criteria_list_of_one_source(ocop: Ocop) -> None:
    sets = ocop("criteria", "list", "--source", "qd26", "--json").json

    assert [s["set"] for s in sets] == list(range(1, 27))
    assert {s["source"] for s in sets} == {"qd26"}


def test_criteria_of_a_case_shows_only_its_options(ocop: Ocop) -> None:
    one, two = (ocop("criteria", "show", "qd148", "26", "--case", case, "--json").json for case in "12")

    assert [c["code"] for c in one["criteria"]] == [c["code"] for c in two["criteria"]]
    assert [c["options"] for c in one["criteria"]] != [c["options"] for c in two["criteria"]]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("qd1", "1"), "source"),
        (("qd148", "27"), "set"),
        (("qd148", "6", "--case", "1"), "--case"),
        (("qd148", "26", "--case", "3"), "--case"),
    ],
)
def test_criteria_that_do_not_exist(ocop: Ocop, arguments: tuple[str, ...], field: str) -> None:
    answer = ocop("criteria", "show", *arguments, "--json")

    assert (answer.status, [found for found, _ in answer.problems]) == (2, [field])
