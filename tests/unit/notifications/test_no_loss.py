"""Whatever happens between sending, crashing and starting again: nothing is lost, nothing is read twice.

A machine of hypothesis puts messages in, sends, kills the sender at any point, breaks the server and lets pauses run
out, in any order. At the end everything is sent, and the mailbox, which drops repeats by Message-ID, has each once.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import outbox
from models.database import engine_for, transaction
from models.enums import OutboxKind
from models.notifications.sending import Outgoing
from models.settings import Settings
from models.settings import settings as of_process
from models.tables import Channel, Delivery, Notice, OutboxMessage
from tasks.carriers.carrying import Carriers
from tasks.carriers.errors import NotSentError
from tasks.sending import send_all, spread_all
from tests.conftest import load_office
from tests.receivers import mail_receiver

CODES = ("dieu-phoi", "cb-xa-tho-dien", "lanh-dao")
FATES = ("arrives", "died after the server took it", "answer lost", "died before", "refused", "busy")
"""What becomes of one letter."""


@cache
def office_file() -> Path:
    """A database with the office, to be copied for each example."""
    path = Path(mkdtemp()) / "ocop.sqlite"
    load_office(f"sqlite:///{path}")
    engine_for(f"sqlite:///{path}").dispose()
    return path


class DiedError(BaseException):
    """The sender is gone, as by SIGKILL."""


class Sender(RuleBasedStateMachine):
    """The state is that of a real database and a real SMTP server."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'ocop.sqlite'}"
        self.receiving = mail_receiver()
        self.mail = self.receiving.__enter__()
        self.settings = Settings(smtp_url=SecretStr(self.mail.url))
        self.patched = of_process().smtp_url
        of_process().smtp_url = self.settings.smtp_url
        self.number = itertools.count()
        self.told: dict[str, str] = {}
        self.turn = 0

    @initialize()
    def office(self) -> None:
        """Three people with addresses."""
        shutil.copyfile(office_file(), Path(self.folder.name) / "ocop.sqlite")

    @rule(codes=st.lists(st.sampled_from(CODES), min_size=1, max_size=3))
    def messages(self, codes: list[str]) -> None:
        """Things happen of which people are to be told."""
        for code in codes:
            self._message(code)

    def _message(self, code: str) -> None:
        number = next(self.number)
        key = f"notify:test:{number}"
        role = {"dieu-phoi": "coordinator", "cb-xa-tho-dien": "commune_officer", "lanh-dao": "leader"}[code]
        text = f"Tin số {number} cho {code}"
        payload = {"what": "news", "text": f"{text}.", "to": [role]}
        with transaction(self.url) as session:
            outbox.put(session, OutboxKind.NOTIFICATION, key, payload)
        self.told[key] = text

    @rule(key_of_last=st.booleans())
    def same_message_again(self, key_of_last: bool) -> None:
        """The transaction that told it is repeated (or another one is, which changes nothing either)."""
        if self.told:
            key = list(self.told)[-1 if key_of_last else 0]
            with transaction(self.url) as session:
                outbox.put(session, OutboxKind.NOTIFICATION, key, {"what": "news", "text": "Khác."})

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=5), pauses_over=st.booleans())
    def send(self, fates: list[str], pauses_over: bool) -> None:
        """A sender runs; its letters meet these fates in turn, and all further ones arrive."""
        if pauses_over:
            self.time_passes()
        with Carriers(self.settings) as carriers, suppress(DiedError):
            send_all(self._troubled(carriers.carry, fates), self.url)

    @rule()
    def die_after_spreading(self) -> None:
        """A sender dies between spreading and claiming."""
        spread_all(self.url)

    @rule()
    def time_passes(self) -> None:
        """Pauses and claims run out."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        with transaction(self.url) as session:
            session.execute(update(Delivery).where(Delivery.done.is_(False)).values(next_try_at=past))
            session.execute(update(Delivery).values(claimed_until=None))
            session.execute(update(Channel).where(Channel.next_try_at.is_not(None)).values(next_try_at=past))

    @precondition(lambda self: bool(self.told))
    @invariant()
    def nothing_is_lost(self) -> None:
        """Each message is still in the outbox, or a notice whose deliveries wait or went out."""
        with transaction(self.url) as session:
            for key in self.told:
                waiting = session.scalars(
                    select(OutboxMessage.id).where(OutboxMessage.key == key, OutboxMessage.sent_at.is_(None))
                ).all()
                notices = session.scalars(select(Notice).where(Notice.key == key)).all()
                assert bool(waiting) != bool(notices)
                assert all(notice.deliveries for notice in notices)
                assert all(d.sent_at or not d.done for notice in notices for d in notice.deliveries)

    def teardown(self) -> None:
        """Peace: everything goes out, and is there once for each person."""
        try:
            for _ in range(3):
                self.send(["arrives"], pauses_over=True)
            with transaction(self.url) as session:
                self._all_there(session)
        finally:
            of_process().smtp_url = self.patched
            self.receiving.__exit__(None, None, None)
            engine_for(self.url).dispose()
            self.folder.cleanup()

    def _all_there(self, session: Session) -> None:
        for key, words in self.told.items():
            people = [n.person for n in session.scalars(select(Notice).where(Notice.key == key))]
            to = sorted(str(p.email) for p in people if p is not None)
            assert to
            assert sorted(letter["To"] for letter in self.mail.kept.values() if letter["Subject"] == words) == to

    def _troubled(self, carry: Callable[[Outgoing], str], fates: list[str]) -> Callable[[Outgoing], str]:
        ahead = iter(fates)

        def troubled(outgoing: Outgoing) -> str:
            fate = next(ahead, "arrives")
            if fate == "died before":
                raise DiedError
            if fate == "refused":
                raise NotSentError("bận")
            if fate == "busy":
                self.mail.answers = ["451 busy"]
            answer = carry(outgoing)
            if fate == "died after the server took it":
                raise DiedError
            if fate == "answer lost":
                raise NotSentError("không nghe được trả lời", whole_server=True)
            return answer

        return troubled


Sender.TestCase.settings = settings(
    max_examples=30, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestNothingIsLostOrSentTwice = Sender.TestCase
