"""Keeping people up to date: what they act as, how they are reached; who may do that (domain.md §9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.accounts.managed import check_may_manage, is_hers
from models.actors import Actor
from models.clock import vn_date
from models.enums import Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from models.notifications.channels import channels_of
from models.offices.people import add_person
from models.tables import Capacity, Office, Person, Producer

NOT_FOR_COORDINATORS = {Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER}
"""Roles that only an administrator gives and ends: they stand over the coordinator, or look at the office's work."""


def appoint(
    session: Session,
    code: str,
    name: str,
    role: Role,
    who: Actor,
    now: datetime,
    *,
    on: date,
    office: str | None = None,
    producer: str | None = None,
    title: str = "",
) -> Person:
    """`add_person` by somebody: administrators appoint everybody, coordinators people of their own units.

    Raises:
        NotAllowedError: anyone else, or a role or unit that is not the coordinator's to give.
        InputError, NotFoundError: as for `add_person`.
    """
    if role is Role.SYSTEM:
        raise InputError("Không phân công vai trò này.", field="role", remedy="Chọn vai trò khác.")
    if who.role is not Role.ADMINISTRATOR:
        unit = session.scalar(select(Office.id).where(Office.code == office)) if office else None
        maker = session.scalar(select(Producer.id).where(Producer.code == producer)) if producer else None
        _check_coordinator(session, Capacity(role=role, office_id=unit, producer_id=maker), who)
    return add_person(session, code, name, role, who, now, on=on, office=office, producer=producer, title=title)


def end_capacity(session: Session, capacity_id: int, last_day: date, reason: str, who: Actor, now: datetime) -> Person:
    """Let a capacity end with `last_day`; one that has not begun on that day counts for no day at all.

    Open items stay where they are: hand them over first (`ocop person handover`).

    Raises:
        NotFoundError: no such capacity.
        NotAllowedError: not an administrator, nor a coordinator whose unit it is.
        InputError: no reason, or a day before yesterday: what was done since is not undone.
        ConflictError: it ended already, or it is the last administrator's.
    """
    capacity = session.get(Capacity, capacity_id)
    if capacity is None:
        raise NotFoundError("Không có vai trò này.", field="capacity", remedy="Mở lại trang của người đó.")
    if who.role is not Role.ADMINISTRATOR:
        _check_coordinator(session, capacity, who)
    today = vn_date(now)
    if not reason.strip():
        raise InputError("Thiếu lý do.", field="reason", remedy="Ghi lý do, ví dụ: chuyển công tác.")
    if last_day < today - timedelta(days=1):
        raise InputError(
            f"Ngày {last_day:%d/%m/%Y} đã qua.",
            field="last_day",
            remedy="Chọn từ hôm qua (thôi ngay) trở đi; việc đã làm trong thời gian trước vẫn có giá trị.",
        )
    if capacity.valid_to is not None and capacity.valid_to < today:
        raise ConflictError("Vai trò này đã kết thúc.", field="capacity", remedy="Mở lại trang của người đó.")
    if capacity.role is Role.ADMINISTRATOR and not _other_administrator(
        session, capacity, last_day + timedelta(days=1)
    ):
        raise ConflictError("Đây là quản trị duy nhất.", field="capacity", remedy="Phân công một quản trị khác trước.")
    capacity.valid_to = last_day
    facts = {"role": capacity.role.value, "capacity": capacity.id, "last_day": last_day.isoformat()}
    audit.record(session, who, "person.role_ended", f"person:{capacity.person_id}", now, reason=reason, data=facts)
    session.flush()
    return capacity.person


def set_contact(
    session: Session, person: Person, email: str | None, phone: str | None, who: Actor, now: datetime
) -> None:
    """Change how a person is reached; notices by mail go to the new address from now on.

    Raises:
        NotAllowedError: not the person, an administrator, or a coordinator of this person.
        InputError: something that is no address.
    """
    if who.person_id != person.id:
        check_may_manage(session, person, who, vn_date(now))
    if email is not None and ("@" not in email or any(sign.isspace() or sign in '<>,;"' for sign in email)):
        raise InputError(
            "không phải thư điện tử", field="email", remedy="Ví dụ: ten@tinh.gov.vn; để trống nếu không có."
        )
    changed = [name for name, new in (("email", email), ("phone", phone)) if getattr(person, name) != new]
    person.email, person.phone = email, phone
    session.flush()
    channels_of(session, person)
    if changed:
        audit.record(session, who, "person.contact", f"person:{person.id}", now, data={"changed": changed})


def may_appoint_somebody(who: Actor) -> bool:
    """Whether there is anybody that who acts may appoint."""
    return who.role is Role.ADMINISTRATOR or (who.role is Role.COORDINATOR and who.office_id is not None)


def _check_coordinator(session: Session, capacity: Capacity, who: Actor) -> None:
    hers = who.role is Role.COORDINATOR and who.office_id is not None and is_hers(session, capacity, who.office_id)
    if not hers or capacity.role in NOT_FOR_COORDINATORS:
        raise NotAllowedError(
            f"Không được phân công hay thôi vai trò «{capacity.role.label}» ở đơn vị này.",
            field="role",
            remedy="Quản trị phân công được mọi vai trò; cán bộ điều phối chỉ cho văn phòng, xã và chủ thể mình.",
        )


def _other_administrator(session: Session, capacity: Capacity, on: date) -> bool:
    query = (
        select(Capacity)
        .join(Person)
        .where(Capacity.role == Role.ADMINISTRATOR, Capacity.id != capacity.id, Person.active)
    )
    return any(other.holds_on(on) for other in session.scalars(query))
