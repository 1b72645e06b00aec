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
        row = self._session.get_one(InstanceSetting, KEY, populate_existing=True)
        return datetime.fromisoformat(row.value["now"]).astimezone(UTC)

    def today(self) -> date:
        """The stored day in Viet Nam."""
        return vn_date(self.now())


def clock_for(session: Session, settings: Settings) -> Clock:
    """The stored clock where the data ask for it (or `OCOP_CLOCK=stored`), else the system's."""
    row = session.get(InstanceSetting, KEY)
    stored = row is not None and (settings.clock == "stored" or row.value.get("kind") == "simulated")
    return StoredClock(session) if stored else SystemClock()


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
