"""From the outbox to a real mailbox and a real webhook: once a person and channel, and nothing is dropped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import outbox
from models.actors import SYSTEM
from models.clock import vn_date
from models.database import transaction
from models.enums import ItemStatus, OutboxKind, Takes
from models.notifications.channels import FAILURES_TO_BREAK, add_channel, channel_rows, remove_channel
from models.notifications.inbox import inbox, sending_status
from models.notifications.sending import LEASE, claim, note_not_sent, note_sent, something_waits
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import Channel, CouncilSession, Delivery, Notice, Office, OutboxMessage, Person, WorkItem
from models.work_items.ladder import climb
from tasks.sending import Sent, send_all, waiting
from tests.factories import CAKE, CALLED, CHECKED, accepted, at, opened, session_with
from tests.receivers import MailReceiver, WebReceiver, mail_receiver
from tests.unit.notifications.conftest import Configure

OFFICER, HEAD = "cb-xa-tho-dien", "ct-xa-tho-dien"
DOMAIN = "@tho-xuan.example"


@pytest.fixture
def late(url: str) -> str:
    """An office in which the commune of the rice cake is one day late."""
    with transaction(url) as session:
        opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    on_day(url, "2024-07-24")
    return url


def on_day(url: str, day: str) -> None:
    """Make it that day, and let the watch look."""
    with transaction(url) as session:
        set_stored_now(session, at(day))
        list(climb(session, at(day), vn_date(at(day))))


def change(url: str, act: Callable[[Session], object]) -> None:
    with transaction(url) as session:
        act(session)


def later(url: str) -> None:
    """All pauses are over."""
    with transaction(url) as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(Delivery).values(next_try_at=past, claimed_until=None))
        session.execute(update(Channel).where(Channel.next_try_at.is_not(None)).values(next_try_at=past))


def person(session: Session, code: str = OFFICER) -> Person:
    return session.scalars(select(Person).where(Person.code == code)).one()


def deliveries(url: str) -> list[Delivery]:
    with transaction(url) as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def tell_officer(url: str, key: str, text: str = "Có tin mới cho xã.") -> None:
    def act(session: Session) -> None:
        attempt = session.scalars(select(WorkItem).where(WorkItem.attempt_id.is_not(None))).all()[0].attempt_id
        payload = {"what": "news", "attempt": attempt, "text": text, "to": ["commune_officer"]}
        outbox.put(session, OutboxKind.NOTIFICATION, key, payload)

    change(url, act)


def test_late_item_leads_to_one_mail_to_the_officer(late: str, mail: MailReceiver) -> None:
    send_all(url=late)

    (letter,) = mail.letters
    assert letter["To"] == f"{OFFICER}{DOMAIN}"
    assert letter["Subject"] == f"Quá hạn 1 ngày làm việc – Đánh giá cấp xã – {CAKE} (xã Thọ Diên)"
    assert letter["From"] == "Điều hành chu trình OCOP <ocop@tho-xuan.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "thứ Ba 23/07/2024 – quá hạn 1 ngày làm việc" in text.get_content()
    assert "thứ Ba 23/07/2024 – quá hạn 1 ngày làm việc" in html.get_content()
    (delivery,) = deliveries(late)
    assert (letter["Message-ID"], delivery.sent_at is not None, delivery.tries) == (delivery.message_id, True, 1)
    assert delivery.subject == letter["Subject"]


def test_sending_again_sends_nothing(late: str, mail: MailReceiver) -> None:
    send_all(url=late)
    assert not waiting(late)

    assert send_all(url=late) == Sent(0, 0, 0)
    on_day(late, "2024-07-25")
    send_all(url=late)

    assert len(mail.letters) == 1


def test_each_rung_goes_up_the_ladder_by_mail(late: str, mail: MailReceiver) -> None:
    for day in ("2024-07-24", "2024-07-26", "2024-07-30", "2024-08-02"):
        on_day(late, day)
        send_all(url=late)

    to = [letter["To"].removesuffix(DOMAIN) for letter in mail.letters]
    assert to == [OFFICER, HEAD, "chanh-vp", "dieu-phoi", "lanh-dao"]


def test_work_done_before_sending_is_noted_and_not_sent(late: str, mail: MailReceiver) -> None:
    mail.answers = ["451 busy"]
    send_all(url=late)

    def done(session: Session) -> None:
        item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COMMUNE_ASSESSMENT)).one()
        item.status, item.closed_at = ItemStatus.DONE, at("2024-07-24", 15)

    change(late, done)
    later(late)
    send_all(url=late)

    assert mail.letters == []
    assert [d.skipped_because for d in deliveries(late)] == ["Việc đã xong ngày 24/07/2024."]
    with transaction(late) as session:
        rows = [row for row in inbox(session, person(session)) if "Quá hạn" in row.subject]
        assert [row.sent for row in rows] == ["không gửi: Việc đã xong ngày 24/07/2024."]


def test_work_done_before_spreading_is_kept_in_the_inbox_as_not_sent(late: str, mail: MailReceiver) -> None:
    def done(session: Session) -> None:
        item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COMMUNE_ASSESSMENT)).one()
        item.status, item.closed_at = ItemStatus.DONE, at("2024-07-24", 15)

    change(late, done)
    send_all(url=late)

    assert mail.letters == []
    with transaction(late) as session:
        texts = [row.text.split("\n")[0] for row in inbox(session, person(session)) if "Quá hạn" in row.subject]
        assert texts == ["Không gửi: Việc đã xong ngày 24/07/2024."]


def test_person_without_channel_keeps_it_in_the_inbox_and_the_coordinator_hears(late: str, mail: MailReceiver) -> None:
    change(late, lambda session: setattr(person(session), "email", None))

    send_all(url=late)

    assert mail.letters == []
    with transaction(late) as session:
        mine = inbox(session, person(session), unread_only=True)
        assert [row.sent for row in mine if "Quá hạn" in row.subject] == ["chỉ trong hộp thư đến"]
        heard = [row.subject for row in inbox(session, person(session, "dieu-phoi"))]
        assert f"Lê Thị Mai ({OFFICER}) chưa có kênh nhận thông báo nào" in heard[0]
        assert sending_status(session).without_channel == [f"Lê Thị Mai ({OFFICER})"]


def test_without_any_way_out_the_coordinators_hear_once(late: str, configured: Configure) -> None:
    send_all(url=late)
    on_day(late, "2024-07-26")
    send_all(url=late)

    with transaction(late) as session:
        about = [n.key for n in session.scalars(select(Notice)) if n.what in {"no-mail-server", "unreachable"}]
        assert about == ["notify:no-mail-server"] * 2  # two coordinators
        assert len(inbox(session, person(session))) == 2  # new work, overdue


def test_nobody_to_tell_keeps_the_row_with_the_reason(late: str, mail: MailReceiver) -> None:
    change(late, lambda session: session.execute(update(Person).values(active=False)))

    send_all(url=late)

    with transaction(late) as session:
        faults = sending_status(session).faults
        assert any("Không có ai để báo" in fault for fault in faults)
        session.execute(update(Person).values(active=True))
        session.execute(update(OutboxMessage).values(next_try_at=datetime.now(UTC)))
    send_all(url=late)
    assert mail.to(f"{OFFICER}{DOMAIN}") != []


def test_faulty_row_does_not_hold_up_the_others(late: str, mail: MailReceiver) -> None:
    change(
        late,
        lambda s: outbox.put(s, OutboxKind.NOTIFICATION, "notify:0", {"what": "rung", "item": 999, "rung": "overdue"}),
    )

    send_all(url=late)

    assert len(mail.letters) == 1
    with transaction(late) as session:
        (fault,) = sending_status(session).faults
        assert fault.startswith("notify:0: NoResultFound")


def test_channels_of_a_person_each_get_it_once(late: str, mail: MailReceiver, web: WebReceiver) -> None:
    hook = f"json://127.0.0.1:{web.port}/hook/s3cr3t"
    change(late, lambda session: add_channel(session, person(session), hook, Takes.ALL, SYSTEM, at("2024-07-24")))

    send_all(url=late)
    send_all(url=late)

    ((path, _headers, body),) = web.posted
    assert path == "/hook/s3cr3t"
    assert body["title"] == mail.letters[0]["Subject"]
    assert "Kính gửi Lê Thị Mai" in body["message"]
    assert len(mail.letters) == 1


def test_office_channel_gets_one_message_for_all_its_people(late: str, mail: MailReceiver, web: WebReceiver) -> None:
    def act(session: Session) -> None:
        office = session.scalars(select(Office).where(Office.code == "vpdp")).one()
        add_channel(session, office, f"json://127.0.0.1:{web.port}/office", Takes.ALL, SYSTEM, at("2024-07-24"))

    change(late, act)
    on_day(late, "2024-07-30")

    send_all(url=late)

    assert [body["title"].split(":")[0] for _p, _h, body in web.posted] == ["Báo văn phòng điều phối"]
    assert "Kính gửi Văn phòng Điều phối" in web.posted[0][2]["message"]


def test_channel_for_the_digest_gets_nothing_at_once(late: str, mail: MailReceiver, web: WebReceiver) -> None:
    hook = f"json://127.0.0.1:{web.port}/hook"
    change(late, lambda session: add_channel(session, person(session), hook, Takes.DIGEST, SYSTEM, at("2024-07-24")))

    send_all(url=late)

    assert (len(web.posted), len(mail.letters)) == (0, 1)


def test_sender_that_died_sends_again_under_the_same_name(late: str, mail: MailReceiver) -> None:
    class DiedError(BaseException):
        """As SIGKILL between sending and noting."""

    def carry_and_die(outgoing: object) -> str:
        from models.settings import settings
        from tasks.carriers.carrying import Carriers

        with Carriers(settings()) as carriers:
            carriers.carry(outgoing)  # type: ignore[arg-type]
        raise DiedError

    with pytest.raises(DiedError):
        send_all(carry_and_die, late)
    assert send_all(url=late).sent == 0  # in hand until the claim runs out

    later(late)
    send_all(url=late)

    assert len(mail.letters) == 2
    assert len(mail.kept) == 1


def test_claim_holds_for_a_while_and_runs_out(late: str, mail: MailReceiver) -> None:
    def no(_outgoing: object) -> str:
        raise SystemExit

    with pytest.raises(SystemExit):
        send_all(no, late)
    now = datetime.now(UTC)
    with transaction(late) as session:
        assert claim(session, at("2024-07-24"), now) == []
        assert not something_waits(session, now)
        assert something_waits(session, now + LEASE + timedelta(seconds=5))
        assert len(claim(session, at("2024-07-24"), now + LEASE + timedelta(seconds=5))) == 1


def test_mail_server_down_for_days_loses_nothing(late: str, configured: Configure) -> None:
    with mail_receiver() as gone:
        pass
    configured(smtp_url=gone.url)
    for number in range(FAILURES_TO_BREAK):
        tell_officer(late, f"notify:test:{number}", f"Tin số {number}.")
        later(late)
        send_all(url=late)
    with transaction(late) as session:
        (broken,) = [row for row in channel_rows(session) if row.broken_since is not None]
        assert (broken.owner, broken.address) == ("máy chủ thư của phần mềm", "OCOP_SMTP_URL")
        assert sending_status(session).waiting == 6
    send_all(url=late)  # tells the coordinators in their inboxes, which need no server
    with transaction(late) as session:
        told = [row.subject for row in inbox(session, person(session, "dieu-phoi"))]
        assert any(subject.startswith("Kênh thông báo số") for subject in told)

    with mail_receiver(gone.port) as back:
        assert not waiting(late)  # it rests
        later(late)
        send_all(url=late)
        assert sorted(s for s in back.to(f"{OFFICER}{DOMAIN}") if s.startswith("Tin")) == [
            f"Tin số {number} – {CAKE}" for number in range(FAILURES_TO_BREAK)
        ]
        assert len(back.kept) == len(back.letters)
    with transaction(late) as session:
        assert [row for row in channel_rows(session) if row.broken_since is not None] == []
        assert sending_status(session).waiting == 0


def test_server_in_trouble_is_tried_once_a_round_not_once_a_letter(late: str, mail: MailReceiver) -> None:
    for number in range(5):
        tell_officer(late, f"notify:test:{number}")
    mail.refuse = dict.fromkeys([f"{OFFICER}{DOMAIN}"], "450 try later")

    sent = send_all(url=late)

    assert sent.put_off == 1
    assert [d.tries for d in deliveries(late)] == [1, 0, 0, 0, 0, 0]


def test_address_refused_for_good_breaks_only_that_channel(late: str, mail: MailReceiver) -> None:
    mail.refuse = {f"{OFFICER}{DOMAIN}": "550 no such user"}
    send_all(url=late)
    on_day(late, "2024-07-26")
    send_all(url=late)

    with transaction(late) as session:
        (broken,) = [row for row in channel_rows(session) if row.broken_since is not None]
        assert broken.owner_code == OFFICER
        assert "550 no such user" in (broken.last_error or "")
    assert f"{HEAD}{DOMAIN}" in {letter["To"] for letter in mail.letters}

    mail.refuse = {}
    later(late)
    send_all(url=late)
    assert len(mail.to(f"{OFFICER}{DOMAIN}")) == 1


def test_letter_that_only_is_refused_is_given_up_and_stays_in_the_inbox(late: str, mail: MailReceiver) -> None:
    tell_officer(late, "notify:test:1")
    send_all(url=late)
    tell_officer(late, "notify:bad", "Tin bị chặn.")
    mail.refuse_words = {"Tin bị chặn": "554 content refused"}
    for _ in range(3):
        later(late)
        send_all(url=late)
    tell_officer(late, "notify:test:2", "Tin sau.")
    later(late)
    send_all(url=late)

    assert f"Tin sau – {CAKE}" in mail.to(f"{OFFICER}{DOMAIN}")
    with transaction(late) as session:
        (row,) = [row for row in inbox(session, person(session)) if row.subject.startswith("Tin bị chặn")]
        assert row.sent == "không gửi: Nơi nhận từ chối: máy chủ thư trả lời 554 content refused"


def test_removed_channel_forgets_its_address_and_what_waits(late: str, mail: MailReceiver) -> None:
    secret = "json://127.0.0.1:9/s3cr3t-path"
    change(late, lambda session: add_channel(session, person(session), secret, Takes.ALL, SYSTEM, at("2024-07-24")))
    send_all(url=late)

    def act(session: Session) -> None:
        channel = session.scalars(select(Channel).where(Channel.url == secret)).one()
        remove_channel(session, channel.id, SYSTEM, at("2024-07-24"))

    change(late, act)

    assert not waiting(late)
    assert [d.skipped_because for d in deliveries(late)] == [None, "Kênh đã bị gỡ."]
    with transaction(late) as session:
        assert all("s3cr3t" not in channel.url for channel in session.scalars(select(Channel)))


def test_mail_follows_the_person_to_a_new_address(late: str, mail: MailReceiver) -> None:
    mail.refuse = {f"{OFFICER}{DOMAIN}": "550 no such user"}
    send_all(url=late)
    change(late, lambda session: setattr(person(session), "email", "moi@tho-xuan.example"))
    tell_officer(late, "notify:test:1")

    send_all(url=late)
    later(late)
    send_all(url=late)

    assert len(mail.to("moi@tho-xuan.example")) == 2


def test_meeting_is_sent_with_an_invitation_that_updates(url: str, mail: MailReceiver) -> None:
    from models.notifications.invitations import invite

    with transaction(url) as session:
        session_with(session)
        set_stored_now(session, CALLED)
    send_all(url=url)
    first = [letter for letter in mail.letters if letter["Subject"].startswith("Giấy mời")]

    def move(session: Session) -> None:
        meeting = session.scalars(select(CouncilSession)).one()
        invite(session, meeting)  # nothing changed: nothing is told
        meeting.held_on = date(2024, 9, 13)
        invite(session, meeting)

    change(url, move)
    send_all(url=url)
    second = [letter for letter in mail.letters if letter["Subject"].startswith("Đổi lịch họp")]

    assert (len(first), len(second)) == (8, 8)
    events: list[Any] = []
    for letter in (first[0], second[0]):
        (attachment,) = letter.iter_attachments()
        assert attachment.get_content_type() == "text/calendar"
        calendar = icalendar.Calendar.from_ical(attachment.get_content())
        events.append(calendar.walk("VEVENT")[0])
    assert events[0]["UID"] == events[1]["UID"]
    assert [(e["SEQUENCE"], e.start) for e in events] == [(0, date(2024, 9, 12)), (1, date(2024, 9, 13))]


def test_no_secret_reaches_log_or_row(
    late: str, mail: MailReceiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = ["S3cr3tHook", "AAt0ken-of-the-bot-0123456789abcdefg", "Passw0rd!"]
    urls = [
        "json://127.0.0.1:9/S3cr3tHook",
        "tgram://123456789:AAt0ken-of-the-bot-0123456789abcdefg/12345",
        "mailto://user:Passw0rd%21@127.0.0.1:9?to=a@b.example&from=c@d.example",
    ]
    for each in urls:
        with transaction(late) as session:
            add_channel(session, person(session), each, Takes.ALL, SYSTEM, at("2024-07-24"))
    with caplog.at_level(logging.DEBUG):
        send_all(url=late)

    with transaction(late) as session:
        kept = [str((c.last_error, d.last_error)) for d in session.scalars(select(Delivery)) for c in [d.channel]]
        shown = str(channel_rows(session)) + str(session.scalars(select(OutboxMessage.payload)).all())
    for secret in [*secrets, "Passw0rd%21"]:
        assert secret not in "".join(kept) + shown + caplog.text + "".join(capfd.readouterr())
    assert len(deliveries(late)) == 4
    assert sum(d.last_error is not None for d in deliveries(late)) == 3


def test_notes_are_those_of_the_delivery(late: str, mail: MailReceiver) -> None:
    def act(session: Session) -> None:
        from models.notifications.spreading import spread

        now = datetime.now(UTC)
        spread(session, at("2024-07-24"), now)
        (one,) = claim(session, at("2024-07-24"), now)
        note_not_sent(session, one.delivery_id, "bận", now, final=False)
        delivery = session.get_one(Delivery, one.delivery_id)
        assert (delivery.tries, delivery.last_error, delivery.done, delivery.claimed_until) == (1, "bận", False, None)
        assert delivery.next_try_at == now + timedelta(seconds=30)
        note_sent(session, one.delivery_id, now)
        assert (delivery.tries, delivery.last_error, delivery.done, delivery.sent_at) == (2, None, True, now)

    change(late, act)
