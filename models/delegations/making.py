"""Making a delegation, ending it, listing all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.delegations.rules import NO_STAND_INS, PERSONAL_KINDS, PERSONAL_ROLES
from models.enums import Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, Problem
from models.process import step_definition
from models.process.kinds import StepKind
from models.tables import Capacity, Delegation, Person


@dataclass(frozen=True)
class DelegationRow:
    """One rule in a list."""

    id: int
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    kinds: list[str]
    kind_labels: list[str]
    valid_from: date
    valid_to: date
    reason: str
    state: str


def delegate(
    session: Session,
    giver: Person,
    taker: Person,
    kinds: Iterable[StepKind],
    valid_from: date,
    valid_to: date,
    reason: str,
    who: Actor,
    now: datetime,
) -> Delegation:
    """Let `taker` act in place of `giver` from one day to another, both included, for some kinds of work or for all.

    A rule whose days are over makes room for the new one.

    Raises:
        NotAllowedError: made by neither the person nor an administrator.
        InputError: days in the wrong order or past, no reason, work that is personal, somebody who may not stand in.
        ConflictError: the person has a rule that is not over.
    """
    _check_maker(giver, who)
    session.flush()
    session.refresh(giver, with_for_update=True)
    today, wanted = vn_date(now), list(dict.fromkeys(kinds))
    problems = _problems(session, giver, taker, wanted, valid_from, valid_to, reason, today)
    if problems:
        raise InputError.of(problems)
    _make_room(session, giver, now)
    rule = Delegation(
        from_person_id=giver.id,
        to_person_id=taker.id,
        kinds=[kind.value for kind in wanted],
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
        created_by_id=who.person_id,
        created_at=now,
    )
    session.add(rule)
    session.flush()
    facts = {"delegation": rule.id, "to": taker.code, "kinds": rule.kinds}
    days = {"from": valid_from.isoformat(), "until": valid_to.isoformat()}
    audit.record(session, who, "delegation.made", f"person:{giver.id}", now, reason=rule.reason, data=facts | days)
    return rule


def end_delegation(session: Session, giver: Person, who: Actor, now: datetime) -> Delegation:
    """End the rule of a person before its last day; what was done by it stays.

    Raises:
        NotAllowedError: neither of both people, nor an administrator.
        NotFoundError: there is none.
    """
    session.flush()
    session.refresh(giver, with_for_update=True)
    rule = _not_ended(session, giver)
    if rule is None:
        raise NotFoundError(
            f"{giver.name} không có ủy quyền nào đang có.", field="from", remedy="Xem danh sách: ocop delegate list."
        )
    if who.person_id != rule.to_person_id:
        _check_maker(giver, who)
    rule.ended_at = now
    session.flush()
    audit.record(session, who, "delegation.ended", f"person:{giver.id}", now, data={"delegation": rule.id})
    return rule


def delegation_rows(session: Session, on: date, *, ended: bool = False) -> list[DelegationRow]:
    """The rules that are not over on a day, or (`ended`) all there ever were; by who gave them."""
    query = select(Delegation).options(joinedload(Delegation.from_person), joinedload(Delegation.to_person))
    if not ended:
        query = query.where(Delegation.ended_at.is_(None), Delegation.valid_to >= on)
    rules = sorted(session.scalars(query), key=lambda rule: (rule.from_person.code, rule.id))
    return [_row(rule, on) for rule in rules]


def _row(rule: Delegation, on: date) -> DelegationRow:
    return DelegationRow(
        id=rule.id,
        from_code=rule.from_person.code,
        from_name=rule.from_person.name,
        to_code=rule.to_person.code,
        to_name=rule.to_person.name,
        kinds=list(rule.kinds),
        kind_labels=[step_definition(StepKind(kind)).label for kind in rule.kinds],
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        reason=rule.reason,
        state=_state(rule, on),
    )


def _state(rule: Delegation, on: date) -> str:
    if rule.holds_on(on):
        return "đang có hiệu lực"
    return "chưa đến ngày" if rule.ended_at is None and on < rule.valid_from else "đã kết thúc"


def _check_maker(giver: Person, who: Actor) -> None:
    own = who.person_id == giver.id and who.on_behalf_of is None
    if not own and who.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowedError(
            f"Ủy quyền của {giver.name} do chính người đó hoặc quản trị lập.",
            field="actor",
            remedy="Nhờ người đó hoặc quản trị.",
        )


def _problems(
    session: Session,
    giver: Person,
    taker: Person,
    kinds: list[StepKind],
    valid_from: date,
    valid_to: date,
    reason: str,
    today: date,
) -> list[Problem]:
    found = []
    if not reason.strip():
        found.append(Problem("reason", "thiếu lý do", "Ghi lý do, ví dụ: nghỉ phép, đi công tác."))
    if valid_to < max(valid_from, today):
        found.append(Problem("valid_to", "ngày cuối trước ngày đầu hoặc đã qua", "Chọn lại khoảng ngày."))
    if PERSONAL_KINDS & set(kinds):
        found.append(
            Problem("kinds", "phiếu chấm là ý kiến riêng của thành viên hội đồng, không ủy quyền được", "Bỏ loại này.")
        )
    span = (max(valid_from, today), valid_to)
    given = [capacity.role for capacity in _held_in(session, giver, *span) if capacity.role not in PERSONAL_ROLES]
    if not given:
        found.append(
            Problem(
                "from",
                f"{giver.name} không giữ vai trò nào ủy quyền được trong thời gian này",
                "Ghế hội đồng, quản trị, kiểm toán gắn với từng người; đổi thành viên bằng quyết định của hội đồng.",
            )
        )
    return [*found, *_taker_problems(session, giver, taker, given, span)]


def _taker_problems(
    session: Session, giver: Person, taker: Person, given: list[Role], span: tuple[date, date]
) -> list[Problem]:
    if taker.id == giver.id:
        return [Problem("to", "không ủy quyền cho chính mình", "Chọn người khác.")]
    if not taker.active:
        return [Problem("to", f"{taker.name} đã nghỉ", "Chọn người khác.")]
    staff = any(role is not Role.PRODUCER for role in given)
    own = {capacity.role for capacity in _held_in(session, taker, *span)}
    if staff and own <= NO_STAND_INS:
        labels = ", ".join(sorted(role.label for role in NO_STAND_INS))
        problem = f"{taker.name} không làm thay cán bộ được (không giữ vai trò nào, hoặc chỉ là: {labels})"
        return [Problem("to", problem, "Chọn một cán bộ của đơn vị.")]
    return []


def _held_in(session: Session, person: Person, start: date, end: date) -> list[Capacity]:
    query = select(Capacity).where(Capacity.person_id == person.id, Capacity.valid_from <= end)
    return [c for c in session.scalars(query) if c.valid_to is None or c.valid_to >= start]


def _make_room(session: Session, giver: Person, now: datetime) -> None:
    rule = _not_ended(session, giver)
    if rule is None:
        return
    if rule.valid_to >= vn_date(now):
        raise ConflictError(
            f"{giver.name} đã ủy quyền cho {rule.to_person.name} "
            f"({rule.valid_from:%d/%m/%Y} - {rule.valid_to:%d/%m/%Y}); mỗi lúc chỉ một ủy quyền.",
            field="from",
            remedy=f"Kết thúc ủy quyền đó trước: ocop delegate end {giver.code}.",
        )
    rule.ended_at = now
    session.flush()


def _not_ended(session: Session, giver: Person) -> Delegation | None:
    query = select(Delegation).where(Delegation.from_person_id == giver.id, Delegation.ended_at.is_(None))
    return session.scalar(query)
