"""The REST API: reads under their own paths, acts under those of their pages."""

from __future__ import annotations

from fastapi import APIRouter


def api_router() -> APIRouter:
    """All calls of the API."""
    from portal.acts.all import ACTS
    from portal.acts.calls import register_calls
    from portal.api import document, items

    router = APIRouter()
    for module in (document, items):
        router.include_router(module.router)
    register_calls(router, ACTS)
    return router
