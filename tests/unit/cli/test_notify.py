"""`ocop notify`: channels without their secrets, trying them, the inbox, the digest and the calendar by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from sqlalchemy import select

from models.clock import vn_date
from models.database import transaction
from models.notifications.secrets import OWN_SERVER
from models.process.kinds import StepKind
from models.settings import settings
from models.tables import Channel
from models.work_items.ladder import climb
from tasks.sending import spread_all
from tests.factories import CAKE, CHECKED, accepted, at, opened
from tests.receivers import MailReceiver, WebReceiver, mail_receiver, web_receiver
from tests.unit.cli.conftest import Ocop, set_day

TELEGRAM = f"tgram://123456789:{'a' * 34}/1"


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailReceiver]:
    with mail_receiver() as receiver:
        monkeypatch.setenv("OCOP_SMTP_URL", receiver.url)
        yield receiver


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def late(office: str) -> str:
    """The commune of the rice cake is one day late, and the watch has seen it."""
    with transaction(office) as session:
        opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)
        list(climb(session, at("2024-07-24"), vn_date(at("2024-07-24"))))
    set_day(office, 2024, 7, 24)
    return office


def test_channel_is_added_tried_listed_and_removed_without_showing_its_secret(
    office: str, ocop: Ocop, web: WebReceiver
) -> None:
    url = f"json://127.0.0.1:{web.port}/s3cr3t"
    added = ocop("notify", "channel", "add", url, "--person", "dieu-phoi", "--json").json
    tried = ocop("notify", "test", "dieu-phoi", "--json").json
    listed = ocop("notify", "channel", "list")
    removed = ocop("notify", "channel", "remove", str(added["id"]))

    assert (added["owner"], added["address"], added["takes"]) == (
        "Lê Thị Hương",
        f"json://127.0.0.1:{web.port}/***",
        "all",
    )
    assert tried == [
        {"channel": added["id"], "owner": "Lê Thị Hương", "address": added["address"], "sent": True, "error": ""}
    ]
    assert "thông báo thử" in web.posted[0][2]["message"]
    assert "gửi được lúc" in listed.out
    assert removed.status == 0
    assert "s3cr3t" not in str(added) + str(tried) + listed.out + removed.out
    assert ocop("notify", "channel", "list", "--json").json == []


def test_channel_of_an_office_takes_what_it_is_told(office: str, ocop: Ocop) -> None:
    row = ocop("notify", "channel", "add", TELEGRAM, "--office", "vpdp", "--takes", "digest", "--json").json

    assert (row["owner_code"], row["takes"], row["address"]) == ("vpdp", "digest", "tgram://***")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("add", "json://x/y"), "person"),
        (("add", "json://x/y", "--person", "dieu-phoi", "--office", "vpdp"), "person"),
        (("add", "json://x/y", "--person", "ai"), "person"),
        (("add", "rubbish", "--person", "dieu-phoi"), "url"),
        (("add", "foo://x", "--person", "dieu-phoi"), "url"),
        (("add", "json://x/y", "--person", "dieu-phoi", "--takes", "some"), "--takes"),
        (("remove", "77"), "channel"),
    ],
)
def test_wrong_channel_is_refused(office: str, ocop: Ocop, arguments: tuple[str, ...], field: str) -> None:
    run = ocop("notify", "channel", *arguments, "--json")

    assert (run.status, run.problems[0][0]) == (2, field)


def test_failed_trial_says_why_and_shows_in_status(office: str, ocop: Ocop, web: WebReceiver) -> None:
    web.answers = [(404, "no")]
    url = f"json://127.0.0.1:{web.port}/s3cr3t"
    number = ocop("notify", "channel", "add", url, "--person", "dieu-phoi", "--json").json["id"]

    tried = ocop("notify", "test", "--channel", str(number))
    status = ocop("notify", "status")

    assert tried.status == 3
    assert "không gửi được" in tried.out
    assert "1 kênh, 1 kênh đang hỏng" in status.out
    assert "s3cr3t" not in tried.out + status.out
    assert ocop("notify", "test", "--channel", str(number)).status == 0  # works again
    assert "1 kênh, 0 kênh đang hỏng" in ocop("notify", "status").out


def test_broken_channel_is_shown_by_status_of_the_rounds(late: str, ocop: Ocop, web: WebReceiver) -> None:
    web.answers = [(404, "no")]
    ocop("notify", "channel", "add", f"json://127.0.0.1:{web.port}/x", "--person", "dieu-phoi")
    ocop("notify", "test", "dieu-phoi")

    assert f"⚠ 1 kênh thông báo đang hỏng: Lê Thị Hương (json://127.0.0.1:{web.port}/***)" in ocop("status").out


def test_trial_needs_somebody_who_can_be_reached(office: str, ocop: Ocop) -> None:
    assert ocop("notify", "test", "--json").problems == [("PERSON", "Nêu người hoặc kênh cần thử.")]
    assert ocop("notify", "test", "dieu-phoi", "--json").problems == [("PERSON", "Không có kênh nào để thử.")]


def test_sending_by_hand_and_the_inbox(late: str, ocop: Ocop, mail: MailReceiver) -> None:
    assert ocop("notify", "send", "--json").json["sent"] == 1
    rows = ocop("notify", "inbox", "cb-xa-tho-dien", "--unread", "--json").json
    ocop("notify", "inbox", "--as", "cb-xa-tho-dien", "--read")

    assert [row["subject"].split(" – ")[0] for row in rows] == ["Quá hạn 1 ngày làm việc", "Việc mới: Đánh giá cấp xã"]
    assert [row["sent"] for row in rows] == ["đã gửi 1 kênh", "chờ bản tổng hợp"]
    assert ocop("notify", "inbox", "cb-xa-tho-dien", "--unread", "--json").json == []
    assert ocop("notify", "inbox", "lanh-dao", "--json").json == []
    assert [letter["To"] for letter in mail.letters] == ["cb-xa-tho-dien@tho-xuan.example"]


def test_digest_by_hand_is_made_and_sent_once(late: str, ocop: Ocop, mail: MailReceiver) -> None:
    first = ocop("notify", "digest", "--json").json
    again = ocop("notify", "digest", "--json").json

    assert {"recipient": "Lê Thị Mai", "news": 1, "open": 1} in first["digests"]
    assert (again["digests"], again["sent"]) == ([], 0)
    assert len(mail.to("cb-xa-tho-dien@tho-xuan.example")) == 2  # overdue, digest


def test_calendar_is_an_icalendar_file_and_its_token_can_be_renewed(late: str, ocop: Ocop) -> None:
    calendar = icalendar.Calendar.from_ical(ocop("notify", "calendar", "cb-xa-tho-dien").out.replace("\n", "\r\n"))
    token = ocop("notify", "calendar", "cb-xa-tho-dien", "--token").out
    renewed = ocop("notify", "calendar", "cb-xa-tho-dien", "--renew").out

    assert [str(e["SUMMARY"]) for e in calendar.walk("VEVENT")] == [f"Hạn: Đánh giá cấp xã – {CAKE} (xã Thọ Diên)"]
    assert token not in {"", renewed}
    assert ocop("notify", "calendar", "cb-xa-tho-dien", "--token").out == renewed


def test_channels_of_the_office_file_are_added_once(data: str, home: Path, ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(
        "from_day: 2024-01-01\n"
        "offices:\n"
        "  - {code: vp, name: Văn phòng, kind: coordination, level: district,\n"
        "     channels: [{url: 'json://h.example/s3cr3t', takes: digest}]}\n"
        "people:\n"
        f"  - {{code: a, name: An, role: coordinator, office: vp, channels: [{{url: '{TELEGRAM}'}}]}}\n",
        encoding="utf-8",
    )
    for _ in range(2):
        assert ocop("office", "import", str(file)).status == 0

    with transaction(data) as session:
        rows = session.scalars(select(Channel).where(Channel.url != OWN_SERVER).order_by(Channel.id))
        found = [(c.url, c.takes.value, c.person is None) for c in rows]
    assert found == [("json://h.example/s3cr3t", "digest", True), (TELEGRAM, "all", False)]


def test_wrong_channel_in_the_office_file_is_refused_without_showing_it(data: str, ocop: Ocop, tmp_path: Path) -> None:
    file = tmp_path / "office.yaml"
    file.write_text(
        "from_day: 2024-01-01\n"
        "offices: [{code: vp, name: Văn phòng, kind: coordination, level: district, channels: [{url: s3cr3t}]}]\n",
        encoding="utf-8",
    )

    run = ocop("office", "import", str(file), "--json")

    assert (run.status, run.problems[0][0]) == (2, "offices[0].channels[0].url")
    assert "s3cr3t" not in run.out


def test_shell_without_the_mail_server_leaves_its_mail_to_the_system_that_has_it(
    late: str, ocop: Ocop, mail: MailReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.cache_clear()
    spread_all(late)  # the running system has found whom to send to
    monkeypatch.delenv("OCOP_SMTP_URL")

    without = ocop("notify", "send", "--json").json
    status = ocop("notify", "status", "--json").json
    monkeypatch.setenv("OCOP_SMTP_URL", mail.url)
    sent = ocop("notify", "send", "--json").json

    assert (without["sent"], without["put_off"]) == (0, 0)
    assert [row["last_error"] for row in status["channels"] if row["last_error"]] == []
    assert sent["sent"] == status["waiting"] == len(mail.letters) > 0
