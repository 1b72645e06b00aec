"""Mail by SMTP with a Message-ID of our own: Apprise makes a new one each time, which no receiver could recognise."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from apprise import Apprise
from apprise.plugins.email import NotifyEmail

from models.clock import SystemClock
from models.errors import InputError
from models.notifications.sending import Outgoing
from models.silence import silence_in_words
from tasks.carriers.errors import NotSentError, RefusedError

PATIENCE_SECONDS = 30.0
DEFAULT_FROM = "ocop@localhost"
DEFAULT_FROM_NAME = "Điều hành chu trình OCOP"
TRANSIENT = range(400, 500)


@dataclass(frozen=True)
class MailServer:
    """Where and how to hand in mail; `security`: `tls` from the first byte, `starttls`, or `plain`."""

    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    security: str


def server_of(url: str) -> MailServer:
    """The server of `OCOP_SMTP_URL`: `smtp://user:password@host:587?from=ocop@…&name=…`, `smtps://…`.

    `smtp` uses STARTTLS when a user is given (`?tls=no` to forbid it: on this machine only).

    Raises:
        InputError: another scheme, no host, or a password that would cross a network in clear.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = parts = None
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not host:
        raise InputError(
            "OCOP_SMTP_URL không đúng dạng.",
            field="OCOP_SMTP_URL",
            remedy="Ví dụ: smtp://người-dùng:mật-khẩu@máy-chủ:587?from=ocop@co-quan.vn",
        )
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    user = unquote(parts.username) if parts.username else None
    security = "tls" if parts.scheme == "smtps" else "starttls" if user and options.get("tls") != "no" else "plain"
    if user and security == "plain" and not _is_here(host):
        raise InputError("Mật khẩu sẽ đi qua mạng không mã hóa.", field="OCOP_SMTP_URL", remedy="Bỏ tls=no.")
    ports = {"tls": 465, "starttls": 587, "plain": 25}
    return MailServer(
        host=host,
        port=port or ports[security],
        user=user,
        password=unquote(parts.password) if parts.password else None,
        sender=formataddr((options.get("name", DEFAULT_FROM_NAME), options.get("from", DEFAULT_FROM))),
        security=security,
    )


def apprise_mail(url: str) -> tuple[MailServer, list[str]]:
    """Server and addressees of an Apprise address `mailto://…` or `mailtos://…`.

    Raises:
        RefusedError: Apprise cannot read it, or it names nobody.
    """
    read = Apprise.instantiate(url, suppress_exceptions=True)
    targets = [address for _name, address in getattr(read, "targets", [])]
    if not isinstance(read, NotifyEmail) or not targets:
        raise RefusedError("địa chỉ mailto không đúng dạng Apprise hoặc không có người nhận")
    modes = {"insecure": "plain", "starttls": "starttls", "ssl": "tls"}
    name, address = str(read.from_addr[0] or ""), str(read.from_addr[1])
    security = modes[str(getattr(read.secure_mode, "value", read.secure_mode))] if read.secure else "plain"
    server = MailServer(
        host=read.smtp_host,
        port=read.port or {"tls": 465, "starttls": 587, "plain": 25}[security],
        user=read.user,
        password=read.password,
        sender=formataddr((name or DEFAULT_FROM_NAME, address)),
        security=security,
    )
    return server, targets


def letter(outgoing: Outgoing, sender: str, to: list[str]) -> EmailMessage:
    """The message as mail: text and HTML, an invitation if there is one, and a name that stays the same for ever."""
    message = outgoing.message
    mail = EmailMessage(policy=MailPolicy())
    mail["Subject"] = message.subject
    mail["From"] = _address(sender)
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(SystemClock().now())
    mail["Message-ID"] = outgoing.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    if message.calendar:
        mail.add_attachment(
            message.calendar, subtype="calendar", filename="phien-hop.ics", params={"method": "PUBLISH"}, cte="base64"
        )
    return mail


class MailPolicy(EmailPolicy):
    """Folds names and subjects by `email.header`: the standard policy loses spaces between encoded words."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as it goes over the wire."""
        if name.lower() == "subject":
            folded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        elif name.lower() == "from":
            folded = formataddr((value.addresses[0].display_name, value.addresses[0].addr_spec))
        else:
            return super().fold_binary(name, value)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


class MailBag:
    """Hands in mail; one connection a server is kept open for all the letters of a batch."""

    def __init__(self) -> None:
        self._open: dict[MailServer, smtplib.SMTP] = {}

    def send(self, server: MailServer, outgoing: Outgoing, to: list[str]) -> str:
        """Hand in one letter; gives whom the server refused when it took it for others, else nothing.

        Raises:
            NotSentError, RefusedError: it did not go out.
        """
        mail = letter(outgoing, server.sender, to)
        connection = self._open.get(server) or self._connected(server)
        try:
            refused = connection.send_message(mail, from_addr=parseaddr(server.sender)[1], to_addrs=to)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _classed(code, words, whole_server=False) from error
        except smtplib.SMTPSenderRefused as error:
            raise _classed(error.smtp_code, error.smtp_error, whole_server=True) from error
        except smtplib.SMTPResponseException as error:
            raise _classed(error.smtp_code, error.smtp_error, whole_server=False) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._forget(server)
            raise _silent(error) from error
        return f"không gửi được tới {', '.join(refused)}" if refused else ""

    def close(self) -> None:
        """Take leave of all servers."""
        for server in list(self._open):
            self._forget(server)

    def _connected(self, server: MailServer) -> smtplib.SMTP:
        try:
            connection = self._greeted(server)
        except smtplib.SMTPAuthenticationError as error:
            raise _classed(error.smtp_code, error.smtp_error, whole_server=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _silent(error) from error
        self._open[server] = connection
        return connection

    @staticmethod
    def _greeted(server: MailServer) -> smtplib.SMTP:
        if server.security == "tls":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=PATIENCE_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password or "")
        return connection

    def _forget(self, server: MailServer) -> None:
        connection = self._open.pop(server, None)
        if connection is not None:
            connection.close()


def _classed(code: int, words: bytes | str, *, whole_server: bool) -> NotSentError | RefusedError:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    kind = NotSentError if code in TRANSIENT else RefusedError
    return kind(f"máy chủ thư trả lời {code} {text}", whole_server=whole_server)


def _silent(error: Exception) -> NotSentError:
    return NotSentError(f"không nói chuyện được với máy chủ thư: {silence_in_words(error)}", whole_server=True)


def _address(sender: str) -> Address:
    name, address = parseaddr(sender)
    user, _, domain = address.partition("@")
    return Address(name, user, domain)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
