"""A whole installation with its portal, and the people's browsers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from deployments.prefect_server import free_port
from deployments.stack import Stack
from models.accounts import managing, totp
from models.accounts.signing_in import account_of, set_password
from models.actors import SYSTEM
from models.database import transaction
from models.settings import Settings, settings
from models.tables import Account, Person
from tests.integration.flows.conftest import Installation

PASSWORD = "một câu dài để thử"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, TABLET, PHONE = (1280, 800), (820, 1180), (390, 844)
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SERIOUS = {"serious", "critical"}
PICTURES = Path(__file__).parents[2] / "docs" / "hinh"
"""Where pictures for the guides go, when `OCOP_PICTURES` is set; else they are only taken."""


@dataclass
class Site:
    """One installation with a portal."""

    installation: Installation
    browser: Browser
    address: str
    _secrets: dict[str, str] = field(default_factory=dict)

    def set_day(self, on: date) -> None:
        """Make it this day, for the portal as for the flows."""
        self.installation.runner.set_day(on)

    def give_account(self, code: str) -> None:
        """An account with a password of the person's own, and a second factor where the role asks for one."""
        if code in self._secrets:
            return
        now = datetime.now(UTC)
        with transaction(self.installation.runner.url) as session:
            person = session.scalars(select(Person).where(Person.code == code)).one()
            if session.scalar(select(Account).where(Account.person_id == person.id)) is None:
                managing.add_account(session, person, SYSTEM, now)
            account = account_of(session, person)
            set_password(session, account, PASSWORD, now)
            self._secrets[code] = ""
            if totp.is_required_of(session, person, self.installation.runner.clock.today()):
                totp.enrol(session, account)
                self._secrets[code] = account.totp_secret or ""
                account.totp_confirmed_at = now

    @contextmanager
    def person(self, code: str, size: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Iterator[Page]:
        """The browser of a person who has signed in through the page."""
        self.give_account(code)
        context = self._context(size, scripts=scripts)
        page = context.new_page()
        page.set_default_timeout(20_000)
        self._sign_in(page, code)
        yield page
        context.close()

    @contextmanager
    def stranger(self, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
        """A browser of somebody who has not signed in."""
        context = self._context(size)
        page = context.new_page()
        yield page
        context.close()

    def _context(self, size: tuple[int, int], *, scripts: bool = True) -> BrowserContext:
        width, height = size
        return self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts,
        )

    def _sign_in(self, page: Page, code: str) -> None:
        page.goto("/sign-in")
        page.fill("#login", code)
        page.fill("#password", PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        if self._secrets[code]:
            page.locator("[name=code]").fill(pyotp.TOTP(self._secrets[code]).now())
            page.locator("main button").first.click()
        expect(page.locator("header .who")).to_be_visible()


@contextmanager
def site_over(home: Path, playwright: Playwright) -> Iterator[Site]:
    """Server, worker and portal over an empty folder, and a browser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCOP_HOME", str(home))
        patch.delenv("OCOP_DATABASE_URL", raising=False)
        settings.cache_clear()
        stack = Stack(Settings(home=home, prefect_port=free_port(), portal_port=free_port()), portal=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            stack.start(scheduled=False)
            yield Site(Installation(stack), browser, stack.portal_url)
        finally:
            browser.close()
            stack.stop()
            settings.cache_clear()


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def check_accessible(page: Page) -> None:
    """Nothing serious that axe-core finds on the page as it stands, and nothing wider than the window."""
    page.evaluate(_axe())  # by the debugger: the page's own policy lets no foreign script in
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    bad = [
        f"{one['id']}: {node['html'][:160]} – {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
    assert bad == [], page.url
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url}: {wide} px wider than the window"


def picture(page: Page, name: str) -> None:
    """Take a picture of the page; kept for the guides when `OCOP_PICTURES` is set."""
    content = page.screenshot(full_page=True)
    if os.environ.get("OCOP_PICTURES"):
        assert re.fullmatch(r"[a-z0-9-]+", name), name
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(content)
