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
        calendar_feed,
        councils,
        home,
        items,
        many_items,
        second_factor,
        sheets,
        signing_in,
    )

    modules = (
        home, many_items, items, councils, sheets, signing_in, second_factor, account, accounts, calendar_feed,
    )  # fmt: skip
    acts = APIRouter()
    register_pages(acts, ACTS)
    return [module.router for module in modules] + [acts]
