"""The pages, one module a screen; each adds its entry to the main menu."""

from __future__ import annotations

from fastapi import APIRouter


def pages_routers() -> list[APIRouter]:
    """All pages and the forms' targets."""
    from portal.acts.all import ACTS
    from portal.acts.pages import register_pages
    from portal.pages import (
        account,
        accounts,
        api_guide,
        audit,
        calendar_feed,
        certificates,
        councils,
        dossiers,
        files,
        home,
        inbox,
        items,
        many_items,
        papers,
        people,
        public,
        registrations,
        reports,
        rounds,
        second_factor,
        settings,
        sheets,
        signing_in,
        system,
        workbooks,
    )

    acts = APIRouter()
    register_pages(acts, ACTS)
    modules = (
        home,
        many_items,
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
        certificates,
        public,
        signing_in,
        second_factor,
        account,
        accounts,
        api_guide,
        calendar_feed,
        settings,
        people,
        system,
        audit,
    )
    return [module.router for module in modules] + [acts]
