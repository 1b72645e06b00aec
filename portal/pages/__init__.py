"""The pages, one module a screen; each adds its entry to the main menu."""

from __future__ import annotations

from fastapi import APIRouter


def pages_routers() -> list[APIRouter]:
    """All pages and the forms' targets."""
    from portal.acts.all import ACTS
    from portal.acts.pages import register_pages
    from portal.pages import account, files, home, items, registrations, signing_in

    acts = APIRouter()
    register_pages(acts, ACTS)
    return [module.router for module in (home, items, registrations, files, signing_in, account)] + [acts]
