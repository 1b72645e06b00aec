"""What people's hands do on the pages: find what waits, fill in a form, send it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, TimeoutError, expect

OPENED_WITHIN_SECONDS = 90.0
"""How long the engine may take to open the next step; generous, as the machines of a CI are."""

LOOK_AGAIN_MS = 300


def take_up(page: Page, step: str, about: str = "") -> None:
    """Open an item from «Việc của tôi», loading the page again until it is there."""
    row = page.locator("main tbody tr").filter(has_text=step).filter(has_text=about)
    limit = time.monotonic() + OPENED_WITHIN_SECONDS
    while time.monotonic() < limit:
        page.goto("/")
        try:
            row.first.wait_for(timeout=LOOK_AGAIN_MS)
        except TimeoutError:
            continue
        row.get_by_role("link", name=step).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(step)
        return
    raise AssertionError(f"«{step}» ({about}) never came into «Việc của tôi»")


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Fill in controls by their names, each as its kind wants it."""
    for name, value in values.items():
        _fill(page.locator(f'main [name="{name}"]:not([type=hidden])'), value)


def _fill(controls: Locator, value: str) -> None:
    kind = controls.first.evaluate("control => control.type")
    if kind in {"radio", "checkbox"}:
        choose(controls, value)
    elif kind == "select-one":
        controls.first.select_option(value)
    elif kind == "file":
        controls.first.set_input_files(value)
    else:
        controls.first.fill(value)


def choose(controls: Locator, value: str) -> None:
    """Choose the button of a group that stands for `value`."""
    controls.and_(controls.page.locator(f'[value="{value}"]')).first.check()


def press(page: Page, button: str) -> None:
    """Press a button of the page's own content."""
    page.locator("main").get_by_role("button", name=button, exact=True).click()


def send(page: Page, button: str, told: str) -> None:
    """Press the button and read that it was done."""
    press(page, button)
    expect(page.locator(".flash").first).to_contain_text(told)


def told_wrong(page: Page, name: str, words: str) -> None:
    """The page says what is wrong, at the control of this name."""
    expect(page.locator("#loi")).to_be_visible()
    at = page.locator(f'main .field:has([name="{name}"]), main fieldset:has(> .options [name="{name}"])').last
    expect(at.locator(".problems")).to_contain_text(words)
