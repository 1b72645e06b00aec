"""Takes one message to where its address leads, by the carrier of the address's scheme."""

from __future__ import annotations

from types import TracebackType

from models.errors import InputError
from models.notifications.secrets import PERSON_MAIL, scrubbed
from models.notifications.sending import Outgoing
from models.settings import Settings
from tasks.carriers.errors import NotSentError, RefusedError
from tasks.carriers.mail import MailBag, MailServer, apprise_mail, server_of
from tasks.carriers.others import send_by_apprise
from tasks.carriers.zalo import send_zalo


class Carriers:
    """All carriers, for one batch: connections are kept open until the end of the `with` block."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bag = MailBag()

    def __enter__(self) -> Carriers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bag.close()

    def carry(self, outgoing: Outgoing) -> str:
        """Send it; gives a remark, empty as a rule.

        Raises:
            NotSentError, RefusedError: it did not go out; their words hold no secrets of the address.
        """
        try:
            return self._carry(outgoing)
        except (NotSentError, RefusedError) as error:
            raise type(error)(
                scrubbed(error.problems[0].problem, outgoing.url), whole_server=error.whole_server
            ) from None

    def _carry(self, outgoing: Outgoing) -> str:
        url, message = outgoing.url, outgoing.message
        scheme = url.partition(":")[0].lower()
        if url.startswith(PERSON_MAIL):
            return self._bag.send(self._own_server(), outgoing, [url.removeprefix(PERSON_MAIL)])
        if scheme in {"mailto", "mailtos"}:
            server, to = apprise_mail(url)
            return self._bag.send(server, outgoing, to)
        if scheme == "zalo":
            send_zalo(self._settings.zalo_url, url, message.subject, message.text)
        else:
            send_by_apprise(url, message.subject, message.text)
        return ""

    def _own_server(self) -> MailServer:
        if self._settings.smtp_url is None:
            raise RefusedError("chưa cấu hình máy chủ thư (OCOP_SMTP_URL)", whole_server=True)
        try:
            return server_of(self._settings.smtp_url.get_secret_value())
        except InputError as error:
            raise RefusedError(error.problems[0].problem, whole_server=True) from error
