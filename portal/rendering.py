"""Templates into pages: one Jinja environment, with the words and links that all pages share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from models.addresses import in_address
from models.clock import VN_TZ
from models.forms.words import outcome_in_words
from models.regimes.naming import regime_named
from portal.where import here

STATIC = files("portal").joinpath("static")


@cache
def environment() -> Environment:
    """The templates of `templates/pages/`; what is not there is an error, what is put in is escaped."""
    env = Environment(
        loader=PackageLoader("templates", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters.update(
        day=day,
        moment=moment,
        outcome=outcome_in_words,
        left=days_left,
        path=in_address,
        here=here,
        regime=regime_named,
    )
    env.globals.update(static=static_address, query=query)
    return env


def render(template: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """The page made of `template`."""
    return HTMLResponse(environment().get_template(template).render(context), status)


@cache
def static_address(name: str) -> str:
    """The address of a static file with its hash in it, so that browsers keep it for good."""
    content = STATIC.joinpath(name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def day(value: date | datetime | None) -> str:
    """`30/05/2024`, or nothing."""
    if isinstance(value, datetime):
        value = value.astimezone(VN_TZ).date()
    return f"{value:%d/%m/%Y}" if value is not None else ""


def moment(value: datetime | None) -> str:
    """`30/05/2024 14:05` in Viet Nam, or nothing."""
    return f"{value.astimezone(VN_TZ):%d/%m/%Y %H:%M}" if value is not None else ""


def days_left(days: int | None) -> str:
    """`còn 3 ngày`, `hôm nay`, `trễ 2 ngày`; nothing when the clock stands."""
    if days is None:
        return ""
    if days == 0:
        return "hôm nay"
    return f"còn {days} ngày" if days > 0 else f"trễ {-days} ngày"


def query(**parts: object) -> str:
    """`?commune=…&late=1` of the parts that are there; nothing when none is."""
    there = {key: part for key, part in parts.items() if part not in (None, "", False)}
    return f"?{urlencode(there)}" if there else ""
