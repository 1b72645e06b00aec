"""Prefect's command line, with the garbage collected in a thread of its own: how the embedded server is started.

SQLAlchemy 2.0 leaves the cursor of a statement that was broken off (refused by SQLite, cancelled) to the garbage
collector. Clearing it waits for the connection, which may itself be waiting for SQLite's write lock. When the
collector happens to run in the thread of the event loop, the server stands still until Prefect's busy time-out, a
minute (docs/traps.md, 19).
"""

from __future__ import annotations

import gc
import threading
import time

YOUNG_SECONDS = 0.1
"""How often the youngest generation is collected; the middle one after ten, the oldest after three hundred of these."""
MIDDLE, OLDEST = 10, 300


def collect_in_a_thread() -> threading.Thread:
    """Take the collector away from all other threads; it blocks nobody but its own."""
    gc.disable()
    thread = threading.Thread(target=_collect_for_ever, name="garbage", daemon=True)
    thread.start()
    return thread


def _collect_for_ever() -> None:
    round_ = 0
    while True:
        time.sleep(YOUNG_SECONDS)
        round_ += 1
        gc.collect(2 if round_ % OLDEST == 0 else 1 if round_ % MIDDLE == 0 else 0)


def main() -> None:
    """`prefect …` with the arguments of this process."""
    collect_in_a_thread()
    from prefect.cli import app

    app()


if __name__ == "__main__":
    main()
