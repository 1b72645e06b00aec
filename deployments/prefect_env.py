"""The settings under which Prefect runs for us, as environment of the processes that we start.

Measured on 2 cores with SQLite: what is cut here is work that nobody looks at (telemetry, blocking pauses,
one-by-one reading of events); the task runs, events, automations and schedules of Prefect's UI keep working.
A setting that the operator put in the environment wins, except where the two processes must meet (folder,
database, address).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_COMMON = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # without a server: an error, not a hidden second database
    "PREFECT_CLI_PROMPT": "false",
}

_SERVER = _COMMON | {
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # `/` opens V1: only there a paused run has its Resume button
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",  # our waits have no time-out: `watch` does
    "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "120",  # a queue of a minute is not a late run
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "30",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
}

_CLIENT = _COMMON | {
    "PREFECT_WORKER_QUERY_SECONDS": "1",  # else a resumed run waits 10–15 s to be picked up
    "PREFECT_WORKER_PREFETCH_SECONDS": "0",  # a run fetched early would hold its thread until its time comes
}


def server_environment(home: Path, *, database_url: str | None = None) -> dict[str, str]:
    """The environment of `prefect server start` with everything it keeps in `home` (SQLite by default)."""
    fixed = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_DATABASE_CONNECTION_URL": database_url or f"sqlite+aiosqlite:///{home / 'prefect.db'}",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    return _SERVER | inherited | fixed


def client_environment(api_url: str, home: Path | None = None) -> dict[str, str]:
    """The environment of a worker, a portal or a command that talks to the server at `api_url` (…/api)."""
    fixed = {"PREFECT_API_URL": api_url} | ({"PREFECT_HOME": str(home)} if home else {})
    return _CLIENT | dict(os.environ) | fixed


def use_server(api_url: str, home: Path | None = None) -> None:
    """Make this process talk to the server at `api_url`, whether Prefect is imported already or not."""
    wanted: Mapping[str, str] = client_environment(api_url, home)
    os.environ.update(wanted)
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()
