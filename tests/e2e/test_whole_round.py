"""A round from its opening to the certificate, with nothing but a browser in people's hands."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from models.tables import ScoreSheet
from tests.e2e.playing import MEMBERS, POINTS, PRODUCT, ROUND, Play
from tests.e2e.site import PHONE, check_accessible, picture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # a whole round is played before the first


def test_round_played_through_the_pages_ends_with_a_certificate_that_anybody_can_look_up(played: Play) -> None:
    with played.site.stranger(PHONE) as page:
        page.goto(f"/c/{played.certificate}")

        expect(page.locator("main")).to_contain_text(PRODUCT)
        expect(page.locator("main")).to_contain_text("1201/QĐ-UBND")
        expect(page.locator("main")).not_to_contain_text("0912345678")
        check_accessible(page)
        picture(page, "tra-cuu-giay-chung-nhan")


def test_story_of_the_dossier_names_everybody_who_acted(played: Play) -> None:
    with played.site.person("dieu-phoi") as page:
        page.goto(f"/dossiers/{played.dossier}")

        for name in ("Lê Thị Hương", "Đỗ Thị Dũng", "Đỗ Thị Nga", "Phạm Thị Lan"):
            expect(page.locator("main")).to_contain_text(name)
        check_accessible(page)
        picture(page, "dieu-phoi-ho-so")


def test_every_sheet_of_the_round_is_there_once(played: Play) -> None:
    with played.site.installation.runner.transaction() as session:
        totals = [sheet.total for sheet in session.scalars(select(ScoreSheet).order_by(ScoreSheet.member_id))]

    assert totals == [POINTS + number % 3 for number in range(len(MEMBERS))]


def test_board_of_the_round_shows_on_the_phone_what_the_product_became(played: Play) -> None:
    with played.site.person("dieu-phoi", PHONE) as page:
        page.goto(f"/rounds/{ROUND}")

        row = page.locator("main tbody tr", has_text=PRODUCT)
        expect(row.get_by_role("img", name="3 sao")).to_be_visible()
        expect(row.get_by_role("link", name=PRODUCT)).to_have_attribute("href", f"/dossiers/{played.dossier}")
        check_accessible(page)
