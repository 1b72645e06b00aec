"""The dispatcher: a loop beside the worker that delivers signals, events and notifications once they are committed."""

from __future__ import annotations

import logging
from threading import Event

from models.errors import OcopError
from tasks.events import deliver_events
from tasks.notifications import Starter
from tasks.paper_orders import deliver_paper_orders
from tasks.signals import deliver_signals

PAUSE_SECONDS = 0.2
PAUSE_AFTER_TROUBLE_SECONDS = 2.0

log = logging.getLogger("ocop.dispatcher")


def dispatch_until(stop: Event) -> None:
    """Deliver signals and events, start the making of papers and the sending of notifications, until `stop` is set.

    Trouble is logged and waited out: the outbox keeps everything.
    """
    starter = Starter()
    while not stop.is_set():
        pause = PAUSE_SECONDS
        try:
            deliver_signals()
            deliver_events()
            deliver_paper_orders()
            starter.start_if_needed()
        except OcopError as error:
            log.warning("%s", error)
            pause = PAUSE_AFTER_TROUBLE_SECONDS
        except Exception:
            # One faulty row must not end the delivery of all the others.
            log.exception("a message could not be delivered")
            pause = PAUSE_AFTER_TROUBLE_SECONDS
        stop.wait(pause)
