"""Which clock an installation goes by: the system's, or the day kept with its data (demo, training)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from models.clock import Clock, SystemClock, vn_date
from models.settings import Settings, settings
from models.tables import InstanceSetting

KEY = "clock"


class StoredClock:
    """The time that the database says it is; asked anew each time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def now(self) -> datetime:
        """The stored instant."""
        return _told(self._session.get_one(InstanceSetting, KEY, populate_existing=True))

    def today(self) -> date:
        """The stored day in Viet Nam."""
        return vn_date(self.now())


def clock_for(session: Session, settings: Settings) -> Clock:
    """The stored clock where the data ask for it (or `OCOP_CLOCK=stored`), else the system's."""
    return StoredClock(session) if _is_stored(session.get(InstanceSetting, KEY), settings) else SystemClock()


def office_moment(session: Session, settings: Settings) -> tuple[datetime, bool]:
    """What time it is by that clock, and whether the data's days are simulated: one look for both."""
    row = session.get(InstanceSetting, KEY)
    now = _told(row) if row is not None and _is_stored(row, settings) else SystemClock().now()
    return now, row is not None and _is_simulated(row)


def office_time(session: Session, moment: datetime) -> datetime:
    """What the office's clock says at a moment of the clock on the wall: the same, unless its time is simulated."""
    clock = clock_for(session, settings())
    return clock.now() if isinstance(clock, StoredClock) else moment


def set_stored_now(session: Session, now: datetime) -> None:
    """Make it `now` for this installation, and simulated from here on."""
    value = {"kind": "simulated", "now": now.astimezone(UTC).isoformat()}
    row = session.get(InstanceSetting, KEY)
    if row is None:
        session.add(InstanceSetting(key=KEY, value=value))
    else:
        row.value = value
    session.flush()


def _told(row: InstanceSetting) -> datetime:
    return datetime.fromisoformat(row.value["now"]).astimezone(UTC)


def _is_stored(row: InstanceSetting | None, settings: Settings) -> bool:
    return row is not None and (settings.clock == "stored" or _is_simulated(row))


def _is_simulated(row: InstanceSetting) -> bool:
    return row.value.get("kind") == "simulated"
