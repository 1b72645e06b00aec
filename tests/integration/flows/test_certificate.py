"""A certificate's life on a real server and worker: each case is one run, and only what is under way has one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from deployments.demo.story import LAM_THAM
from models.actors import actor
from models.certificates.revoking import revoke
from models.certificates.sweeping import sweep
from models.enums import Role
from models.rounds.queries import product_by_name
from models.tables import Capacity, Certificate, EngineRun, Office, Person, WorkItem
from tests.integration.flows.conftest import Installation

pytestmark = pytest.mark.slow

OPENS = date(2025, 1, 20)
"""The old certificates of the story end on 15/07/2025: less than 180 days are left."""


def people_of(office: Installation) -> tuple[str, str, str]:
    """The certificate of a product, its producer's person and the officer of its commune."""
    with office.runner.transaction() as session:
        product = product_by_name(session, LAM_THAM)
        code = session.scalars(select(Certificate.code).where(Certificate.product_id == product.id)).one()
        commune = (
            select(Capacity.person_id)
            .join(Office)
            .where(Office.place_id == product.place_id, Capacity.role == Role.COMMUNE_OFFICER)
        )
        officer = session.scalars(select(Person.code).where(Person.id.in_(commune))).one()
        return code, f"chu-the-{product.producer.code}", officer


def test_case_of_a_certificate_is_a_run_that_waits_for_each_in_turn(office: Installation) -> None:
    code, producer, officer = people_of(office)
    about = f"{LAM_THAM} · {code}"
    renewal, finding = f"Đánh giá lại · {about}", f"Xem xét thu hồi 20/01/2025 · {about}"
    assert not any(tag.startswith("giấy:") for run in office.runs().values() for tag in run["tags"])

    office.runner.set_day(OPENS)
    with office.runner.transaction() as session:
        sweep(session, office.runner.clock.now())

    office.wait_until(renewal, "Chờ chủ thể nộp hồ sơ đánh giá lại")
    assert {f"giấy:{code}", "chặng:7-giám-sát"} <= set(office.runs()[renewal]["tags"])
    assert "15/07/2025" in office.message(renewal)
    declined = {"outcome": "not_renewing", "reason": "Chuyển nghề", "acting_person": producer}
    office.resume(renewal, declined).raise_for_status()
    office.wait_until(renewal, "Chờ UBND xã xác nhận còn sản xuất")
    stopped = {"outcome": "stopped", "confirmed_on": OPENS.isoformat(), "note": "Đã nghỉ", "acting_person": officer}
    office.resume(renewal, stopped).raise_for_status()
    office.wait_until(renewal, "Không đánh giá lại")
    assert office.message(renewal) == "Chủ thể không đánh giá lại."

    office.wait_until(finding, "Chờ nơi cấp quyết định thu hồi")
    office.runner.set_day(date(2025, 2, 10))
    office.runner.run_flow("watch/ocop", {}, "Theo dõi 10/02/2025")
    office.wait_until(finding, "Quá hạn: Chờ nơi cấp quyết định thu hồi")
    with office.runner.transaction() as session:
        who = actor(session, "dieu-phoi", Role.COORDINATOR, date(2025, 2, 10))
        revoke(session, code, "12/QĐ-UBND", date(2025, 2, 10), "A", who, office.runner.clock.now())
    office.wait_until(finding, "Đã thu hồi")
    assert office.message(finding) == "Thu hồi theo quyết định 12/QĐ-UBND ngày 10/02/2025."
    office.runner.settle()
    with office.runner.transaction() as session:
        mine = select(WorkItem.subject).where(WorkItem.certificate.has(code=code)).distinct()
        runs = session.scalars(select(EngineRun).where(EngineRun.subject.in_(mine))).all()
        assert [run.ended_at is not None for run in runs] == [True, True]
