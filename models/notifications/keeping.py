"""Channels kept by people: who may give, take away and try them (domain.md §9)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from models import audit
from models.accounts.managed import check_may_manage, is_hers
from models.actors import Actor
from models.clock import vn_date
from models.enums import Role, Takes
from models.errors import NotAllowedError, NotFoundError
from models.notifications.channels import add_channel, carrier_of, remove_channel
from models.notifications.composing import compose
from models.notifications.secrets import OWN_SERVER
from models.notifications.spreading import deliveries_for
from models.tables import Capacity, Channel, Notice, Office, Person

TRIAL_TEXT = (
    "Đây là thông báo thử của phần mềm điều hành chu trình OCOP. Nhận được thông báo này nghĩa là kênh hoạt động; "
    "không phải làm gì thêm."
)

KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""A channel is an address that the server calls: its owner asks one of these for it [ours]."""


def check_may_keep(session: Session, owner: Person | Office, who: Actor, on: date) -> None:
    """An administrator; a coordinator for her own people, her office, and the communes that it looks after.

    Raises:
        NotAllowedError: anyone else.
    """
    if who.role is Role.COORDINATOR and who.office_id is not None and isinstance(owner, Office):
        unit = Capacity(role=Role.COORDINATOR, office_id=owner.id)
        if is_hers(session, unit, who.office_id):
            return
    elif who.role is Role.COORDINATOR and isinstance(owner, Person):
        check_may_manage(session, owner, who, on)
        return
    if who.role is not Role.ADMINISTRATOR:
        raise NotAllowedError(
            f"Không được sửa kênh thông báo của {owner.name}.", field="actor", remedy="Nhờ quản trị hệ thống."
        )


def give_channel(
    session: Session, owner: Person | Office, url: str, takes: Takes, who: Actor, now: datetime
) -> Channel:
    """`add_channel` by somebody.

    Raises:
        NotAllowedError: as for `check_may_keep`.
        InputError: no address.
    """
    check_may_keep(session, owner, who, vn_date(now))
    return add_channel(session, owner, url, takes, who, now)


def take_channel(session: Session, channel_id: int, who: Actor, now: datetime) -> Channel:
    """`remove_channel` by somebody.

    Raises:
        NotAllowedError: as for `check_may_keep`.
        NotFoundError: there is none.
    """
    check_may_keep(session, owner_of(channel_by_id(session, channel_id)), who, vn_date(now))
    return remove_channel(session, channel_id, who, now)


def channel_by_id(session: Session, channel_id: int) -> Channel:
    """A channel of a person or an office that was not removed.

    Raises:
        NotFoundError: there is none.
    """
    channel = session.get(Channel, channel_id)
    if channel is None or not channel.enabled or channel.url == OWN_SERVER:
        raise NotFoundError(f"Không có kênh số {channel_id}.", field="channel", remedy="Mở lại trang kênh thông báo.")
    return channel


def choose(session: Session, channel_id: int, takes: Takes, person: Person, who: Actor, now: datetime) -> Channel:
    """Let a person say what one of the own channels takes: what is told at once, the daily digest, or both.

    Raises:
        NotFoundError: the person has none of this number.
    """
    channel = channel_by_id(session, channel_id)
    if channel.person_id != person.id:
        raise NotFoundError(f"Không có kênh số {channel_id}.", field="channel", remedy="Mở lại trang tài khoản.")
    if channel.takes is not takes:
        before, channel.takes = channel.takes, takes
        data = {"before": before.value, "after": takes.value}
        audit.record(session, who, "channel.takes-changed", f"channel:{channel.id}", now, data=data)
    return channel


def owner_of(channel: Channel) -> Person | Office:
    """To whom the channel belongs.

    Raises:
        NotFoundError: to nobody: it is the installation's own.
    """
    owner = channel.person or channel.office
    if owner is None:
        raise NotFoundError("Không có kênh này.", field="channel", remedy="Mở lại trang kênh thông báo.")
    return owner


def try_out(session: Session, channel_id: int, who: Actor, now: datetime) -> Channel:
    """Send a message by one channel now, past its pause; the list of channels tells what came of it.

    Raises:
        NotAllowedError: as for `check_may_keep`.
        NotFoundError: there is none.
    """
    channel = channel_by_id(session, channel_id)
    real, owner = datetime.now(UTC), owner_of(channel)
    check_may_keep(session, owner, who, vn_date(now))
    payload = {"what": "test", "text": TRIAL_TEXT}
    message = compose(session, payload, owner.name, now).message
    notice = Notice(
        key=f"notify:test:{channel.id}:{real.isoformat()}",
        what=payload["what"],
        payload=payload,
        person_id=channel.person_id,
        office_id=channel.office_id,
        told_on=vn_date(now),
        told_at=now,
        subject=message.subject,
        text=message.text,
        read_at=now,
    )
    session.add(notice)
    notice.deliveries = deliveries_for(session, notice, [channel], channel.takes, real)
    for row in {channel, carrier_of(session, channel)}:
        row.next_try_at = None
    audit.record(session, who, "channel.tried", f"channel:{channel.id}", now)
    session.flush()
    return channel
