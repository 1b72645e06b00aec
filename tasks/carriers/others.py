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
    status = re.search(r"error=(\d{3})", words)
    final = status is not None and int(status[1]) in FINAL_STATUS
    raise (RefusedError if final else NotSentError)(words or "không gửi được, không rõ vì sao")
