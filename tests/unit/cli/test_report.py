"""`ocop report year` and `ocop deploy` as a person calls them."""

from __future__ import annotations

import pytest

from deployments.prefect_server import free_port
from models.database import transaction
from models.notifications.links import note_server_port
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


def test_deploy_looks_for_the_server_that_was_started_over_the_data(
    ocop: Ocop, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PREFECT_API_URL", "OCOP_PREFECT_PORT"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    noted, asked = free_port(), free_port()
    with transaction(office) as session:
        note_server_port(session, noted)

    run = ocop("deploy", "--json")
    monkeypatch.delenv("PREFECT_API_URL")
    monkeypatch.setenv("OCOP_PREFECT_PORT", str(asked))
    other = ocop("deploy", "--json")

    silent = "không có máy chủ nào nhận kết nối ở địa chỉ và cổng này"
    assert [one.status for one in (run, other)] == [3, 3]
    assert [one.problems[0][1] for one in (run, other)] == [
        f"Prefect không trả lời ở http://127.0.0.1:{port}/api/: {silent}" for port in (noted, asked)
    ]
    assert "OCOP_PREFECT_PORT" in run.json["errors"][0]["remedy"]
