"""Our flows on a real server and worker: what Prefect shows, and what survives what may happen to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from deployments.cli import main
from deployments.demo.story import DUA_LEO, KIM_HONG, KIM_VUONG, NEM, RAU_MA, RUOU
from deployments.deploying import deploy
from deployments.prefect_env import client_environment
from deployments.prefect_server import stop_server
from models.enums import CommuneTopic, ItemStatus
from models.office_clock import set_stored_now
from models.tables import WorkItem
from tasks.signals import deliver_signals
from tests.integration.flows.conftest import Installation

pytestmark = pytest.mark.slow

NEM_RUN = "Nem mẹ Nhi gói · Xuân Giang · lần 1"
RUOU_RUN = "Rượu Hoàng Anh · Thọ Xuân · lần 1"
REPORT = {
    "outcome": "proposed",
    "report_number": "21/BC-UBND",
    "signed_on": "2024-03-12",
    "signer": "Chủ tịch UBND xã",
    "findings": {topic.value: {"found": "Đúng thực tế", "agrees": True} for topic in CommuneTopic},
}
WAITS_FOR_COMMUNE = "Chờ UBND xã đánh giá"
WAITS_FOR_CONSULTANT = "Chờ tư vấn hoàn thiện"


def test_run_shows_step_tags_and_ascii_tasks(installation: Installation) -> None:
    installation.wait_until(NEM_RUN, WAITS_FOR_COMMUNE)
    run = installation.runs()[NEM_RUN]

    def tasks() -> list[str]:
        answer = httpx.post(
            f"{installation.stack.url}/api/task_runs/filter",
            json={"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"},
        )
        return [task["name"] for task in answer.json()]

    # The server writes task runs down a second after they ended.
    expected = ["2-dang-ky", "2-dang-ky", "3-danh-gia-cap-xa"]
    installation.runner.wait_for("task runs", lambda: 1 if len(tasks()) >= len(expected) else None)
    assert set(run["tags"]) == {"đợt:2024-1", "xã:Xuân Giang", "hồ-sơ:2024-003", "lần:1", "chặng:3-đánh-giá-cấp-xã"}
    assert tasks() == expected


def test_board_of_the_round_lists_every_product(installation: Installation) -> None:
    answer = httpx.post(
        f"{installation.stack.url}/api/artifacts/latest/filter",
        json={"artifacts": {"key": {"any_": ["ocop-2024-dot-1"]}}},
    )
    board = json.loads(answer.json()[0]["data"])

    products = {line["Sản phẩm"] for line in board}
    assert products == {"(Đợt 1 năm 2024)", RUOU, RAU_MA, NEM, DUA_LEO, KIM_HONG, KIM_VUONG}


def test_returned_dossier_ends_its_run(installation: Installation) -> None:
    installation.wait_until(RUOU_RUN, "Đã trả hồ sơ")

    assert installation.runs()[RUOU_RUN]["state"]["type"] == "COMPLETED"


def test_resume_form_refuses_the_wrong_commune_and_takes_the_right_one(installation: Installation) -> None:
    installation.resume(NEM_RUN, REPORT | {"acting_person": "cb-xa-tho-dien"}).raise_for_status()
    installation.runner.wait_for(
        "refusal",
        lambda: 1 if "giao cho đơn vị khác" in installation.message(NEM_RUN) else None,
    )
    assert installation.state(NEM_RUN) == WAITS_FOR_COMMUNE

    installation.resume(NEM_RUN, REPORT | {"acting_person": "cb-xa-xuan-giang"}).raise_for_status()
    installation.wait_until(NEM_RUN, WAITS_FOR_CONSULTANT)


def test_watch_shows_what_is_overdue_and_completion_clears_it(installation: Installation) -> None:
    name = "Bột rau má Đồng Ngâu · Nam Giang · lần 1"
    late = installation.runner.clock.now().replace(month=3, day=28)
    with installation.runner.transaction() as session:
        set_stored_now(session, late)
    installation.runner.clock.set(late)

    installation.runner.run_flow("watch/ocop", {}, "Theo dõi")
    installation.wait_until(name, f"Quá hạn: {WAITS_FOR_COMMUNE}")
    assert "quá-hạn" in installation.runs()[name]["tags"]

    installation.runner.people.reports(RAU_MA, "11/BC-UBND")
    installation.wait_until(name, WAITS_FOR_CONSULTANT)
    assert "quá-hạn" not in installation.runs()[name]["tags"]


def test_step_completed_while_the_server_is_down_is_taken_up_later(installation: Installation, tmp_path: Path) -> None:
    name = "Dưa leo Tuấn Anh · Trường Xuân · lần 1"
    report = tmp_path / "bao-cao.json"
    report.write_text(json.dumps(REPORT | {"report_number": "12/BC-UBND"}), encoding="utf-8")
    with installation.runner.transaction() as session:
        query = select(WorkItem.id).where(WorkItem.subject == installation.subject_in(session, DUA_LEO))
        item = session.scalars(query.where(WorkItem.status == ItemStatus.OPEN)).one()
    assert installation.stack.server is not None
    stop_server(installation.stack.server)

    status = main(["task", "complete", str(item), str(report), "--as", "cb-xa-truong-xuan"])
    recorded = installation.record(DUA_LEO)
    installation.stack.start_server()
    installation.stack.wait_for_server()

    assert (status, recorded[-1]) == (0, ("commune_assessment", 1, "done", 1))
    installation.wait_until(name, WAITS_FOR_CONSULTANT)
    assert installation.record(DUA_LEO)[-1] == ("consulting", 1, "open", 0)


def test_killed_worker_loses_and_doubles_nothing(installation: Installation) -> None:
    name = "Dưa vàng Kim Hồng Ngọc Tuấn Na · Thọ Lập · lần 1"
    others = installation.whole_record()

    installation.people.reports(KIM_HONG, "13/BC-UBND")
    installation.runner.kill_worker_in_the_middle()

    installation.wait_until(name, WAITS_FOR_CONSULTANT)
    installation.runner.settle()
    mine = [
        ("registration_check", 1, "done", 1),
        ("commune_assessment", 1, "done", 1),
        ("consulting", 1, "open", 0),
    ]
    assert installation.whole_record() == others | {installation.subject(KIM_HONG): mine}


def test_runs_are_rebuilt_when_prefects_database_is_gone(installation: Installation) -> None:
    shown = {
        name: run["state"]["name"] for name, run in installation.runs().items() if run["state"]["type"] == "PAUSED"
    }
    record = installation.whole_record()
    installation.stack.stop()
    shutil.rmtree(installation.stack.settings.home / "prefect")

    installation.stack.start(scheduled=False)
    installation.runner.run_flow("watch/ocop", {}, "Theo dõi lại")

    # Every run that waited waits again at the same step, the late one late; the one that had ended stays away.
    for name, state in shown.items():
        installation.wait_until(name, state)
    assert len(shown) == 6
    assert f"Quá hạn: {WAITS_FOR_COMMUNE}" in shown.values()
    assert set(installation.runs()) == {*shown, "Theo dõi lại"}
    assert installation.whole_record() == record


def test_same_flow_runs_on_the_stock_process_pool(installation: Installation) -> None:
    name = "Dưa vàng Kim Thiên Vương Xuân Phú · Xuân Phú · lần 1"
    installation.stack.kill_worker()
    home = installation.stack.settings.home
    deploy("quy-trinh-rieng", kind="process", scheduled=False)
    env = client_environment(f"{installation.stack.url}/api", home / "prefect") | {"OCOP_HOME": str(home)}
    worker = subprocess.Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "quy-trinh-rieng", "--type", "process"],
        env=dict(os.environ) | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _withdraw_and_start_again(installation)
        _deliver_until(installation, name.replace("lần 1", "lần 2"), "Chờ văn phòng kiểm tra hồ sơ")
        installation.runner.people.accepts(KIM_VUONG)
        _deliver_until(installation, name.replace("lần 1", "lần 2"), WAITS_FOR_COMMUNE)
        installation.people.reports(KIM_VUONG, "15/BC-UBND")
        _deliver_until(installation, name.replace("lần 1", "lần 2"), WAITS_FOR_CONSULTANT)
    finally:
        worker.terminate()
        try:
            worker.wait(60)
        finally:
            worker.kill()


def _withdraw_and_start_again(installation: Installation) -> None:
    from models.dossiers.handing_in import withdraw

    people = installation.runner.people
    with installation.runner.transaction() as session:
        who = people._producer(session, KIM_VUONG)
        withdraw(session, people._dossier(session, KIM_VUONG).code, "Chủ thể rút", who, installation.runner.clock.now())
    people.hands_in_again(KIM_VUONG, "2024-1")


def _deliver_until(installation: Installation, name: str, state: str) -> None:
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        deliver_signals()
        run = installation.runs().get(name)
        if run is not None and run["state"]["name"] == state:
            return
        time.sleep(0.3)
    raise AssertionError(f"{name} did not come to «{state}»")
