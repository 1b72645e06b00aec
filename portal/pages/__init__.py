"""The pages, one module a screen; each adds its entry to the main menu."""

from __future__ import annotations

from fastapi import APIRouter


def pages_routers() -> list[APIRouter]:
    """All pages and the forms' targets."""
    from portal.acts.all import ACTS
    from portal.acts.pages import register_pages
    from portal.pages import account, audit, certificates, home, items, people, public, settings, signing_in, system

    acts = APIRouter()
    register_pages(acts, ACTS)
    modules = (home, items, signing_in, account, public, certificates, settings, people, system, audit)
    return [module.router for module in modules] + [acts]
