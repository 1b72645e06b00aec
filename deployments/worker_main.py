"""The worker process of an installation: runs flows, delivers signals, takes up what a killed worker left."""

from __future__ import annotations

import argparse
import logging

from deployments.dispatcher import dispatch_until
from deployments.schedule_keeper import keep_until
from deployments.worker import run_worker
from tasks.prefect_client import reschedule_orphans
from tasks.watching import POOL


def main(arguments: list[str] | None = None) -> None:
    """Run until SIGTERM. `--only`: no other worker serves the pool, so every run under way is an orphan."""
    parser = argparse.ArgumentParser(prog="ocop-worker")
    parser.add_argument("--pool", default=POOL)
    parser.add_argument("--only", action="store_true")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if options.only:
        reschedule_orphans(options.pool, None)
    run_worker(options.pool, background=[dispatch_until, keep_until])


if __name__ == "__main__":
    main()
