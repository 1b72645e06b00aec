"""The pages, one module a screen; each adds its entry to the main menu."""

from __future__ import annotations

from fastapi import APIRouter


def pages_routers() -> list[APIRouter]:
    """All pages and the forms' targets."""
    from portal.acts.all import ACTS
    from portal.acts.pages import register_pages
    from portal.pages import (
        account,
        councils,
        dossiers,
        files,
        home,
        inbox,
        items,
        papers,
        registrations,
        reports,
        rounds,
        sheets,
        signing_in,
        workbooks,
    )

    acts = APIRouter()
    register_pages(acts, ACTS)
    modules = (
        home,
        items,
        councils,
        sheets,
        inbox,
        rounds,
        dossiers,
        registrations,
        files,
        papers,
        reports,
        workbooks,
        signing_in,
        account,
    )
    return [module.router for module in modules] + [acts]
