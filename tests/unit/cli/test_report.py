"""`ocop report year` and `ocop deploy` as a person calls them."""

from __future__ import annotations

from tests.unit.cli.conftest import Ocop


def test_report_of_the_year_lays_results_against_targets(ocop: Ocop, office: str) -> None:
    (report,) = ocop("report", "year", "2024", "--json").json

    assert [(line["stars"], line["recognised"], line["target"]) for line in report["stars"]] == [(4, 0, 3), (3, 0, 8)]
    assert [line["code"] for line in report["rounds"]] == ["2024-1", "2024-2", "2024-3"]


def test_report_reads_as_a_page(ocop: Ocop, office: str) -> None:
    words = ocop("report", "year").out

    assert "Năm 2024 (đến ngày 01/03/2024): 4 sao: 0/3 sản phẩm (chưa đạt chỉ tiêu)" in words
    assert "So với chỉ tiêu" in words


def test_report_of_a_year_without_plan_is_refused(ocop: Ocop, office: str) -> None:
    run = ocop("report", "year", "2030", "--json")

    assert (run.status, run.problems) == (2, [("year", "Chưa có kế hoạch năm 2030.")])


def test_deploy_without_a_server_can_be_tried_again(ocop: Ocop, office: str, monkeypatch: object) -> None:
    run = ocop("deploy", "--json")

    assert run.status == 3
    assert "Prefect không trả lời" in run.problems[0][1]
