"""The mailbox of the demo: a real SMTP server on this machine that keeps every letter in a Maildir."""

from __future__ import annotations

import email
import mailbox
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from deployments.prefect_server import free_port

FOLDER = "hop-thu"
REPEAT = "250 2.0.0 already here"


class Mailbox:
    """Keeps letters, each Message-ID once for an addressee, as a mail server that drops repeats does."""

    def __init__(self, home: Path) -> None:
        self.path = home / FOLDER
        self._maildir = mailbox.Maildir(self.path, create=True)
        self._seen: set[tuple[str, str]] = set()
        self.repeats = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one letter."""
        letter = email.message_from_bytes(envelope.content, policy=default)
        for to in envelope.rcpt_tos:
            name = (to, str(letter["Message-ID"]))
            if name in self._seen:
                self.repeats += 1
                return REPEAT
            self._seen.add(name)
        self._maildir.add(envelope.content)
        return "250 2.0.0 kept"

    def letters(self) -> list[Message]:
        """All letters, in the order of their arrival."""
        keys = sorted(self._maildir.keys())
        return [email.message_from_bytes(self._maildir.get_bytes(key), policy=default) for key in keys]

    def counts(self) -> dict[str, int]:
        """How many letters, to how many people, and how many repeats were dropped."""
        to = Counter(str(letter["To"]) for letter in self.letters())
        return {"letters": to.total(), "people": len(to), "repeats": self.repeats}


@contextmanager
def receiving(home: Path) -> Iterator[tuple[Mailbox, str]]:
    """Receive mail in `home` until the end of the block; gives the mailbox and the address for `OCOP_SMTP_URL`."""
    kept, port = Mailbox(home), free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield kept, f"smtp://127.0.0.1:{port}?from=ocop@tho-xuan.example"
    finally:
        server.stop()
