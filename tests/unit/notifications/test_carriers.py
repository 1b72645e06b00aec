"""Carriers: what is passing and what is final; addresses read rightly; secrets hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from deployments.prefect_server import free_port
from models.errors import InputError
from models.notifications.secrets import scrubbed, shown
from models.notifications.sending import Outgoing
from models.notifications.templates import Message
from models.settings import Settings
from tasks.carriers.carrying import Carriers
from tasks.carriers.errors import NotSentError, RefusedError
from tasks.carriers.mail import MailServer, apprise_mail, letter, server_of
from tasks.carriers.zalo import LONGEST_TEXT
from tests.receivers import MailReceiver, WebReceiver

SUBJECT = "Quá hạn 8 ngày làm việc – Đánh giá cấp xã – Bánh gai Huân Hường (xã Thọ Diên)"
MESSAGE = Message(SUBJECT, "Nội dung\n", "<p>x</p>")


def outgoing(url: str) -> Outgoing:
    return Outgoing(1, 2, 3, url, "<a@ocop.local>", MESSAGE)


def carry(url: str, **settings: object) -> str:
    with Carriers(Settings.model_validate({"smtp_url": None, **settings})) as carriers:
        return carriers.carry(outgoing(url))


def test_own_server_takes_a_persons_mail(mail: MailReceiver) -> None:
    carry("mail:a@b.example", smtp_url=mail.url)

    assert [(one["To"], one["Message-ID"], one["Subject"]) for one in mail.letters] == [
        ("a@b.example", "<a@ocop.local>", MESSAGE.subject)
    ]


def test_apprise_mail_address_goes_to_its_own_server_with_our_message_id(mail: MailReceiver) -> None:
    carry(f"mailto://127.0.0.1:{mail.port}?from=x@y.example&name=Phòng%20ABC&to=a@b.example,c@d.example")

    (one,) = mail.letters
    assert (one["To"], one["Message-ID"], one["From"]) == (
        "a@b.example, c@d.example",
        "<a@ocop.local>",
        "Phòng ABC <x@y.example>",
    )


def test_address_refused_among_others_is_a_remark(mail: MailReceiver) -> None:
    mail.refuse = {"c@d.example": "550 gone"}

    remark = carry(f"mailto://127.0.0.1:{mail.port}?from=x@y.example&to=a@b.example,c@d.example")

    assert remark == "không gửi được tới c@d.example"


@pytest.mark.parametrize(
    ("answer", "error"), [("451 later", NotSentError), ("421 closing", NotSentError), ("554 no", RefusedError)]
)
def test_answer_of_a_mail_server_is_passing_or_final(
    mail: MailReceiver, answer: str, error: type[NotSentError | RefusedError]
) -> None:
    mail.answers = [answer]

    with pytest.raises(error) as raised:
        carry("mail:a@b.example", smtp_url=mail.url)

    assert raised.value.whole_server is False  # type: ignore[attr-defined]


def test_silent_mail_server_is_passing_trouble_of_the_whole_server() -> None:
    with pytest.raises(NotSentError) as raised:
        carry("mail:a@b.example", smtp_url=f"smtp://127.0.0.1:{free_port()}")

    assert raised.value.whole_server
    assert raised.value.problems[0].problem == (
        "không nói chuyện được với máy chủ thư: không có máy chủ nào nhận kết nối ở địa chỉ và cổng này"
    )


def test_mail_without_a_server_is_refused() -> None:
    with pytest.raises(RefusedError, match="OCOP_SMTP_URL"):
        carry("mail:a@b.example")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1", MailServer("127.0.0.1", 25, None, None, "f", "plain")),
        ("smtp://u%40x:p%23w@mail.example", MailServer("mail.example", 587, "u@x", "p#w", "f", "starttls")),
        ("smtps://u:p@mail.example", MailServer("mail.example", 465, "u", "p", "f", "tls")),
        ("smtp://u:p@localhost:2525?tls=no", MailServer("localhost", 2525, "u", "p", "f", "plain")),
    ],
)
def test_own_server_is_read_from_its_address(url: str, server: MailServer) -> None:
    found = server_of(f"{url}{'&' if '?' in url else '?'}from=ocop@x.vn&name=Ocop")

    assert found.sender == "Ocop <ocop@x.vn>"
    assert (found.host, found.port, found.user, found.password, found.security) == (
        server.host,
        server.port,
        server.user,
        server.password,
        server.security,
    )


@pytest.mark.parametrize(
    "url", ["", "http://x", "smtp://", "smtp://h:port", "smtp://u:p@mail.example?tls=no", "mailto://x"]
)
def test_wrong_address_of_the_own_server_is_refused(url: str) -> None:
    with pytest.raises(InputError) as raised:
        server_of(url)

    assert raised.value.problems[0].field == "OCOP_SMTP_URL"


def test_secured_apprise_mail_is_secured() -> None:
    server, to = apprise_mail("mailtos://u:p@mail.example?to=a@b.example&mode=ssl&from=x@y.example")

    assert (server.host, server.port, server.security, to) == ("mail.example", 465, "tls", ["a@b.example"])


@pytest.mark.parametrize("length", range(60, 150, 7))
def test_subject_of_any_length_keeps_every_space(length: int) -> None:
    subject = (MESSAGE.subject * 2)[:length].strip()
    sent = Outgoing(1, 2, 3, "mail:a@b.example", "<a@ocop.local>", Message(subject, "x", "x"))

    mail = letter(sent, "Văn phòng Điều phối Chương trình MTQG xây dựng nông thôn mới huyện <a@b.example>", ["a@b"])

    from email import message_from_bytes
    from email.policy import default

    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read["Subject"] == subject
    assert read["From"] == "Văn phòng Điều phối Chương trình MTQG xây dựng nông thôn mới huyện <a@b.example>"


def test_webhook_is_posted_by_apprise(web: WebReceiver) -> None:
    carry(f"json://127.0.0.1:{web.port}/hook")

    ((path, _headers, body),) = web.posted
    assert (path, body["title"], body["message"].strip()) == ("/hook", MESSAGE.subject, "Nội dung")


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (500, NotSentError, "nơi nhận trả lời HTTP 500: máy chủ nơi nhận đang lỗi"),
        (429, NotSentError, "nơi nhận trả lời HTTP 429: gửi quá nhiều, phải chờ"),
        (404, RefusedError, "nơi nhận trả lời HTTP 404: không có địa chỉ này"),
        (418, RefusedError, "nơi nhận trả lời HTTP 418: không nhận thông báo này"),
    ],
)
def test_answer_of_a_webhook_is_passing_or_final(
    web: WebReceiver, status: int, error: type[NotSentError | RefusedError], words: str
) -> None:
    web.answers = [(status, "no")]

    with pytest.raises(error) as raised:
        carry(f"json://127.0.0.1:{web.port}/hook")

    assert raised.value.problems[0].problem == words


def test_silent_webhook_is_passing_trouble_told_in_vietnamese() -> None:
    with pytest.raises(NotSentError) as raised:
        carry(f"json://127.0.0.1:{free_port()}/hook")

    assert raised.value.problems[0].problem == "không kết nối được với nơi nhận"


def test_address_that_apprise_does_not_know_is_refused() -> None:
    with pytest.raises(RefusedError):
        carry("nonsense://abc")


def test_zalo_message_carries_token_user_and_text(web: WebReceiver) -> None:
    carry("zalo://T%2Fk@u42", zalo_url=web.url)

    ((path, headers, body),) = web.posted
    assert path == "/v3.0/oa/message/cs"
    assert headers["access_token"] == "T/k"
    assert body == {"recipient": {"user_id": "u42"}, "message": {"text": f"{MESSAGE.subject}\n\nNội dung\n"}}


def test_long_message_is_cut_for_zalo(web: WebReceiver) -> None:
    long = Outgoing(1, 2, 3, "zalo://T@u", "<a@ocop.local>", Message("S", "x" * 3000, ""))
    with Carriers(Settings.model_validate({"zalo_url": web.url})) as carriers:
        carriers.carry(long)

    assert len(web.posted[0][2]["message"]["text"]) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, '{"error": -216, "message": "Access token is invalid"}'), RefusedError),
        ((200, '{"error": -32, "message": "Rate limit"}'), NotSentError),
        ((503, '{"error": -1}'), NotSentError),
        ((200, "<html>"), NotSentError),
    ],
)
def test_answer_of_zalo_is_passing_or_final(
    web: WebReceiver, answer: tuple[int, str], error: type[NotSentError | RefusedError]
) -> None:
    web.answers = [answer]

    with pytest.raises(error):
        carry("zalo://T@u", zalo_url=web.url)


@pytest.mark.parametrize("url", ["zalo://T", "zalo://@u", "zalo://T@"])
def test_wrong_zalo_address_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        carry(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail:a@b.example", "a@b.example"),
        ("smtp:", "OCOP_SMTP_URL"),
        ("mailto://user:pass@mail.example:25?to=a@b", "mailto://mail.example:25/***"),
        ("json://hook.example/secret/path?x=1", "json://hook.example/***"),
        ("tgram://123:TOKEN/chat", "tgram://***"),
        ("zalo://TOKEN@u42", "zalo://***"),
        ("rubbish", "***"),
    ],
)
def test_address_is_shown_without_its_secrets(url: str, words: str) -> None:
    assert shown(url) == words


@given(st.from_regex(r"[A-Za-z0-9_-]{6,30}", fullmatch=True), st.from_regex(r"[A-Za-z0-9!_-]{6,20}", fullmatch=True))
def test_no_part_of_an_address_survives_in_an_error(token: str, password: str) -> None:
    for url in (f"tgram://{token}/{password}", f"zalo://{token}@{password}", f"json://u:{token}@h.example/{password}"):
        text = scrubbed(f"POST {url} failed: {token} / {password} (HTTP 401)", url)
        assert token not in text.replace("***", "")
        assert password not in text.replace("***", "")


def test_settings_do_not_show_the_password() -> None:
    found = Settings(smtp_url=SecretStr("smtp://u:p4ssw0rd@h"))

    assert "p4ssw0rd" not in repr(found)
