"""On a real server, worker and SMTP server: a late item leads to a mail, without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from tests.integration.flows.conftest import Installation, installed
from tests.receivers import MailReceiver, mail_receiver

pytestmark = pytest.mark.slow

OFFICER = "cb-xa-xuan-giang@tho-xuan.example"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailReceiver]:
    with mail_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, mail: MailReceiver) -> Iterator[Installation]:
    """Played until the communes have to assess the dossiers of round 1, the worker sending to the receiver."""
    home = tmp_path_factory.mktemp("ocop")
    with installed(home, tmp_path_factory, smtp_url=SecretStr(mail.url)) as played:
        played.runner.play(date(2024, 3, 12))
        yield played


def test_late_item_leads_to_a_mail_with_a_link_to_its_run(office: Installation, mail: MailReceiver) -> None:
    office.runner.set_day(date(2024, 3, 27))
    office.runner.run_flow("watch/ocop", {}, "Theo dõi 27/03/2024")
    office.runner.wait_for("thư", lambda: len(mail.to(OFFICER)) or None)

    assert mail.to(OFFICER)[0].startswith("Quá hạn 1 ngày làm việc – Đánh giá cấp xã – Nem mẹ Nhi gói (xã Xuân Giang)")
    letter = next(letter for letter in mail.letters if letter["To"] == OFFICER)
    body = letter.get_body(("plain",))
    assert body is not None
    run = office.runs()["Nem mẹ Nhi gói · Xuân Giang · lần 1"]
    assert f"{office.stack.url}/runs/flow-run/{run['id']}" in body.get_content()


def test_message_told_between_watches_leaves_by_a_run_of_its_own(office: Installation, mail: MailReceiver) -> None:
    from models import outbox
    from models.enums import OutboxKind

    before = set(office.runs())
    with office.runner.transaction() as session:
        for number in range(3):
            payload = {"what": "news", "text": f"Tin số {number}.", "to": ["coordinator"]}
            outbox.put(session, OutboxKind.NOTIFICATION, f"notify:test:{number}", payload)

    office.runner.wait_for("thư", lambda: 1 if len(mail.to("dieu-phoi@tho-xuan.example")) >= 3 else None)

    (sending,) = [name for name in set(office.runs()) - before if name.startswith("Gửi thông báo")]
    office.wait_until(sending, "Completed")
    assert {"Tin số 0", "Tin số 1", "Tin số 2"} <= set(mail.to("dieu-phoi@tho-xuan.example"))


def test_digest_goes_out_once_a_day_and_not_on_days_off(office: Installation, mail: MailReceiver) -> None:
    office.runner.set_day(date(2024, 3, 30))
    office.runner.run_flow("digest/ocop", {}, "Tổng hợp thứ Bảy")
    assert not [letter for letter in mail.letters if letter["Subject"].startswith("Tổng hợp")]

    office.runner.set_day(date(2024, 4, 1))
    office.runner.run_flow("digest/ocop", {}, "Tổng hợp 01/04")
    office.runner.run_flow("digest/ocop", {}, "Tổng hợp 01/04 lần nữa")

    assert [s for s in mail.to(OFFICER) if s.startswith("Tổng hợp")] == [
        "Tổng hợp 01/04/2024: 1 thông báo mới, 1 việc đang chờ (1 quá hạn)"
    ]


def test_mail_server_that_comes_back_gets_what_waited(office: Installation, mail: MailReceiver) -> None:
    office.runner.set_day(date(2024, 4, 2))
    mail.refuse = {"chanh-vp@tho-xuan.example": "450 busy"}
    from models import outbox
    from models.enums import OutboxKind

    with office.runner.transaction() as session:
        payload = {"what": "news", "text": "Tin cuối.", "to": ["coordinator"]}
        outbox.put(session, OutboxKind.NOTIFICATION, "notify:test:last", payload)
    office.runner.wait_for("thư", lambda: 1 if "Tin cuối" in mail.to("dieu-phoi@tho-xuan.example") else None)
    assert "Tin cuối" not in mail.to("chanh-vp@tho-xuan.example")

    mail.refuse = {}
    office.runner.wait_for("thư", lambda: 1 if "Tin cuối" in mail.to("chanh-vp@tho-xuan.example") else None)
    assert mail.to("chanh-vp@tho-xuan.example").count("Tin cuối") == 1
