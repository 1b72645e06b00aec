"""A round whose dossiers are all not ready, on a real server: it ends without a council, its run too."""

from __future__ import annotations

from datetime import date

import pytest

from deployments.demo.story import NEM
from models.enums import Role, RoundStatus
from models.process.kinds import StepKind
from models.rounds.queries import round_by_code
from tests.integration.flows.conftest import ROUND, Installation

pytestmark = pytest.mark.slow


def test_round_without_anything_for_the_council_ends_and_its_dossier_goes_on(office: Installation) -> None:
    office.people.hands_in(NEM, ROUND)
    office.people.announces(ROUND, "05/TB-VPĐP", ["Nam Giang"])
    office.people.closes_list(ROUND)
    office.runner.set_day(date(2024, 5, 20))
    office.people._round_step(
        ROUND,
        StepKind.COUNCIL_CONVENING,
        ("thu-ky", Role.COUNCIL_SECRETARY),
        {"outcome": "not_held", "reason": "Không còn hồ sơ nào sẵn sàng"},
    )

    office.wait_until("Đợt 1 năm 2024", "Đã kết thúc đợt")

    assert office.message("Đợt 1 năm 2024") == "Đợt không họp hội đồng; hồ sơ chưa sẵn sàng chuyển đợt sau."
    assert office.line(NEM)["Chặng"] == "Chuyển sang Đợt 2 năm 2024"
    with office.runner.transaction() as session:
        assert round_by_code(session, ROUND).status is RoundStatus.CLOSED
