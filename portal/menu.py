"""The main menu: each page's module adds its own entry; long menus are grouped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from models.enums import Role
from portal.access import CASES, Access

LONGEST = 6
"""Entries that stand side by side, on one line of an old laptop; a longer menu is grouped [ours]."""

ROUNDS, REPORTS, KEEPING = "Đợt và hồ sơ", "Báo cáo", "Quản trị"


@dataclass(frozen=True)
class Link:
    """One entry of the main menu; `order` says where it stands. `alone`: the pages below its own are not its.

    Entries of one `group` stand one after another and, in a long menu, below its name.
    """

    label: str
    path: str
    access: Access = CASES
    order: int = 50
    alone: bool = False
    group: str = ""


@dataclass(frozen=True)
class Shown:
    """One entry as a visitor sees it: a page, or a group of pages (`below`). `here`: it leads to the page shown."""

    label: str
    path: str
    here: bool
    below: list[Shown] = field(default_factory=list)


MENU: list[Link] = []


def menu_of(roles: frozenset[Role], path: str, may_open: Callable[[str], bool] = lambda _path: True) -> list[Shown]:
    """The menu of somebody in these roles who looks at `path`; `may_open` asks the pages themselves."""
    known = (link for link in MENU if link.access.lets_in(roles) and may_open(link.path))
    links = sorted(known, key=lambda link: link.order)
    best = max((link.path for link in links if _leads(link, path)), key=len, default=None)
    if len(links) <= LONGEST:
        return [_shown(link, best) for link in links]
    return list(_grouped(links, best))


def _grouped(links: list[Link], best: str | None) -> Iterator[Shown]:
    for group, members in groupby(links, key=lambda link: link.group or link.path):
        shown = [_shown(link, best) for link in members]
        yield shown[0] if len(shown) == 1 else Shown(group, "", any(one.here for one in shown), shown)


def _shown(link: Link, best: str | None) -> Shown:
    return Shown(link.label, link.path, link.path == best)


def _leads(link: Link, path: str) -> bool:
    return path == link.path or (link.path != "/" and not link.alone and path.startswith(f"{link.path}/"))
