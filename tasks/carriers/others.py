"""Every other address through Apprise: Telegram, webhooks, chat servers…"""

from __future__ import annotations

import logging
import re

from apprise import Apprise, NotifyFormat
from apprise.logger import LogCapture

from models.notifications.secrets import scrubbed
from tasks.carriers.errors import NotSentError, RefusedError

FINAL_STATUS = frozenset(range(400, 500)) - {408, 425, 429}
"""HTTP answers that will not change by asking again."""

ANSWERS = {
    400: "không chấp nhận địa chỉ hoặc nội dung",
    401: "sai mật khẩu hoặc mã bí mật",
    403: "không cho phép gửi vào đây",
    404: "không có địa chỉ này",
    408: "chờ quá lâu",
    410: "địa chỉ này đã bị bỏ",
    413: "thông báo quá dài",
    429: "gửi quá nhiều, phải chờ",
}
"""What the HTTP answers mean that channels give."""

_log = logging.getLogger("apprise")
_log.addHandler(logging.NullHandler())
_log.propagate = False  # its lines may name addresses with tokens; what we need of them is scrubbed first
_log.setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.WARNING)  # beneath Apprise; names the paths that it asks for


def send_by_apprise(url: str, subject: str, text: str) -> None:
    """Send one message.

    Raises:
        NotSentError: the other side does not answer, or is busy.
        RefusedError: Apprise does not know the address, or the other side refuses it.
    """
    read = Apprise.instantiate(url, suppress_exceptions=True)
    if read is None:
        raise RefusedError("Apprise không hiểu địa chỉ kênh này")
    sender = Apprise()
    sender.add(read)
    with LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        sent = sender.notify(title=subject, body=text, body_format=NotifyFormat.TEXT)
        words = scrubbed(" ".join(said.getvalue().split()), url)
    if sent:
        return
    found = re.search(r"error=(\d{3})", words)
    status = int(found[1]) if found is not None else None
    raise (RefusedError if status in FINAL_STATUS else NotSentError)(_in_words(status, words))


def _in_words(status: int | None, said: str) -> str:
    """What Apprise said of a failure, in our words: its own are English."""
    if status is None:
        silent = re.search(r"connection error", said, re.IGNORECASE)
        return "không kết nối được với nơi nhận" if silent else "nơi nhận không nhận, Apprise không nêu lý do"
    known = {**dict.fromkeys(range(500, 600), "máy chủ nơi nhận đang lỗi"), **ANSWERS}
    return f"nơi nhận trả lời HTTP {status}: {known.get(status, 'không nhận thông báo này')}"
