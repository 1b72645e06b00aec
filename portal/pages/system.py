"""How the system itself does: for administrators and coordinators."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.enums import Role
from models.settings import settings
from models.system_status import system_status
from portal.access import of
from portal.engine_probe import address_of_engine, probe
from portal.menu import KEEPING, MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
KEEPERS = of(Role.ADMINISTRATOR, Role.COORDINATOR)
MENU.append(Link("Hệ thống", "/system", KEEPERS, order=86, group=KEEPING))


@page(router, "/system", KEEPERS)
def show(view: View) -> Response:
    """One look at everything."""
    status = system_status(view.desk.session, settings())
    engine = probe(address_of_engine(view.desk.session))
    return view.page("system/show.html.j2", title="Tình trạng hệ thống", found=status, engine=engine)
