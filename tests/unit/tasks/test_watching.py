"""What the watch wants runs to show."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.sweeping import sweep
from models.process.kinds import StepKind
from models.signals import run_of
from models.tables import WorkItem
from tasks.watching import _to_show
from tests.factories import at
from tests.scenarios.test_certificate_life import old_one

RUN = UUID("00000000-0000-0000-0000-000000000007")


def test_run_of_a_case_with_two_late_items_shows_the_most_late(session: Session) -> None:
    old_one(session, "2022-06-15")  # ends 15/06/2025; the notice is due on 16/05/2025
    sweep(session, at("2024-12-17"))
    notice = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.RENEWAL_NOTICE)).one()
    run_of(session, notice.subject).flow_run_id = str(RUN)

    early, late = _to_show(session, date(2025, 5, 16)), _to_show(session, date(2025, 6, 16))

    assert early == []
    (shown,) = late
    assert (shown.run_id, shown.state_name) == (RUN, "Quá hạn: Chờ gửi thông báo sắp hết hiệu lực")
    assert "quá-hạn" in shown.tags
