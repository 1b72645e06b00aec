"""Trouble with the machinery is told to coordinators: the first time and at the end, not in between."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OutboxKind
from models.rounds.queries import round_by_code
from models.signals import run_of
from models.steps.whose import CASE_TABLES, CertificateCaseRow
from models.tables import AuditEntry, OutboxMessage, PlannedInspection, RenewalCandidate, Revocation
from models.trouble import tell_run_trouble, tell_worker_away
from tests.factories import HANDED_IN, LONGAN, ROUND, at, submit
from tests.scenarios.test_certificate_life import old_one

RUN = "0f9d1f5e-0000-0000-0000-000000000001"


def told(session: Session, what: str) -> list[dict[str, Any]]:
    query = select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)
    return [one for one in session.scalars(query) if one.get("what") == what]


def trouble(session: Session, *, again: bool, number: int) -> None:
    tell_run_trouble(session, RUN, "Bánh gai", "ValueError", again=again, number=number, now=HANDED_IN)


def test_run_of_a_dossier_names_its_attempt(session: Session) -> None:
    attempt = submit(session)
    run_of(session, f"attempt:{attempt.id}").flow_run_id = RUN

    trouble(session, again=True, number=1)

    (one,) = told(session, "run-failed")
    assert (one["attempt"], one["to"]) == (attempt.id, ["coordinator"])
    assert one["text"] == "Lượt chạy «Bánh gai» gặp lỗi («ValueError»). Hệ thống đã tự chạy lại."


@pytest.mark.parametrize("table", list(CASE_TABLES.values()))
def test_run_of_a_case_of_a_certificate_names_the_certificate(
    session: Session, table: type[CertificateCaseRow]
) -> None:
    old_one(session, "2021-09-20", LONGAN)  # the ids of the case and of its certificate differ
    certificate = old_one(session, "2021-09-20")
    facts: dict[type[Any], dict[str, Any]] = {
        RenewalCandidate: {"opened_on": HANDED_IN.date(), "file_by": HANDED_IN.date()},
        PlannedInspection: {"planned_on": HANDED_IN.date()},
        Revocation: {"ground": "label", "finding": "Nhãn sai", "found_on": HANDED_IN.date(), "regime": "qd148-2023"},
    }
    case = table(certificate_id=certificate.id, **facts[table])
    session.add(case)
    session.flush()
    run_of(session, case.subject).flow_run_id = RUN

    trouble(session, again=True, number=1)

    (one,) = told(session, "run-failed")
    assert one["certificate"] == certificate.id
    assert not {"round", "attempt"} & set(one)


def test_run_of_a_round_names_the_round(session: Session) -> None:
    round_ = round_by_code(session, ROUND)
    run_of(session, f"round:{round_.id}").flow_run_id = RUN

    trouble(session, again=True, number=1)

    (one,) = told(session, "run-failed")
    assert one["round"] == round_.id


def test_between_the_first_time_and_the_last_only_the_audit_trail_knows(session: Session) -> None:
    for number in (1, 2, 3):
        trouble(session, again=True, number=number)
    trouble(session, again=False, number=3)

    assert [one["number"] for one in told(session, "run-failed")] == [1, 3]
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject == f"run:{RUN}")).all()
    assert acts == ["run.started-again"] * 3 + ["run.given-up"]


def test_absence_of_workers_is_told_from_when_to_when(session: Session) -> None:
    for _ in range(2):
        tell_worker_away(session, "ocop", at("2024-07-08", 9), at("2024-07-08", 11))

    (one,) = told(session, "worker-offline")
    assert one["text"].startswith(
        "Tiến trình xử lý của nhóm «ocop» đã ngừng từ 09:00 ngày 08/07/2024; chạy lại lúc 11:00 ngày 08/07/2024."
    )
