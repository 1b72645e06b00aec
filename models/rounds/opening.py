"""Opening a round: from then on dossiers are received and its run is under way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import VN_TZ
from models.enums import Role, RoundStatus
from models.errors import NotAllowedError, WrongMomentError
from models.rounds.carrying import settle_carries
from models.rounds.queries import round_by_code
from models.rounds.telling import tell_round
from models.signals import signal
from models.steps.addressing import check_round_units
from models.subjects import round_subject
from models.tables import Round


def open_round(session: Session, code: str, who: Actor, now: datetime) -> Round:
    """Open a planned round and start its run; opening an open round changes nothing.

    Raises:
        NotFoundError: no such round.
        NotAllowedError: not a coordinator.
        WrongMomentError: the round is past its registration, by its state or by its dates.
        InputError: units that have to act in the round are not set up (all are listed).
    """
    round_ = round_by_code(session, code)
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được mở đợt.", field="actor", remedy="Dùng tài khoản có vai trò điều phối."
        )
    if round_.status is RoundStatus.OPEN:
        return round_
    if round_.status is not RoundStatus.PLANNED:
        raise WrongMomentError(
            f"{round_.title} đang ở trạng thái «{round_.status.label}» nên không mở lại được.",
            field="round",
            remedy="Chọn đợt còn theo kế hoạch: ocop round list.",
        )
    if now.astimezone(VN_TZ).date() > round_.registration_closes_on:
        raise WrongMomentError(
            f"{round_.title} chỉ nhận hồ sơ đến ngày {round_.registration_closes_on:%d/%m/%Y}; nay mở cũng muộn.",
            field="round",
            remedy="Sửa các ngày của đợt trong tệp kế hoạch rồi nhập lại: ocop plan import.",
        )
    check_round_units(session, round_)
    round_.status = RoundStatus.OPEN
    subject = round_subject(round_.id)
    audit.record(session, who, "round.opened", subject, now)
    tell_round(session, round_, "opened")
    signal(session, subject, "opened")
    settle_carries(session, now, who)
    return round_
