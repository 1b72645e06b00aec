"""A whole installation with its portal, and the people's browsers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright
from sqlalchemy import select

from deployments.prefect_env import use_server
from deployments.prefect_server import free_port
from deployments.stack import Stack
from models.accounts import managing, totp
from models.accounts.signing_in import account_of, set_password
from models.actors import SYSTEM
from models.database import transaction
from models.enums import Role
from models.offices.setup import give_role
from models.settings import Settings
from models.tables import Account, Capacity, Office, Person
from tests.integration.flows.conftest import Installation
from tests.surroundings import pointing_to, ready_for_prefect

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
PICTURES = Path(__file__).parents[2] / "docs" / "huong-dan" / "hinh"
"""Where pictures for the guides go, when `OCOP_PICTURES` is set; else they are only taken."""
PATIENCE_MS = 30_000
"""How long a page may take on a machine that does much else besides; nothing is measured here."""

expect.set_options(timeout=PATIENCE_MS)
SEE_ALL = """() => Promise.all([...document.images].map(
    image => { image.loading = 'eager'; return image.decode().catch(() => null); }))"""
MOST_HIGH, MOST_BYTES = 1400, 140_000


@dataclass
class Site:
    """One installation with a portal."""

    installation: Installation
    address: str
    browser: Browser | None = None
    _secrets: dict[str, str] = field(default_factory=dict)
    _signed_in: dict[str, StorageState] = field(default_factory=dict)

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

    def somebody(self, role: Role) -> str:
        """The code of a person of this role; made, in the coordination office, where the office has none."""
        with transaction(self.installation.runner.url) as session:
            held = session.scalars(select(Capacity).where(Capacity.role == role)).first()
            if held is not None:
                return held.person.code
            person = Person(code=f"nguoi-{role}".replace("_", "-"), name=f"Người {role.label.lower()}")
            session.add(person)
            office = session.scalars(select(Office).where(Office.code == "vpdp")).one()
            give_role(session, person, role, date(2024, 1, 1), office=office)
            return person.code

    @contextmanager
    def person(self, code: str, size: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Iterator[Page]:
        """The browser of a person who has signed in through the page; a second one goes on in the same session."""
        self.give_account(code)
        context = self._context(size, scripts=scripts, state=self._signed_in.get(code))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/")
        if not page.locator("header .who").count():
            self._sign_in(page, code)
            self._signed_in[code] = context.storage_state()
        yield page
        context.close()

    def forget(self, code: str) -> None:
        """The next browser of this person begins without a session."""
        self._signed_in.pop(code, None)

    @contextmanager
    def stranger(self, size: tuple[int, int] = DESKTOP) -> Iterator[Page]:
        """A browser of somebody who has not signed in."""
        context = self._context(size)
        page = context.new_page()
        yield page
        context.close()

    def _context(
        self, size: tuple[int, int], *, scripts: bool = True, state: StorageState | None = None
    ) -> BrowserContext:
        width, height = size
        assert self.browser is not None, "at_work_in was not entered"
        return self.browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=scripts,
            storage_state=state,
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
def site_over(home: Path, folders: pytest.TempPathFactory) -> Iterator[Site]:
    """Server, worker and portal over an empty folder; who uses them enters it by `at_work_in`."""
    ready_for_prefect(home / "prefect", folders)
    stack = Stack(Settings(home=home, prefect_port=free_port(), portal_port=free_port()), portal=True)
    try:
        with pointing_to(home):
            stack.start(scheduled=False)
        yield Site(Installation(stack), stack.portal_url)
    finally:
        stack.stop()


@contextmanager
def at_work_in(site: Site) -> Iterator[None]:
    """This process is of that installation, and a browser is there.

    Only while tests of the portal run: the browser's driver holds an event loop in this thread, in which
    Prefect's own loops could not run.
    """
    stack = site.installation.stack
    with pointing_to(stack.settings.home):
        use_server(f"{stack.url}/api", stack.settings.home / "prefect")
        with sync_playwright() as playwright:
            site.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            try:
                yield
            finally:
                site.browser.close()
                site.browser = None


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


def look_at(page: Page, name: str) -> None:
    """See that the page as it stands is accessible and fits, and take a picture of it."""
    check_accessible(page)
    picture(page, name)


def picture(page: Page, name: str) -> None:
    """Take a picture of the page; kept for the guides when `OCOP_PICTURES` is set."""
    assert re.fullmatch(r"[a-z0-9-]+", name), name
    page.evaluate(SEE_ALL)
    page.evaluate("window.scrollTo(0, 0)")  # what sticks to the window stands where people first see it
    content = page.screenshot(full_page=True)
    if os.environ.get("OCOP_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(small(content))


def small(content: bytes) -> bytes:
    """The picture as the guides show it: the top of the page, in few colours, so that the repository stays small."""
    taken = Image.open(BytesIO(content)).convert("RGB")
    shown = taken.crop((0, 0, taken.width, min(taken.height, MOST_HIGH)))
    for colours in (128, 64, 32, 16):
        made = BytesIO()
        shown.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= MOST_BYTES:
            break
    return made.getvalue()
