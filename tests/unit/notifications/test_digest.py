"""The digest: once a person and day, what could wait and the open work, never on a day off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.database import transaction
from models.notifications.digest import Gathered, digest
from models.notifications.inbox import inbox
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import Channel, Delivery, Person
from tasks.sending import send_all, spread_all
from tests.factories import CAKE, CANDY, CHECKED, accepted, at, opened
from tests.receivers import MailReceiver, mail_receiver
from tests.unit.notifications.conftest import Configure

OFFICER = "cb-xa-tho-dien@tho-xuan.example"


@pytest.fixture
def waiting_office(url: str) -> str:
    """The communes of two products have to assess them by 23/07/2024."""
    with transaction(url) as session:
        for product in (CAKE, CANDY):
            opened(session, accepted(session, product), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    return url


def make(url: str, day: str) -> list[Gathered]:
    """The digest of a day, as the flow makes it."""
    with transaction(url) as session:
        set_stored_now(session, at(day, 8))
    spread_all(url)
    with transaction(url) as session:
        found = digest(session, at(day, 8), datetime.now(UTC))
    send_all(url=url)
    return found


def change(url: str, act: Callable[[Session], object]) -> None:
    with transaction(url) as session:
        act(session)


def bodies(mail: MailReceiver, address: str = OFFICER) -> list[str]:
    found = [letter.get_body(("plain",)) for letter in mail.letters if letter["To"] == address]
    return [body.get_content() for body in found if body is not None]


def test_new_work_waits_for_the_digest(waiting_office: str, mail: MailReceiver) -> None:
    send_all(url=waiting_office)
    assert mail.letters == []

    made = make(waiting_office, "2024-07-10")

    assert Gathered("Lê Thị Mai", 1, 1) in made
    (body,) = bodies(mail)
    assert f"Việc mới: Đánh giá cấp xã – {CAKE} (xã Thọ Diên), hạn thứ Ba 23/07/2024" in body
    assert f"23/07/2024 (còn 9 ngày làm việc): Đánh giá cấp xã – {CAKE}" in body
    assert CANDY not in body


def test_digest_of_a_day_is_made_once(waiting_office: str, mail: MailReceiver) -> None:
    first = make(waiting_office, "2024-07-10")
    letters = len(mail.letters)

    assert make(waiting_office, "2024-07-10") == []
    assert len(first) == letters == len(mail.letters)


@pytest.mark.parametrize("day", ["2024-07-13", "2024-07-14", "2024-09-02"])
def test_there_is_none_on_a_day_off(waiting_office: str, mail: MailReceiver, day: str) -> None:
    assert make(waiting_office, day) == []
    assert mail.letters == []


def test_working_saturday_has_one(waiting_office: str, mail: MailReceiver) -> None:
    def worked(session: Session) -> None:
        from models.notifications.matters import coordination_office

        office = coordination_office(session, date(2024, 7, 13))
        office.settings = {
            **office.settings,
            "calendar": {"working_days": [{"date": "2024-07-13", "reason": "Làm bù"}]},
        }

    change(waiting_office, worked)

    assert make(waiting_office, "2024-07-13") != []


def test_nothing_new_and_nothing_urgent_is_no_digest_in_midweek(waiting_office: str, mail: MailReceiver) -> None:
    make(waiting_office, "2024-07-10")

    assert make(waiting_office, "2024-07-11") == []  # Thursday
    assert Gathered("Lê Thị Mai", 0, 1) in make(waiting_office, "2024-07-15")  # Monday: all open work
    assert Gathered("Lê Thị Mai", 0, 1) in make(waiting_office, "2024-07-18")  # due in three working days


def test_late_work_comes_first_and_is_counted(waiting_office: str, mail: MailReceiver) -> None:
    make(waiting_office, "2024-07-24")

    assert mail.to(OFFICER) == ["Tổng hợp 24/07/2024: 1 thông báo mới, 1 việc đang chờ (1 quá hạn)"]
    assert "! 23/07/2024 (quá hạn 1 ngày làm việc)" in bodies(mail)[0]


def test_digests_of_days_when_the_server_was_down_become_one(waiting_office: str, configured: Configure) -> None:
    with mail_receiver() as gone:
        pass
    configured(smtp_url=gone.url)
    make(waiting_office, "2024-07-22")
    make(waiting_office, "2024-07-23")
    with mail_receiver(gone.port) as back:
        past = datetime.now(UTC) - timedelta(seconds=1)
        change(waiting_office, lambda s: s.execute(update(Delivery).values(next_try_at=past)))
        change(waiting_office, lambda s: s.execute(update(Channel).values(next_try_at=None)))
        make(waiting_office, "2024-07-24")

        assert back.to(OFFICER) == ["Tổng hợp 24/07/2024: 1 thông báo mới, 1 việc đang chờ (1 quá hạn)"]
        assert "Việc mới: Đánh giá cấp xã" in bodies(back)[0]
    with transaction(waiting_office) as session:
        skipped = [d.skipped_because for d in session.scalars(select(Delivery)) if d.skipped_because]
        assert set(skipped) == {"Gộp vào bản tổng hợp ngày 24/07/2024."}


def test_gathered_notices_stay_in_the_inbox(waiting_office: str, mail: MailReceiver) -> None:
    make(waiting_office, "2024-07-10")

    with transaction(waiting_office) as session:
        person = session.scalars(select(Person).where(Person.code == "cb-xa-tho-dien")).one()
        assert [row.sent for row in inbox(session, person)] == ["trong bản tổng hợp"]


def test_person_without_channel_has_none_and_keeps_what_is_new(waiting_office: str, configured: Configure) -> None:
    assert make(waiting_office, "2024-07-10") == []

    with mail_receiver() as receiver:
        configured(smtp_url=receiver.url)
        assert Gathered("Lê Thị Mai", 1, 1) in make(waiting_office, "2024-07-11")
