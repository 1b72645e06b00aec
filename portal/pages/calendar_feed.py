"""A person's calendar for programs that subscribe to it; its address is the secret."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.errors import NotFoundError
from models.notifications.calendar_feed import calendar_of, person_of_token
from portal.access import PUBLIC
from portal.routing import page
from portal.view import View

router = APIRouter()


@page(router, "/ical/{token}.ics", PUBLIC)
def feed(view: View, token: str) -> Response:
    """The calendar of whose token it is."""
    desk = view.desk
    person = person_of_token(desk.session, token)
    if person is None:
        raise NotFoundError("Không có lịch ở đường dẫn này.", field="token", remedy="Lấy lại trong trang tài khoản.")
    return Response(calendar_of(desk.session, person, desk.now), media_type="text/calendar; charset=utf-8")
