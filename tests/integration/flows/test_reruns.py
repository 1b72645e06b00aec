"""Runs that go again, on a real server: Retry after a failure, corrections, a dossier handed in again."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from deployments.demo.story import DUA_LEO, KIM_HONG, KIM_VUONG, NEM, RAU_MA
from models.actors import actor
from models.dossiers.handing_in import withdraw
from models.enums import OfficeKind, Role
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.steps.correcting import correct
from models.subjects import attempt_subject, item_key
from models.tables import EngineRun, Office
from models.work_items import find_item
from tasks.prefect_client import PARENT_LABEL
from tests.integration.flows.conftest import FIRST_DAY, ROUND, Installation

pytestmark = pytest.mark.slow

CHECK, COMMUNE, CONSULTANT = "Chờ văn phòng kiểm tra hồ sơ", "Chờ UBND xã đánh giá", "Chờ tư vấn hoàn thiện"
SUPPLEMENT, COUNCIL, RETURNED = "Chờ chủ thể bổ sung", "Chờ hội đồng đánh giá", "Đã trả hồ sơ"


@pytest.fixture(autouse=True)
def first_day(office: Installation) -> None:
    """Each test begins on the day when dossiers are handed in."""
    office.runner.set_day(FIRST_DAY)


def handed_in(office: Installation, product: str, commune: str) -> str:
    """A dossier that waits for the check; gives the name of its run."""
    office.people.hands_in(product, ROUND)
    name = f"{product} · {commune} · lần 1"
    office.wait_until(name, CHECK)
    return name


def at_the_consultant(office: Installation, product: str, commune: str) -> str:
    name = handed_in(office, product, commune)
    office.people.accepts(product)
    office.wait_until(name, COMMUNE)
    office.people.reports(product, "15/BC-UBND")
    office.wait_until(name, CONSULTANT)
    return name


def correct_step(office: Installation, product: str, kind: StepKind, changes: dict[str, Any]) -> None:
    """The coordinator corrects a step of the latest attempt."""
    with office.runner.transaction() as session:
        latest = office.people._dossier(session, product).latest
        item = find_item(session, item_key(attempt_subject(latest.id), kind, 1))
        assert item is not None
        who = actor(session, "dieu-phoi", Role.COORDINATOR, office.runner.clock.today())
        correct(session, item.id, changes, "Ghi nhầm", who, office.runner.clock.now())


def commune_office(office: Installation, product: str, kind: OfficeKind, wanted: OfficeKind) -> None:
    """Let the office of the product's commune be there, or not."""
    with office.runner.transaction() as session:
        place = product_by_name(session, product).place
        session.scalars(select(Office).where(Office.place_id == place.id, Office.kind == kind)).one().kind = wanted


def runs_named(office: Installation, name: str) -> list[dict[str, Any]]:
    """All runs of that name, the first one first."""
    body = {"flow_runs": {"name": {"any_": [name]}}, "sort": "EXPECTED_START_TIME_ASC"}
    return office._ask("/flow_runs/filter", body)


def press_retry(office: Installation, run_id: str, *, force: bool) -> None:
    """As Prefect's pages do: the one at `/` without force, the one at `/v2` with it."""
    state = {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retry from the UI"}
    url = f"{office.stack.url}/api/flow_runs/{run_id}/set_state"
    answer = httpx.post(url, json={"state": state, "force": force})
    answer.raise_for_status()
    assert answer.json()["status"] == "ACCEPT"


def links(office: Installation, run_id: str) -> dict[str, str]:
    """The artifacts on a run's page that link to other runs, by their key."""
    found = office._ask("/artifacts/filter", {"flow_runs": {"id": {"any_": [run_id]}}, "limit": 200})
    return {a["key"]: a["data"] for a in found if a["type"] == "markdown"}


@pytest.mark.parametrize(
    ("product", "commune", "force"), [(RAU_MA, "Nam Giang", False), (DUA_LEO, "Trường Xuân", True)]
)
def test_retry_of_a_failed_run_goes_on_where_it_was(
    office: Installation, product: str, commune: str, force: bool
) -> None:
    name = handed_in(office, product, commune)
    commune_office(office, product, OfficeKind.COMMUNE, OfficeKind.TECHNICAL)
    office.people.accepts(product)
    office.runner.wait_for("failed", lambda: 1 if office.runs()[name]["state"]["type"] == "FAILED" else None)
    assert office.record(product) == [("registration_check", 1, "done", 1)]

    commune_office(office, product, OfficeKind.TECHNICAL, OfficeKind.COMMUNE)
    press_retry(office, office.runs()[name]["id"], force=force)
    office.wait_until(name, COMMUNE)

    assert office.record(product) == [("registration_check", 1, "done", 1), ("commune_assessment", 1, "open", 0)]
    office.people.reports(product, "15/BC-UBND")
    office.wait_until(name, CONSULTANT)
    assert len(runs_named(office, name)) == 1
    assert office.record(product)[1:] == [("commune_assessment", 1, "done", 1), ("consulting", 1, "open", 0)]


def test_retry_of_a_run_that_another_has_replaced_ends_without_doing_anything(office: Installation) -> None:
    name = handed_in(office, KIM_VUONG, "Xuân Phú")
    commune_office(office, KIM_VUONG, OfficeKind.COMMUNE, OfficeKind.TECHNICAL)
    office.people.accepts(KIM_VUONG)
    office.runner.wait_for("failed", lambda: 1 if office.runs()[name]["state"]["type"] == "FAILED" else None)
    first = office.runs()[name]["id"]
    commune_office(office, KIM_VUONG, OfficeKind.TECHNICAL, OfficeKind.COMMUNE)
    correct_step(office, KIM_VUONG, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "note": "Thiếu chữ ký"})
    office.wait_until(name, RETURNED)  # the signal made a new run
    correct_step(office, KIM_VUONG, StepKind.REGISTRATION_CHECK, {"outcome": "accepted", "note": ""})
    office.runner.wait_for(
        "waits for the commune",
        lambda: 1 if [r["state"]["name"] for r in runs_named(office, name)][2:] == [COMMUNE] else None,
    )
    record = office.record(KIM_VUONG)

    press_retry(office, first, force=False)

    office.runner.wait_for(
        "ended",
        lambda: 1 if any(r["state"]["name"] == "Đã có lượt chạy mới" for r in runs_named(office, name)) else None,
    )
    assert office.record(KIM_VUONG) == record
    waiting = [r for r in runs_named(office, name) if r["state"]["name"] == COMMUNE]
    assert len(waiting) == 1


def test_correction_takes_a_waiting_run_to_the_right_step(office: Installation) -> None:
    name = at_the_consultant(office, KIM_HONG, "Thọ Lập")
    office.people.visits(KIM_HONG)
    office.wait_until(name, COUNCIL)

    correct_step(office, KIM_HONG, StepKind.COMMUNE_ASSESSMENT, {"report_number": "51/BC-UBND"})
    correct_step(office, KIM_HONG, StepKind.CONSULTING, {"outcome": "not_ready", "requests": ["Sửa nhãn"]})

    office.wait_until(name, SUPPLEMENT)
    assert "chặng:4-tư-vấn" in office.runs()[name]["tags"]
    assert office.record(KIM_HONG) == [
        ("registration_check", 1, "done", 1),
        ("commune_assessment", 1, "done", 2),
        ("consulting", 1, "done", 2),
        ("council_evaluation", 1, "cancelled", 0),
        ("supplement", 1, "open", 0),
    ]
    office.people.supplements(KIM_HONG, 1)
    office.wait_until(name, CONSULTANT)
    office.people.visits(KIM_HONG, 2)
    office.wait_until(name, COUNCIL)
    assert {k: s for k, _, s, _ in office.record(KIM_HONG)}["council_evaluation"] == "open"
    assert len(runs_named(office, name)) == 1


def test_correction_brings_a_finished_dossier_back_in_a_new_run(office: Installation) -> None:
    name = at_the_consultant(office, NEM, "Xuân Giang")

    correct_step(office, NEM, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "note": "Thiếu chữ ký"})
    office.wait_until(name, RETURNED)
    correct_step(office, NEM, StepKind.REGISTRATION_CHECK, {"outcome": "accepted", "note": ""})
    office.wait_until(name, CONSULTANT)

    first, second = runs_named(office, name)
    assert (first["state"]["type"], second["state"]["type"]) == ("COMPLETED", "PAUSED")
    with office.runner.transaction() as session:
        run = session.scalars(select(EngineRun).where(EngineRun.subject == office.subject_in(session, NEM))).one()
        assert (run.flow_run_id, run.generation, run.ended_at) == (second["id"], 1, None)
    assert second["labels"][PARENT_LABEL] == first["id"]
    assert f"/runs/flow-run/{first['id']}" in "".join(links(office, second["id"]).values())
    assert office.record(NEM)[1:] == [("commune_assessment", 1, "done", 1), ("consulting", 1, "open", 0)]


def test_dossier_handed_in_again_is_a_linked_run_that_takes_the_carried_report_up(office: Installation) -> None:
    first = f"{NEM} · Xuân Giang · lần 1"
    second = first.replace("lần 1", "lần 2")
    with office.runner.transaction() as session:
        who = office.people._producer(session, NEM)
        dossier = office.people._dossier(session, NEM)
        withdraw(session, dossier.code, "Đổi nhãn", who, office.runner.clock.now())
        code = dossier.code
    office.wait_until(first, "Đã rút hồ sơ")

    office.people.hands_in_again(NEM, ROUND)
    office.wait_until(second, CHECK)
    office.people.accepts(NEM)
    office.wait_until(second, CONSULTANT)

    assert office.tasks(second, 4) == ["2-dang-ky", "2-dang-ky", "3-danh-gia-cap-xa", "4-tu-van"]
    assert office.record(NEM) == [
        ("commune_assessment", 1, "done", 1),
        ("registration_check", 1, "done", 1),
        ("consulting", 1, "open", 0),
    ]
    before, after = runs_named(office, first)[-1], office.runs()[second]
    assert {f"hồ-sơ:{code}", "lần:2"} <= set(after["tags"])
    assert {f"hồ-sơ:{code}", "lần:1"} <= set(before["tags"])
    assert after["labels"][PARENT_LABEL] == before["id"]
    assert links(office, after["id"]) == {
        f"ho-so-{code}-lan-2-luot-1-truoc": f"[Lượt chạy trước của {second}](/runs/flow-run/{before['id']})"
    }
    assert f"/runs/flow-run/{after['id']}" in links(office, before["id"])[f"ho-so-{code}-lan-2-luot-1-sau"]


def test_dossier_that_misses_the_council_is_tagged_with_its_new_round(office: Installation) -> None:
    late = f"{RAU_MA} · Nam Giang · lần 1"
    office.people.announces(ROUND, "05/TB-VPĐP", ["Nam Giang"])
    office.people.closes_list(ROUND)
    office.runner.set_day(date(2024, 5, 20))
    office.people.convenes(ROUND, [KIM_HONG], date(2024, 5, 30))
    office.runner.run_flow("watch/ocop", {}, "Theo dõi đợt")

    assert "đợt:2024-2" in office.runs()[late]["tags"]
    assert f"đợt:{ROUND}" not in office.runs()[late]["tags"]
    assert office.line(RAU_MA)["Chặng"] == "Chuyển sang Đợt 2 năm 2024"
    body = {"filter": {"event": {"name": ["ocop.dossier.carried"]}}, "limit": 50}

    def told() -> int | None:
        found = httpx.post(f"{office.stack.url}/api/events/filter", json=body).json()["events"]
        return 1 if any(late in str(event["resource"]) for event in found) else None

    office.runner.wait_for("event of the carried dossier", told)
