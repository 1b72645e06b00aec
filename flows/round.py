"""The round flow: one round is one run; its batch work (session, decisions) is done by its own steps."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.procedure import round_procedure
from flows.reaching import SUPERSEDED, Engine, follow
from models.database import transaction
from models.office_clock import clock_for
from models.settings import settings
from models.steps.cases import mark_run_ended
from models.subjects import round_subject
from tasks.board import publish_board
from tasks.monitoring import hand_over

ENDS = {
    "Kết thúc đợt": "Đã có quyết định; sản phẩm chuyển sang giám sát.",
    "Không họp hội đồng": "Đợt không họp hội đồng; hồ sơ chưa sẵn sàng chuyển đợt sau.",
}
"""What the end of a round means, by the name that the procedure gives it."""


@flow(name="round", persist_result=False, validate_parameters=False)
async def evaluation_round(round_id: int) -> State[Any]:
    """Outreach, registration window, council, decision, hand-over to monitoring; safe to run again at any time."""
    subject = round_subject(round_id)
    end = await follow(Engine(subject), round_procedure)
    if end == SUPERSEDED:
        return Completed(name=SUPERSEDED, message="Đợt đang chạy tiếp ở lượt chạy mới hơn.")
    await hand_over(round_id)
    await publish_board(round_id)
    with transaction() as session:
        mark_run_ended(session, subject, clock_for(session, settings()).now())
    return Completed(name="Đã kết thúc đợt", message=ENDS.get(end, end))
