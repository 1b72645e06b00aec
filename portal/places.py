"""Which page an address belongs to: forms are sent to addresses of their own, which are no pages."""

from __future__ import annotations

from inspect import signature

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match, Route
from starlette.types import Scope

from portal.signatures import TAMED


def route_at(app: FastAPI, path: str) -> tuple[APIRoute, dict[str, str]] | None:
    """The page at this address with what its path names; none where there is no page."""
    scope: Scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
    for route in app.routes:
        if isinstance(route, APIRoute):
            match, child = route.matches(scope)
            if match is Match.FULL and _fits(route, child["path_params"]):
                return route, child["path_params"]
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


def _fits(route: Route, named: dict[str, str]) -> bool:
    asked = signature(route.endpoint).parameters
    numbers = [name for name in named if asked[name].annotation in {int, TAMED[int]}]
    return all(str(named[name]).isdecimal() for name in numbers)
