"""Whether Prefect's server answers and workers are there, asked over HTTP: the portal knows nothing else of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from models.notifications.links import prefect_address

SECONDS = 1.5
MOST_POOLS = 10


class _Pool(BaseModel):
    name: str


class _Worker(BaseModel):
    name: str
    status: str
    last_heartbeat_time: datetime


_POOLS, _WORKERS = TypeAdapter(list[_Pool]), TypeAdapter(list[_Worker])


@dataclass(frozen=True)
class Worker:
    """One worker: `online` by Prefect's own count, and when it was last heard of."""

    pool: str
    name: str
    online: bool
    heard_at: datetime


@dataclass(frozen=True)
class Engine:
    """What was found at the address; `trouble` says why the server does not answer."""

    address: str
    trouble: str
    workers: list[Worker]

    @property
    def reachable(self) -> bool:
        """Whether the server answers."""
        return not self.trouble

    @property
    def working(self) -> bool:
        """Whether a worker is there."""
        return any(worker.online for worker in self.workers)


def address_of_engine(session: Session) -> str:
    """Where Prefect's server is: as the environment says where it runs elsewhere, else on this machine."""
    named = os.environ.get("PREFECT_API_URL", "").rstrip("/").removesuffix("/api")
    return named or prefect_address(session)


def probe(address: str) -> Engine:
    """Ask the server at `address`; it never takes longer than a moment and never fails."""
    try:
        with httpx.Client(base_url=f"{address}/api", timeout=SECONDS, trust_env=False) as client:
            client.get("/health").raise_for_status()
            pools = _POOLS.validate_json(client.post("/work_pools/filter", json={}).raise_for_status().content)
            workers = [worker for pool in pools[:MOST_POOLS] for worker in _workers(client, pool.name)]
    except (httpx.HTTPError, ValidationError) as error:
        return Engine(address, type(error).__name__, [])
    return Engine(address, "", workers)


def _workers(client: httpx.Client, pool: str) -> list[Worker]:
    answer = client.post(f"/work_pools/{pool}/workers/filter", json={}).raise_for_status()
    found = _WORKERS.validate_json(answer.content)
    return [Worker(pool, one.name, one.status == "ONLINE", one.last_heartbeat_time) for one in found]
