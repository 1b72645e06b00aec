"""The procedures walked without Prefect: a reach that answers from a script."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest

from flows.procedure import (
    Reach,
    dossier_procedure,
    inspection_procedure,
    renewal_procedure,
    revocation_procedure,
    round_procedure,
)
from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import StepTask

Visit = tuple[StepKind, int]
ACCEPTED = {(StepKind.REGISTRATION_CHECK, 1): "accepted"}
PROPOSED = ACCEPTED | {(StepKind.COMMUNE_ASSESSMENT, 1): "proposed"}
READY = PROPOSED | {(StepKind.CONSULTING, 1): "ready"}
RANKED = READY | {(StepKind.COUNCIL_EVALUATION, 1): "evaluated"}
INSPECTED = {(StepKind.INSPECTION, 1): "passed"}

TO_COUNCIL: list[Visit] = [
    (StepKind.REGISTRATION_CHECK, 1),
    (StepKind.COMMUNE_ASSESSMENT, 1),
    (StepKind.CONSULTING, 1),
    (StepKind.COUNCIL_EVALUATION, 1),
]
DECISION, ABOVE, OWN, INSPECTION = (
    (StepKind.DECISION, 1),
    (StepKind.HIGHER_LEVEL_RESULT, 1),
    (StepKind.DECISION, 2),
    (StepKind.INSPECTION, 1),
)
FILING, REVIEW = (StepKind.RENEWAL_FILING, 1), (StepKind.RENEWAL_COMMUNE, 1)
PLANNED, REMEDY = (StepKind.CERTIFICATE_INSPECTION, 1), (StepKind.REMEDY_CHECK, 1)
CONFIRMATION, REVOCATION = (StepKind.PRODUCTION_CONFIRMATION, 1), (StepKind.REVOCATION_DECISION, 1)


class Script:
    """Answers each step as written; remembers where it was. A step that is not written is a fault of the test."""

    def __init__(self, outcomes: Mapping[Visit, str], *, forwards: bool = False, falls_back: bool = False) -> None:
        self.outcomes = outcomes
        self.forwards = forwards
        self.falls = falls_back
        self.visited: list[Visit] = []
        self.asked_to_fall_back = 0

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        self.visited.append((step.kind, turn))
        data = {"forward_to": "province" if self.forwards and turn == 1 else None}
        return StepState(
            step.kind, turn, 1, self.outcomes[step.kind, turn], data if step.kind is StepKind.DECISION else {}
        )

    async def falls_back(self) -> bool:
        self.asked_to_fall_back += 1
        return self.falls

    async def asked_for(self, step: StepTask) -> bool:
        return (step.kind, 1) in self.outcomes


def walk(script: Script) -> str:
    return asyncio.run(dossier_procedure(script))


def test_product_recognised_here_goes_through_to_its_inspection() -> None:
    script = Script(RANKED | {DECISION: "recognised"} | INSPECTED)

    assert walk(script) == "Đã công nhận"
    assert script.visited == [*TO_COUNCIL, DECISION, INSPECTION]


@pytest.mark.parametrize(
    ("outcomes", "end", "steps"),
    [
        ({(StepKind.REGISTRATION_CHECK, 1): "returned"}, "Đã trả hồ sơ", 1),
        (ACCEPTED | {(StepKind.COMMUNE_ASSESSMENT, 1): "not_proposed"}, "UBND xã không đề nghị", 2),
        (READY | {(StepKind.COUNCIL_EVALUATION, 1): "eliminated"}, "Bị loại", 4),
        (RANKED | {DECISION: "not_recognised"}, "Chưa được công nhận", 5),
    ],
)
def test_way_that_ends_early_goes_no_further(outcomes: dict[Visit, str], end: str, steps: int) -> None:
    script = Script(outcomes)

    assert walk(script) == end
    assert script.visited == [*TO_COUNCIL, DECISION][:steps]


def test_consultant_and_producer_take_turns_until_it_is_ready() -> None:
    script = Script(
        PROPOSED
        | {(StepKind.CONSULTING, 1): "not_ready", (StepKind.SUPPLEMENT, 1): "supplemented"}
        | {(StepKind.CONSULTING, 2): "not_ready", (StepKind.SUPPLEMENT, 2): "supplemented"}
        | {(StepKind.CONSULTING, 3): "ready", (StepKind.COUNCIL_EVALUATION, 1): "eliminated"}
    )

    walk(script)

    assert script.visited[2:-1] == [
        (StepKind.CONSULTING, 1),
        (StepKind.SUPPLEMENT, 1),
        (StepKind.CONSULTING, 2),
        (StepKind.SUPPLEMENT, 2),
        (StepKind.CONSULTING, 3),
    ]


def test_forwarded_product_recognised_above_is_inspected_without_a_decision_here() -> None:
    script = Script(RANKED | {DECISION: "forwarded", ABOVE: "recognised"} | INSPECTED, forwards=True)

    assert walk(script) == "Đã công nhận"
    assert script.visited[4:] == [DECISION, ABOVE, INSPECTION]
    assert script.asked_to_fall_back == 0


def test_forwarded_product_refused_above_is_decided_here_where_the_rules_say_so() -> None:
    outcomes = RANKED | {DECISION: "forwarded", ABOVE: "not_recognised", OWN: "recognised"} | INSPECTED
    script = Script(outcomes, forwards=True, falls_back=True)

    assert walk(script) == "Đã công nhận"
    assert script.visited[4:] == [DECISION, ABOVE, OWN, INSPECTION]


def test_own_decision_may_also_refuse() -> None:
    outcomes = RANKED | {DECISION: "forwarded", ABOVE: "not_recognised", OWN: "not_recognised"}

    assert walk(Script(outcomes, forwards=True, falls_back=True)) == "Chưa được công nhận"


def test_forwarded_product_refused_above_ends_where_nothing_falls_back() -> None:
    script = Script(RANKED | {DECISION: "forwarded", ABOVE: "not_recognised"}, forwards=True)

    assert walk(script) == "Chưa được công nhận"
    assert script.visited[4:] == [DECISION, ABOVE]


@pytest.mark.parametrize("above", ["recognised", "not_recognised"])
def test_product_recognised_here_and_forwarded_keeps_its_stars_whatever_is_said_above(above: str) -> None:
    script = Script(RANKED | {DECISION: "recognised", ABOVE: above} | INSPECTED, forwards=True, falls_back=True)

    assert walk(script) == "Đã công nhận"
    assert script.visited[4:] == [DECISION, ABOVE, INSPECTION]
    assert script.asked_to_fall_back == 0


def test_failed_inspection_is_no_end_of_the_recognition() -> None:
    assert walk(Script(RANKED | {DECISION: "recognised", INSPECTION: "failed"})) == "Đã công nhận"


def test_round_scores_again_until_the_council_concludes() -> None:
    script = Script(
        {
            (StepKind.OUTREACH, 1): "announced",
            (StepKind.REGISTRATION_WINDOW, 1): "closed",
            (StepKind.COUNCIL_CONVENING, 1): "called",
            (StepKind.COUNCIL_SESSION, 1): "second_scoring",
            (StepKind.COUNCIL_SESSION, 2): "concluded",
            (StepKind.DECISION_SIGNING, 1): "signed",
        }
    )

    assert asyncio.run(round_procedure(script)) == "Kết thúc đợt"
    assert script.visited == list(script.outcomes)


def test_round_without_a_council_ends_at_its_convening() -> None:
    script = Script(
        {
            (StepKind.OUTREACH, 1): "announced",
            (StepKind.REGISTRATION_WINDOW, 1): "closed",
            (StepKind.COUNCIL_CONVENING, 1): "not_held",
        }
    )

    assert asyncio.run(round_procedure(script)) == "Không họp hội đồng"
    assert script.visited == list(script.outcomes)


@pytest.mark.parametrize(
    ("procedure", "outcomes", "end", "visited"),
    [
        (renewal_procedure, {FILING: "filed"}, "Đã nộp hồ sơ đánh giá lại", [FILING]),
        (
            renewal_procedure,
            {FILING: "not_renewing", REVIEW: "in_production"},
            "Không đánh giá lại",
            [FILING, REVIEW],
        ),
        (inspection_procedure, {PLANNED: "passed"}, "Kiểm tra đạt", [PLANNED]),
        (inspection_procedure, {PLANNED: "failed", REMEDY: "mended"}, "Đã khắc phục", [PLANNED, REMEDY]),
        (inspection_procedure, {REMEDY: "not_mended"}, "Chuyển xem xét thu hồi", [REMEDY]),
        (revocation_procedure, {CONFIRMATION: "in_production"}, "Còn sản xuất", [CONFIRMATION]),
        (
            revocation_procedure,
            {CONFIRMATION: "stopped", REVOCATION: "revoked"},
            "Đã thu hồi",
            [CONFIRMATION, REVOCATION],
        ),
        (revocation_procedure, {REVOCATION: "no_ground"}, "Không có căn cứ thu hồi", [REVOCATION]),
    ],
)
def test_case_of_a_certificate_goes_where_its_outcomes_lead(
    procedure: Callable[[Reach], Awaitable[str]], outcomes: dict[Visit, str], end: str, visited: list[Visit]
) -> None:
    script = Script(outcomes)

    async def walked() -> str:
        return await procedure(script)

    assert asyncio.run(walked()) == end
    assert script.visited == visited
