"""Waiting for a person, on a real server and worker."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.responses import SetStateStatus
from prefect.states import Cancelling

from flows.waiting import set_tags, wait_for_person
from models.errors import FinalError
from tasks.prefect_client import WakeResult, read_run, wake
from tests.integration.prefect.conftest import settled, start_run
from tests.integration.prefect.flows_for_tests import (
    Facts,
    Outcome,
    breaks,
    no_form,
    retried,
    three_steps,
)

pytestmark = pytest.mark.slow
ACCEPTED = {"accepted": True, "points": 80}


def _steps(pool: str, facts: Facts) -> UUID:
    run_id = start_run(three_steps, pool, {"facts": str(facts.path)})
    assert settled(run_id).state_name == "Chờ UBND xã đánh giá"
    return run_id


def test_waiting_run_shows_our_name_message_and_tags(pool: str, facts: Facts) -> None:
    run = read_run(_steps(pool, facts))

    assert run is not None
    assert (run.state, run.state_name, run.message) == (
        "PAUSED",
        "Chờ UBND xã đánh giá",
        "Mời nhập kết quả",
    )
    assert sorted(run.tags) == ["chặng:xa", "đợt:thử"]


def test_wake_after_recording_goes_through_all_steps_once(pool: str, facts: Facts) -> None:
    run_id = _steps(pool, facts)

    shown = []
    for step in ("xa", "tu-van", "hoi-dong"):
        facts.record(step, ACCEPTED)
        assert wake(run_id) == WakeResult.RESUMED
        shown.append(settled(run_id).state_name)

    assert shown == ["Chờ tư vấn", "Chờ hội đồng chấm điểm", "Completed"]
    assert [line for line in facts.read()["log"] if line != "started"] == [
        "closed xa",
        "closed tu-van",
        "closed hoi-dong",
    ]


def test_resume_with_form_hands_the_typed_input_to_the_flow(pool: str, facts: Facts, client: SyncPrefectClient) -> None:
    run_id = _steps(pool, facts)

    answer = client.resume_flow_run(run_id, run_input={"accepted": True, "points": 91})

    assert answer.status == SetStateStatus.ACCEPT
    assert settled(run_id).state_name == "Chờ tư vấn"
    assert facts.read()["outcomes"] == {"xa": {"accepted": True, "points": 91}}


@pytest.mark.parametrize("wrong", [{}, {"accepted": True}, {"accepted": True, "points": 101}])
def test_resume_with_wrong_form_is_refused_and_the_run_still_waits(
    pool: str, facts: Facts, client: SyncPrefectClient, wrong: dict[str, object]
) -> None:
    run_id = _steps(pool, facts)

    answer = client.resume_flow_run(run_id, run_input=wrong)

    assert answer.status == SetStateStatus.REJECT
    assert settled(run_id).state_name == "Chờ UBND xã đánh giá"
    assert facts.read()["log"] == ["started"]


def test_input_refused_by_the_domain_asks_again_with_the_reason(
    pool: str, facts: Facts, client: SyncPrefectClient
) -> None:
    run_id = _steps(pool, facts)

    client.resume_flow_run(run_id, run_input={"accepted": True, "points": 10})
    refused = settled(run_id)
    client.resume_flow_run(run_id, run_input=ACCEPTED)

    assert (refused.state_name, refused.message) == ("Chờ UBND xã đánh giá", "Không nhận 10 điểm")
    assert settled(run_id).state_name == "Chờ tư vấn"
    assert facts.read()["outcomes"] == {"xa": ACCEPTED}
    assert facts.read()["log"].count("refused xa 10") == 1


def test_woken_without_outcome_waits_again_each_time(pool: str, facts: Facts) -> None:
    run_id = start_run(no_form, pool, {"facts": str(facts.path)})
    names = [settled(run_id).state_name]

    for _ in range(2):
        assert wake(run_id) == WakeResult.RESUMED
        names.append(settled(run_id).state_name)

    assert names == ["Chờ quyết định"] * 3
    assert facts.read()["log"] == ["waiting"] * 3


def test_woken_without_outcome_waits_again_also_where_a_form_is_shown(
    pool: str, facts: Facts, client: SyncPrefectClient
) -> None:
    run_id = _steps(pool, facts)

    assert wake(run_id) == WakeResult.RESUMED
    assert settled(run_id).state_name == "Chờ UBND xã đánh giá"
    client.resume_flow_run(run_id, run_input=ACCEPTED)

    assert settled(run_id).state_name == "Chờ tư vấn"


def test_input_is_handed_over_again_when_the_flow_failed_before_recording(
    pool: str, facts: Facts, client: SyncPrefectClient
) -> None:
    run_id = start_run(retried, pool, {"facts": str(facts.path)})
    settled(run_id)

    client.resume_flow_run(run_id, run_input=ACCEPTED)

    assert settled(run_id).state_name == "Completed"
    assert facts.read()["log"] == ["took 80", "took 80"]


def test_run_cancelled_while_waiting_is_finished(pool: str, facts: Facts, client: SyncPrefectClient) -> None:
    run_id = _steps(pool, facts)

    client.set_flow_run_state(run_id, Cancelling())

    assert settled(run_id).state == "CANCELLED"
    assert wake(run_id) == WakeResult.FINISHED


def test_key_with_other_signs_fails_the_run_and_says_why(pool: str) -> None:
    run = settled(start_run(breaks, pool, {"kind": "bad-key"}))

    assert run.state == "FAILED"
    assert run.message.endswith(
        "FinalError: khóa chờ 'co_gach_duoi' không hợp lệ → Chỉ dùng a-z, 0-9 và dấu gạch ngang."
    )


def test_wake_of_a_run_not_yet_suspended_is_not_yet(own_pool: str, facts: Facts) -> None:
    run_id = start_run(no_form, own_pool, {"facts": str(facts.path)})  # nobody serves the pool: Scheduled

    assert wake(run_id) == WakeResult.NOT_YET


def test_wake_twice_for_one_suspension_wakes_once(pool: str, facts: Facts) -> None:
    run_id = start_run(no_form, pool, {"facts": str(facts.path)})
    settled(run_id)

    assert [wake(run_id), wake(run_id)] == [WakeResult.RESUMED, WakeResult.NOT_YET]
    settled(run_id)
    assert facts.read()["log"] == ["waiting", "waiting"]


def test_wake_of_an_unknown_run_is_gone(pool: str) -> None:
    assert wake(uuid4()) == WakeResult.GONE


def test_outside_a_flow_nothing_can_wait() -> None:
    with pytest.raises(FinalError):
        asyncio.run(wait_for_person(key="a", state_name="Chờ", message="Chờ", form=Outcome))
    with pytest.raises(FinalError):
        asyncio.run(set_tags(["a"]))
