"""Opening a round: from then on dossiers are received and its run is under way."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM, Actor
from models.clock import VN_TZ, vn_date
from models.enums import Labelled, OutboxKind, Role, RoundStatus
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.offices.owning import check_own_office
from models.rounds.carrying import settle_carries
from models.rounds.queries import round_by_code
from models.rounds.telling import tell_round
from models.signals import signal
from models.steps.addressing import check_round_units
from models.subjects import round_subject
from models.tables import AuditEntry, OutboxMessage, Person, Round


class PlannedOpening(Labelled):
    """What became of a round on the morning that its plan names."""

    OPENED = "opened", "Đã mở theo kế hoạch"
    UNDER_WAY = "under_way", "Đã mở từ trước"
    TOO_EARLY = "too_early", "Chưa đến ngày mở"
    MISSED = "missed", "Đã quá thời gian nhận hồ sơ, không tự mở"
    NOT_SET_UP = "not_set_up", "Chưa khai báo đủ đơn vị, không tự mở"


def open_round(session: Session, code: str, who: Actor, now: datetime) -> Round:
    """Open a planned round and start its run; opening an open round changes nothing.

    Raises:
        NotFoundError: no such round.
        NotAllowedError: not a coordinator of the office whose plan it is.
        WrongMomentError: the round is past its registration, by its state or by its dates.
        InputError: units that have to act in the round are not set up (all are listed).
    """
    round_ = round_by_code(session, code)
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được mở đợt.", field="actor", remedy="Dùng tài khoản có vai trò điều phối."
        )
    check_own_office(session, round_.plan.office, who, "mở đợt này")
    if round_.status is RoundStatus.OPEN:
        return round_
    if round_.status is not RoundStatus.PLANNED:
        raise WrongMomentError(
            f"{round_.title} đang ở trạng thái «{round_.status.label}» nên không mở lại được.",
            field="round",
            remedy="Chọn đợt còn theo kế hoạch: ocop round list.",
        )
    if vn_date(now) > round_.registration_closes_on:
        raise WrongMomentError(
            f"{round_.title} chỉ nhận hồ sơ đến ngày {round_.registration_closes_on:%d/%m/%Y}; nay mở cũng muộn.",
            field="round",
            remedy="Sửa các ngày của đợt trong tệp kế hoạch rồi nhập lại: ocop plan import.",
        )
    _open(session, round_, who, now)
    return round_


def open_as_planned(session: Session, round_id: int, now: datetime) -> PlannedOpening:
    """Open a round on the day that its plan names, in the name of the system on the ground of the plan [ours].

    The plan is a coordinator's act; the audit entry names who imported it. Never before its day and never once its
    registration window is past: then the coordinator is told, once for each date. Twice is once.
    """
    round_, today = session.get_one(Round, round_id), vn_date(now)
    if round_.status is not RoundStatus.PLANNED:
        return PlannedOpening.UNDER_WAY
    if today < round_.opens_on:
        return PlannedOpening.TOO_EARLY
    if today > round_.registration_closes_on:
        _tell_missed(session, round_)
        return PlannedOpening.MISSED
    try:
        check_round_units(session, round_)
    except InputError as error:
        _tell_not_set_up(session, round_, error, today)
        return PlannedOpening.NOT_SET_UP
    _open(session, round_, SYSTEM, now, reason=_ground(session, round_))
    return PlannedOpening.OPENED


def rounds_to_open(session: Session) -> list[Round]:
    """The rounds of all plans that nobody has opened yet, in order of their days."""
    query = select(Round).where(Round.status == RoundStatus.PLANNED).order_by(Round.opens_on, Round.id)
    return list(session.scalars(query))


def missed_openings(session: Session, today: date) -> list[Round]:
    """The rounds that should be open by now and are not, except those whose coordinator was told already."""
    told = set(
        session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.like("notify:round:%:round-missed:%")))
    )
    return [r for r in rounds_to_open(session) if r.opens_on <= today and _missed_key(r) not in told]


def _open(session: Session, round_: Round, who: Actor, now: datetime, reason: str = "") -> None:
    check_round_units(session, round_)
    round_.status = RoundStatus.OPEN
    subject = round_subject(round_.id)
    audit.record(session, who, "round.opened", subject, now, reason=reason)
    tell_round(session, round_, "opened")
    signal(session, subject, "opened")
    settle_carries(session, now, who)


def _ground(session: Session, round_: Round) -> str:
    query = (
        select(AuditEntry.at, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(AuditEntry.subject == f"plan:{round_.plan_id}", AuditEntry.act == "plan.imported")
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    by = f", {found.name} nhập ngày {found.at.astimezone(VN_TZ):%d/%m/%Y}" if found is not None and found.name else ""
    return f"Mở theo kế hoạch năm {round_.plan.year}{by}."


def _tell_not_set_up(session: Session, round_: Round, error: InputError, today: date) -> None:
    what = " ".join(problem.problem for problem in error.problems)
    text = f"{round_.title} chưa tự mở được. {what} Khai báo xong (ocop office import) thì mở: ocop round open."
    facts = {"what": "round-not-set-up", "round": round_.id, "text": text, "to": [Role.COORDINATOR.value]}
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:round:{round_.id}:not-set-up:{today}", facts)


def _missed_key(round_: Round) -> str:
    return f"notify:round:{round_.id}:round-missed:{round_.opens_on}"


def _tell_missed(session: Session, round_: Round) -> None:
    text = (
        f"{round_.title} theo kế hoạch mở ngày {round_.opens_on:%d/%m/%Y} nhưng hệ thống không chạy lúc đó, "
        f"và thời gian nhận hồ sơ đã hết ngày {round_.registration_closes_on:%d/%m/%Y}. Đợt không được tự mở. "
        "Nếu vẫn tổ chức đợt này, hãy nhập lại kế hoạch với ngày mới: ocop plan import."
    )
    facts = {"what": "round-missed", "round": round_.id, "opens_on": round_.opens_on.isoformat()}
    outbox.put(
        session, OutboxKind.NOTIFICATION, _missed_key(round_), facts | {"text": text, "to": [Role.COORDINATOR.value]}
    )
