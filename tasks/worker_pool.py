"""Work pools: where runs wait for a worker. Ours, and Prefect's stock ones for the same flows."""

from __future__ import annotations

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.workers.base import BaseWorker

from models.errors import FinalError

IN_PROCESS = "ocop-in-process"
"""The type of our own pool (`prefect worker start --type ocop-in-process`)."""


def ensure_pool(client: SyncPrefectClient, name: str, kind: str = IN_PROCESS) -> None:
    """Create the work pool when it is not there.

    Raises `FinalError` when a pool of that name has another type, or no worker of that type is installed.
    """
    try:
        found = client.read_work_pool(name)
    except ObjectNotFound:
        _create(client, name, kind)
        return
    if found.type != kind:
        raise FinalError(f"nhóm chạy {name!r} thuộc loại {found.type!r}, không phải {kind!r}", field="pool")


def _create(client: SyncPrefectClient, name: str, kind: str) -> None:
    worker = BaseWorker.get_worker_class_from_type(kind)
    if worker is None:
        raise FinalError(f"chưa cài bộ chạy loại {kind!r}", field="pool")
    template = worker.get_default_base_job_template()
    try:
        client.create_work_pool(WorkPoolCreate(name=name, type=kind, base_job_template=template))
    except ObjectAlreadyExists:
        return  # another process was quicker
