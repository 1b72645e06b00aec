"""Zalo: the message as a consulting message of an Official Account (`zalo://TOKEN@user_id`)."""

from __future__ import annotations

from urllib.parse import unquote

import httpx

from models.notifications.words import shortened
from models.silence import silence_in_words
from tasks.carriers.errors import NotSentError, RefusedError

PATH = "/v3.0/oa/message/cs"
PATIENCE_SECONDS = 20.0
LONGEST_TEXT = 2000
"""Characters that Zalo takes in one message."""

BUSY = {-32, -1, -200}
"""Zalo's codes for "too many calls" and trouble of its own; every other one (token, user, content) is final."""


def send_zalo(base: str, url: str, subject: str, text: str) -> None:
    """Send one message.

    Raises:
        NotSentError: Zalo does not answer or is busy.
        RefusedError: the address is wrong, or Zalo refuses token, user or content.
    """
    token, at, user = url.removeprefix("zalo://").rpartition("@")
    if not at or not token or not user.strip("/"):
        raise RefusedError("địa chỉ Zalo phải có dạng zalo://TOKEN@user_id")
    body = {"recipient": {"user_id": user.strip("/")}, "message": {"text": cut(f"{subject}\n\n{text}")}}
    try:
        answer = httpx.post(
            f"{base.rstrip('/')}{PATH}", json=body, headers={"access_token": unquote(token)}, timeout=PATIENCE_SECONDS
        )
        found = answer.json()
    except httpx.HTTPError as error:
        raise NotSentError(f"Zalo không trả lời: {silence_in_words(error)}") from error
    except ValueError as error:
        raise NotSentError(f"Zalo trả lời không đọc được (HTTP {answer.status_code})") from error
    code = int(found.get("error", -1)) if isinstance(found, dict) else -1
    if answer.is_success and code == 0:
        return
    words = shortened(str(found.get("message", "")) if isinstance(found, dict) else "", 200)
    busy = answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error or code in BUSY
    raise (NotSentError if busy else RefusedError)(f"Zalo trả lời {code}: {words} (HTTP {answer.status_code})")


def cut(text: str) -> str:
    """The text as far as Zalo takes it."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
