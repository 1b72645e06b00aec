"""Step 5, convening: the session with its agenda."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import outbox
from models.actors import Actor
from models.clock import VN_TZ
from models.dossiers.attempts import dossier_by_code
from models.enums import ItemStatus, OutboxKind, Role
from models.errors import InputError, Problem
from models.forms import CouncilConveningForm
from models.notifications.invitations import invite
from models.process.kinds import StepKind
from models.rounds.carrying import carry_unready
from models.steps.addressing import council_of
from models.steps.council_sheets import open_sheets
from models.subjects import attempt_subject, item_key
from models.tables import CouncilSession, DossierAttempt, Round, SessionProduct, WorkItem
from models.work_items.closing import find_item


def convene(session: Session, item: WorkItem, form: CouncilConveningForm, who: Actor, now: datetime) -> None:
    """Make the session with its agenda and give every member a sheet for every product.

    What is in progress and not on the agenda goes on in the next round. Without a session all of it does, and the
    round ends.

    Raises:
        InputError: dossiers that do not wait for the council, or a day in the past (all are listed); no session
            although dossiers wait for one.
    """
    round_ = item.round
    if form.outcome == "not_held":
        _do_without(session, round_, form, who, now)
        return
    if form.day < now.astimezone(VN_TZ).date():
        raise InputError("Ngày họp đã qua.", field="held_on", remedy="Chọn ngày từ hôm nay trở đi.")
    attempts = _waiting_attempts(session, item, form.dossiers)
    number = session.scalar(
        select(func.count()).select_from(CouncilSession).where(CouncilSession.round_id == round_.id)
    )
    meeting = CouncilSession(
        round=round_,
        council=council_of(session, round_.plan.office),
        number=(number or 0) + 1,
        held_on=form.day,
        place=form.place,
        products=[SessionProduct(attempt=a, position=i) for i, a in enumerate(attempts, start=1)],
    )
    session.add(meeting)
    session.flush()
    for product in meeting.products:
        open_sheets(session, item, product, now)
    invite(session, meeting)
    session.refresh(round_, ["sessions"])
    carry_unready(session, round_, who, now)


def _do_without(session: Session, round_: Round, form: CouncilConveningForm, who: Actor, now: datetime) -> None:
    ready = select(WorkItem).where(
        WorkItem.round_id == round_.id,
        WorkItem.kind == StepKind.COUNCIL_EVALUATION,
        WorkItem.status == ItemStatus.OPEN,
    )
    codes = [item.case.dossier.code for item in session.scalars(ready.order_by(WorkItem.id))]
    if codes:
        raise InputError(
            f"{len(codes)} hồ sơ đang chờ hội đồng của đợt: {', '.join(codes)}.",
            field="outcome",
            remedy="Triệu tập hội đồng cho các hồ sơ này.",
        )
    carry_unready(session, round_, who, now, f"Đợt không họp hội đồng: {form.reason}")
    text = f"{round_.title} kết thúc mà không họp hội đồng. Lý do: {form.reason}"
    facts = {"what": "round-without-session", "round": round_.id, "text": text}
    to = [Role.COORDINATOR.value, Role.LEADER.value]
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:round:{round_.id}:without-session", facts | {"to": to})


def _waiting_attempts(session: Session, item: WorkItem, codes: list[str]) -> list[DossierAttempt]:
    attempts, problems = [], []
    for index, code in enumerate(dict.fromkeys(codes)):
        attempt = dossier_by_code(session, code).latest
        waiting = find_item(session, item_key(attempt_subject(attempt.id), StepKind.COUNCIL_EVALUATION, 1))
        if attempt.round_id != item.round_id or waiting is None or waiting.status is not ItemStatus.OPEN:
            problems.append(
                Problem(
                    f"dossiers[{index}]",
                    f"hồ sơ {code} chưa sẵn sàng cho hội đồng của đợt này",
                    "Bỏ hồ sơ này khỏi danh sách, hoặc hoàn tất các bước trước.",
                )
            )
        attempts.append(attempt)
    if problems:
        raise InputError.of(problems)
    return attempts
