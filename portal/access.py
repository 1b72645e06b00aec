"""Who may use a route. Every route says it; one that does not is refused at the start of the application.

This is the outer door: a role that has no business with a page. Whether the case is this person's (own commune, own
dossier, own sheet) is asked of the domain, which checks once more when something is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from models.enums import Role

if TYPE_CHECKING:
    from portal.desk import Desk

PEOPLE = frozenset(role for role in Role if role is not Role.SYSTEM)

CASE_WORKERS = PEOPLE - {Role.ADMINISTRATOR}
"""Everybody who has to do with cases; the administrator keeps accounts and settings (domain.md §9)."""


@dataclass(frozen=True)
class Access:
    """Who may enter: anybody (`public`), or people signed in who hold one of `roles`."""

    roles: frozenset[Role] = frozenset()
    public: bool = False

    def lets_in(self, held: frozenset[Role]) -> bool:
        """Whether somebody who has signed in and holds these roles may enter."""
        # Who holds no role any more still signs out and sees the own account.
        return self.public or self.roles >= PEOPLE or bool(self.roles & held)


PUBLIC = Access(public=True)
SIGNED_IN = Access(PEOPLE)
CASES = Access(CASE_WORKERS)
STAFF = Access(CASE_WORKERS - {Role.PRODUCER})


def of(*roles: Role) -> Access:
    """Only these roles."""
    return Access(frozenset(roles))


@dataclass(frozen=True)
class RouteAccess:
    """One line of the access table."""

    method: str
    path: str
    access: Access


Check = Callable[["Desk", Mapping[str, Any]], None]
"""Refuses a page, for what its path names, to somebody whose role has business with it."""


def declare(endpoint: Any, access: Access, check: Check | None = None) -> None:
    """Say on the endpoint itself who may use it, and what is asked of the case before (`check`)."""
    endpoint.__dict__["access"], endpoint.__dict__["check"] = access, check


def access_table(app: FastAPI) -> list[RouteAccess]:
    """Every route with who may use it, by path and method.

    Raises:
        LookupError: a route does not say it.
    """
    found = [line for route in app.routes for line in _lines(route)]
    return sorted(found, key=lambda line: (line.path, line.method))


def _lines(route: BaseRoute) -> list[RouteAccess]:
    if isinstance(route, Mount):
        return [RouteAccess("GET", f"{route.path}/…", _declared(route.app, route.path))]
    if isinstance(route, APIRoute):
        access = _declared(route.endpoint, route.path)
        return [RouteAccess(method, route.path, access) for method in sorted(route.methods or ()) if method != "HEAD"]
    raise LookupError(f"{route} does not say who may use it")


def _declared(endpoint: Callable[..., Any], path: str) -> Access:
    access = getattr(endpoint, "__dict__", {}).get("access")
    if not isinstance(access, Access):
        raise LookupError(f"{path} does not say who may use it")
    return access
