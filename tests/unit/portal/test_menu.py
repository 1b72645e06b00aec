"""The main menu: short ones side by side, long ones grouped."""

from __future__ import annotations

import pytest

from models.enums import Role
from portal.app import create_app
from portal.menu import MENU, menu_of

create_app()  # the pages add their entries

ROLES = [role for role in Role if role is not Role.SYSTEM]


def labels(*roles: Role, path: str = "/") -> list[str]:
    return [one.label for one in menu_of(frozenset(roles), path)]


def test_short_menu_is_not_grouped() -> None:
    assert labels(Role.PRODUCER) == [
        "Việc của tôi", "Thông báo", "Đợt", "Hồ sơ", "Đăng ký sản phẩm", "Giấy chứng nhận",
    ]  # fmt: skip


def test_long_menu_is_grouped() -> None:
    assert labels(Role.COORDINATOR) == [
        "Việc của tôi", "Thông báo", "Đợt và hồ sơ", "Hội đồng", "Giấy chứng nhận", "Báo cáo", "Quản trị",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_menu_leads_to_every_page_that_is_open_to_the_role_once(role: Role) -> None:
    menu = menu_of(frozenset({role}), "/")

    paths = sorted(link.path for one in menu for link in one.below or [one])

    assert paths == sorted(link.path for link in MENU if link.access.lets_in(frozenset({role})))
    assert all(len(one.below) != 1 for one in menu)


def test_group_of_the_page_shown_is_marked() -> None:
    menu = menu_of(frozenset({Role.COORDINATOR}), "/dossiers/D1")

    assert [one.label for one in menu if one.here] == ["Đợt và hồ sơ"]
    assert [one.path for group in menu for one in group.below if one.here] == ["/dossiers"]
