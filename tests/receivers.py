"""Real receivers on this machine: an SMTP server that drops repeats, and an HTTP server that keeps what is posted."""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from deployments.prefect_server import free_port

OK = "250 2.0.0 OK"


@dataclass
class MailReceiver:
    """Keeps letters; `answers` are given in turn instead of taking the letter, `refuse` and `refuse_words` refuse
    these addresses, and letters with these words in their subject."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_words: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """For `OCOP_SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.port}?from=ocop@tho-xuan.example"

    @property
    def kept(self) -> dict[tuple[str, str], EmailMessage]:
        """The letters by Message-ID and addressee, as a server that drops repeats has them."""
        return {(letter["Message-ID"], letter["To"]): letter for letter in self.letters}

    def to(self, address: str) -> list[str]:
        """The subjects of the letters to an address, in order."""
        return [letter["Subject"] for letter in self.letters if letter["To"] == address]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        letter = email.message_from_bytes(envelope.content, policy=default)
        for words, answer in self.refuse_words.items():
            if words in letter["Subject"]:
                return answer
        self.letters.append(letter)
        return OK


@contextmanager
def mail_receiver(port: int | None = None) -> Iterator[MailReceiver]:
    """An SMTP server until the end of the block."""
    receiver = MailReceiver(port or free_port())
    controller = Controller(receiver, hostname="127.0.0.1", port=receiver.port)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


@dataclass
class WebReceiver:
    """Keeps what is posted; `answers` (status, body) are given in turn, then 200 with `{"error": 0}`."""

    port: int
    posted: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def web_receiver() -> Iterator[WebReceiver]:
    """An HTTP server until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posted.append((self.path, dict(self.headers), json.loads(body)))
            status, text = receiver.answers.pop(0) if receiver.answers else (200, '{"error": 0, "message": "Success"}')
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = WebReceiver(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
