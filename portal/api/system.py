"""The state of the system through the API, for whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass

from models.settings import settings
from models.system_status import SystemStatus, system_status
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.engine_probe import Engine, address_of_engine, probe
from portal.pages.system import KEEPERS

router = api_router()


@dataclass(frozen=True)
class WholeSystem:
    """The data's side and the engine's."""

    status: SystemStatus
    engine: Engine


@read(router, "/system", KEEPERS, WholeSystem, "Tình trạng hệ thống", tag="Hệ thống")
def system(desk: Desk) -> WholeSystem:
    """Cơ sở dữ liệu, hàng đợi, kênh hỏng, Prefect, tiến trình xử lý, bản sao lưu gần nhất, chỗ trống, phiên bản."""
    return WholeSystem(system_status(desk.session, settings()), probe(address_of_engine(desk.session)))
