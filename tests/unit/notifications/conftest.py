"""An office whose people have mail addresses, and the settings of a mail server that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from models.settings import settings
from tests.receivers import MailReceiver, WebReceiver, mail_receiver, web_receiver

Configure = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Set `OCOP_…` for this test; without a call nothing of this machine is set."""
    for name in ("OCOP_SMTP_URL", "OCOP_PORTAL_URL", "OCOP_ZALO_URL", "OCOP_PREFECT_PORT"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()

    def configure(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"OCOP_{name.upper()}", value)
        settings.cache_clear()

    yield configure
    settings.cache_clear()


@pytest.fixture
def mail(configured: Configure) -> Iterator[MailReceiver]:
    """A mail server that the installation uses."""
    with mail_receiver() as receiver:
        configured(smtp_url=receiver.url)
        yield receiver


@pytest.fixture
def web(configured: Configure) -> Iterator[WebReceiver]:
    """A web server that takes what is posted, also in place of Zalo's."""
    with web_receiver() as receiver:
        configured(zalo_url=receiver.url)
        yield receiver
