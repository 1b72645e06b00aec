"""Which page an address belongs to, and to whom it opens: forms are sent to addresses of their own, no pages."""

from __future__ import annotations

from functools import lru_cache
from inspect import signature
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match, Route
from starlette.types import Scope

from models.errors import PersonError
from portal.desk import Desk
from portal.signatures import TAMED


@lru_cache(maxsize=4096)
def route_at(app: FastAPI, path: str) -> tuple[APIRoute, dict[str, Any]] | None:
    """The page at this address with what its path names; none where there is no page."""
    scope: Scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
    for route in app.routes:
        if isinstance(route, APIRoute):
            match, child = route.matches(scope)
            named = _read(route, child["path_params"]) if match is Match.FULL else None
            if named is not None:
                return route, named
    return None


def page_of(app: FastAPI, path: str) -> str:
    """The address itself where it is a page, else the nearest one above it: there its form stands.

    `/items/12/outcome/consulting` is none, `/items/12` is.
    """
    while path.strip("/"):
        if route_at(app, path) is not None:
            return path
        path = path.rstrip("/").rpartition("/")[0]
    return "/"


def may_open(app: FastAPI, desk: Desk, path: str) -> bool:
    """Whether the page at this address opens to the visitor, as the page itself will ask when they come."""
    found = route_at(app, path.partition("?")[0])
    if found is None:
        return False
    route, named = found
    asked = route.endpoint.__dict__
    if not asked["access"].lets_in(desk.roles):
        return False
    try:
        if asked["check"] is not None:
            asked["check"](desk, named)
    except PersonError:
        return False
    return True


def _read(route: Route, named: dict[str, Any]) -> dict[str, Any] | None:
    """What the path names, numbers as such; none where a number is none."""
    asked = signature(route.endpoint).parameters
    numbers = {name for name in named if asked[name].annotation in {int, TAMED[int]}}
    if not all(named[name].isdecimal() for name in numbers):
        return None
    return {name: int(value) if name in numbers else value for name, value in named.items()}
