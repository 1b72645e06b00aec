"""Channels of people and offices: adding, listing, removing; when one counts as broken, and when it works again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import Actor
from models.clock import VN_TZ
from models.enums import OutboxKind, Takes
from models.errors import InputError, NotFoundError
from models.notifications.addresses import check_address
from models.notifications.secrets import OWN_SERVER, PERSON_MAIL, scrubbed, shown
from models.settings import settings
from models.tables import Channel, Delivery, Office, Person

FAILURES_TO_BREAK = 5
"""Failures in a row after which a channel counts as broken and the coordinators are told [ours]."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
"""Pause after a failure; it doubles."""

REMOVED = "Kênh đã bị gỡ."


@dataclass(frozen=True)
class ChannelRow:
    """One channel in a list: its address without secrets, how it does, how many deliveries wait."""

    id: int
    owner: str
    owner_code: str
    address: str
    takes: str
    takes_label: str
    enabled: bool
    broken_since: datetime | None
    last_error: str | None
    last_sent_at: datetime | None
    waiting: int


def owner_by_code(session: Session, person: str | None, office: str | None) -> Person | Office:
    """The person or the office with this code.

    Raises:
        InputError: not exactly one of both is named.
        NotFoundError: there is none.
    """
    if (person is None) == (office is None):
        raise InputError("Nêu một người hoặc một đơn vị.", field="person", remedy="Thêm --person MÃ hoặc --office MÃ.")
    if person is not None:
        found = session.scalar(select(Person).where(Person.code == person))
        if found is None:
            remedy = "Xem danh sách: ocop person list."
            raise NotFoundError(f"Không có người dùng «{person}».", field="person", remedy=remedy)
        return found
    unit = session.scalar(select(Office).where(Office.code == office))
    if unit is None:
        raise NotFoundError(f"Không có đơn vị «{office}».", field="office", remedy="Xem tệp danh mục đơn vị.")
    return unit


def add_channel(session: Session, owner: Person | Office, url: str, takes: Takes, who: Actor, now: datetime) -> Channel:
    """Give a person or an office a channel; the same address again is switched on and counts as mended.

    Raises:
        InputError: no address that any carrier can read (what it leads to is tried by `ocop notify test`).
    """
    check_address(url.strip())
    channel = next((c for c in channels_of(session, owner, enabled=False) if c.url == url.strip()), None)
    if channel is None:
        channel = Channel(url=url.strip(), **_owner_key(owner))
        session.add(channel)
    channel.takes, channel.enabled = takes, True
    _mended(channel)
    session.flush()
    facts = {"channel": channel.id, "address": shown(channel.url)}
    audit.record(session, who, "channel.added", f"channel:{channel.id}", now, data=facts)
    return channel


def remove_channel(session: Session, channel_id: int, who: Actor, now: datetime) -> Channel:
    """Take a channel away: its address is forgotten, what waits for it stays in the inbox.

    Raises:
        NotFoundError: there is none.
    """
    channel = session.get(Channel, channel_id)
    if channel is None or channel.url.startswith(OWN_SERVER):
        raise NotFoundError(f"Không có kênh số {channel_id}.", field="channel", remedy="Xem: ocop notify channel list.")
    address = shown(channel.url)
    channel.enabled, channel.url, channel.last_error = False, f"{address}#{channel.id}", None
    channel.broken_since = channel.next_try_at = None
    session.execute(
        update(Delivery)
        .where(Delivery.channel_id == channel.id, Delivery.done.is_(False))
        .values(done=True, skipped_because=REMOVED)
    )
    audit.record(session, who, "channel.removed", f"channel:{channel.id}", now, data={"address": address})
    return channel


def channels_of(session: Session, owner: Person | Office, *, enabled: bool = True) -> list[Channel]:
    """The channels of a person (with the own mail address, when there is a server to send by) or of an office."""
    if isinstance(owner, Person):
        _ensure_own_mail(session, owner)
    key, number = next(iter(_owner_key(owner).items()))
    query = select(Channel).where(getattr(Channel, key) == number).order_by(Channel.id)
    return list(session.scalars(query.where(Channel.enabled) if enabled else query))


def carrier_of(session: Session, channel: Channel) -> Channel:
    """Whose failure it is when a whole server does not work: the installation's for a person's own mail address."""
    return own_server(session) if channel.url.startswith(PERSON_MAIL) else channel


def own_server(session: Session) -> Channel:
    """The row that says how the installation's mail server does (the migration made it)."""
    return session.scalars(select(Channel).where(Channel.person_id.is_(None), Channel.office_id.is_(None))).one()


def note_success(session: Session, channel: Channel, at: datetime) -> None:
    """It works: what waited because of failures is due now."""
    for row in {channel, carrier_of(session, channel)}:
        if row.failures or row.broken_since or row.next_try_at:
            _mended(row)
            waits_for_it = Channel.url.startswith(PERSON_MAIL) if row.url == OWN_SERVER else Channel.id == row.id
            session.execute(
                update(Delivery)
                .where(Delivery.done.is_(False), Delivery.channel_id.in_(select(Channel.id).where(waits_for_it)))
                .values(next_try_at=at)
            )
        row.last_sent_at = at


def note_failure(session: Session, channel: Channel, why: str, *, final: bool, at: datetime) -> None:
    """It did not work; after several times, or at once when trying again is of no use, it counts as broken.

    Broken, it is tried more seldom and the coordinators are told, once each time it breaks.
    """
    channel.failures += 1
    channel.last_error = scrubbed(why, channel.url)[:500]
    channel.next_try_at = at + (LONGEST_PAUSE if final else pause_after(channel.failures))
    if channel.broken_since is not None or not (final or channel.failures >= FAILURES_TO_BREAK):
        return
    channel.broken_since = at
    owner = owner_name(channel)
    text = (
        f"Kênh thông báo số {channel.id} của {owner} ({shown(channel.url)}) không gửi được từ "
        f"{at.astimezone(VN_TZ):%H:%M %d/%m/%Y}. Lỗi: {channel.last_error}. Thông báo vẫn nằm trong hộp thư đến của "
        "người nhận và sẽ được gửi khi kênh hoạt động lại. Kiểm tra bằng: ocop notify status, ocop notify test."
    )
    facts = {"what": "channel-broken", "channel": channel.id, "text": text}
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:channel:{channel.id}:broken:{at.isoformat()}", facts)


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return min(FIRST_PAUSE * int(2 ** min(failures - 1, 12)), LONGEST_PAUSE)


def owner_name(channel: Channel) -> str:
    """To whom it belongs, in words."""
    if channel.person is not None:
        return channel.person.name
    return channel.office.name if channel.office is not None else "máy chủ thư của phần mềm"


def channel_rows(session: Session, owner: Person | Office | None = None) -> list[ChannelRow]:
    """All channels (of one owner) that were not removed, broken ones first; the own mail server where it is used."""
    used = or_(Channel.url != OWN_SERVER, Channel.last_sent_at.is_not(None), Channel.last_error.is_not(None))
    query = select(Channel).where(Channel.enabled, used).order_by(Channel.broken_since.is_(None), Channel.id)
    query = query.filter_by(**_owner_key(owner)) if owner is not None else query
    return [_row(session, channel) for channel in session.scalars(query)]


def broken_channels(session: Session) -> list[ChannelRow]:
    """The channels that do not work at present."""
    return [row for row in channel_rows(session) if row.broken_since is not None]


def any_way_out(session: Session) -> bool:
    """Whether anybody at all can be reached outside the inbox."""
    owned = or_(Channel.person_id.is_not(None), Channel.office_id.is_not(None))
    known = session.scalar(select(Channel.id).where(Channel.enabled, owned).limit(1))
    return settings().smtp_url is not None or known is not None


def _row(session: Session, channel: Channel) -> ChannelRow:
    waiting = select(Delivery.id).where(Delivery.channel_id == channel.id, Delivery.done.is_(False))
    return ChannelRow(
        id=channel.id,
        owner=owner_name(channel),
        owner_code=channel.person.code if channel.person else channel.office.code if channel.office else "",
        address=shown(channel.url),
        takes=channel.takes.value,
        takes_label=channel.takes.label,
        enabled=channel.enabled,
        broken_since=channel.broken_since,
        last_error=channel.last_error,
        last_sent_at=channel.last_sent_at,
        waiting=len(session.scalars(waiting).all()),
    )


def _owner_key(owner: Person | Office) -> dict[str, int]:
    return {"person_id": owner.id} if isinstance(owner, Person) else {"office_id": owner.id}


def _ensure_own_mail(session: Session, person: Person) -> None:
    """A person's mail address is a channel while the installation has a server; it follows the address."""
    query = select(Channel).where(Channel.person_id == person.id, Channel.url.startswith(PERSON_MAIL))
    channel = session.scalar(query.limit(1))
    usable = bool(person.email) and settings().smtp_url is not None
    if channel is None and usable:
        session.add(Channel(person_id=person.id, url=f"{PERSON_MAIL}{person.email}"))
    elif channel is not None and person.email and channel.url != f"{PERSON_MAIL}{person.email}":
        channel.url = f"{PERSON_MAIL}{person.email}"
        _mended(channel)
    session.flush()


def _mended(channel: Channel) -> None:
    channel.failures, channel.broken_since, channel.next_try_at, channel.last_error = 0, None, None, None
