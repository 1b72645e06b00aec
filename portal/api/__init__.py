"""The REST API: reads under their own paths, acts under those of their pages."""

from __future__ import annotations

from fastapi import APIRouter

PREFIX = "/api/v1"


def api_router() -> APIRouter:
    """A router under the address of the API."""
    return APIRouter(prefix=PREFIX)


def api_routers() -> list[APIRouter]:
    """All calls of the API."""
    from portal.acts.all import ACTS
    from portal.acts.calls import register_calls
    from portal.api import (
        accounts,
        audit,
        certificates,
        councils,
        document,
        dossiers,
        files,
        items,
        papers,
        people,
        registrations,
        reports,
        rounds,
        settings,
        system,
        work,
        workbooks,
    )

    acts = api_router()
    register_calls(acts, ACTS)
    modules = (
        document,
        items,
        work,
        councils,
        rounds,
        dossiers,
        registrations,
        files,
        papers,
        reports,
        workbooks,
        certificates,
        settings,
        people,
        accounts,
        system,
        audit,
    )
    return [module.router for module in modules] + [acts]
