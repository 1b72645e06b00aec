"""Every page that the portal has, as somebody who may see it: it is whole, accessible, and fits phone and desk.

The routes come from the access table, so that a new page is walked through as soon as it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from models.accounts import tokens
from models.enums import Role, TokenScope
from models.files.kinds import FileKind
from models.process import step_definition
from models.process.kinds import StepKind
from models.tables import (
    ApiToken,
    Certificate,
    Channel,
    Council,
    CouncilSession,
    Document,
    Dossier,
    Office,
    Person,
    PortalSession,
    Product,
    Round,
    SessionProduct,
    StoredFile,
    WorkItem,
)
from models.workbooks.books import BOOKS
from portal.access import RouteAccess, access_table
from portal.app import create_app
from portal.pages.reports import MAKERS
from tests.e2e.hands import fill
from tests.e2e.playing import MEMBERS, OFFICER, PRODUCT, Play
from tests.e2e.site import DESKTOP, PHONE, check_accessible

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # a whole round is played before the first

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
ELSEWHERE = {"/sign-in/identity", "/sign-in/identity/back", "/ical/{token}.ics", "/static/…"}
"""Not pages: for a provider of identities, for calendar programs, files. They have tests of their own."""

NOT_IN_THIS_ROUND = {
    "/items/{item_id}/correction/decision",
    "/items/{item_id}/correction/higher_level_result",
}
"""Corrections of what only a product that went up to the level above has (tests/unit/portal/test_decision_pages.py)."""

NEXT_ROUND, AGAIN, NEXT_PRODUCT = "2024-2", "Bánh gai Huân Hường", "Hạt sen Anh Sơn"
MOST_TRIES = 400
OK, REFUSED = 200, 400


def pages() -> list[RouteAccess]:
    """Every address that somebody may open in a browser."""
    return [
        line
        for line in access_table(create_app())
        if line.method == "GET" and not line.path.startswith("/api/") and line.path not in ELSEWHERE | NOT_IN_THIS_ROUND
    ]


@dataclass
class Walk:
    """The played round with a browser for everybody, and what may stand in the addresses."""

    play: Play
    people: dict[Role, str]
    values: dict[str, list[Any]]
    stack: ExitStack = field(default_factory=ExitStack)
    wrong: list[str] = field(default_factory=list)
    _open: dict[str, Page] = field(default_factory=dict)

    def page_of(self, person: str) -> Page:
        """The browser of a person, signed in once; the empty name is a stranger's."""
        if person not in self._open:
            site = self.play.site
            opened = site.person(person) if person else site.stranger()
            self._open[person] = page = self.stack.enter_context(opened)
            self._listen(page)
        return self._open[person]

    def _listen(self, page: Page) -> None:
        """Note what the browser complains of: a policy that is broken, a script that fails, a file not found."""
        note = self.wrong.append
        page.on("console", lambda said: note(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: note(str(error)))
        page.on("response", lambda got: note(f"{got.status} {got.url}") if got.status >= REFUSED else None)

    def find(self, line: RouteAccess) -> tuple[Page, str]:
        """Somebody who is given the page, and its address; better the page itself than one that it leads to."""
        led_on: tuple[Page, str] | None = None
        for tried, (address, person) in enumerate(product(self._addresses(line.path), self._who(line))):
            assert tried < MOST_TRIES, f"{line.path}: nobody is given the page"
            page = self.page_of(person)
            answer = page.request.get(address, max_redirects=0)
            if answer.status == OK:
                return page, address
            if answer.status in {302, 303, 307}:
                led_on = led_on or (page, address)
        assert led_on is not None, f"{line.path}: nobody is given the page"
        return led_on

    def _who(self, line: RouteAccess) -> list[str]:
        if line.access.public:
            return [""]
        return [person for role, person in self.people.items() if role in line.access.roles]

    def _addresses(self, path: str) -> Iterator[str]:
        names = PARAMETER.findall(path)
        for values in product(*(self._values(path, name) for name in names)):
            address = path
            for name, value in zip(names, values, strict=True):
                address = re.sub(r"\{" + name + r"(:\w+)?\}", quote(str(value), safe=""), address)
            yield address

    def _values(self, path: str, name: str) -> list[Any]:
        before = path.partition("{" + name)[0].strip("/").split("/")
        for key in (f"{before[0]}/{name}", name):
            if key in self.values:
                return self.values[key]
        pytest.fail(f"{path}: tests/e2e/test_every_page.py does not know what stands for «{name}»; add it to _known")


@pytest.fixture(scope="module")
def walk(played: Play) -> Iterator[Walk]:
    """The round that was played; the next one is open, and a product is half registered for it."""
    site = played.site
    people = site.installation.people
    site.set_day(date(2024, 7, 1))
    people.inspects(PRODUCT, passed=True, findings="Cơ sở giữ đúng điều kiện.")
    people.opens_round(NEXT_ROUND)
    people.hands_in(AGAIN, NEXT_ROUND, without=("product_story",))
    people.returns(AGAIN, ["product_story"])
    _begin_registration(played)
    site.installation.runner.settle()
    people.hands_in_again(AGAIN, NEXT_ROUND, ("product_story",))
    _bring_workbook(played)
    made = Walk(played, _people(played), {})
    for person in made.people.values():
        made.page_of(person)
    with site.installation.runner.transaction() as session:
        officer = session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()
        now = datetime.now(UTC)
        tokens.create(session, officer, "Bảng tính", [TokenScope.READ], now.date() + timedelta(days=30), now)
        office = session.scalars(select(Office).where(Office.code == "vpdp")).one()
        session.add(Channel(office_id=office.id, url="json://127.0.0.1:9/"))
    made.values = _known(played)
    with made.stack:
        yield made


def _begin_registration(play: Play) -> None:
    with play.site.installation.runner.transaction() as session:
        found = session.scalars(select(Product).where(Product.name == NEXT_PRODUCT)).one()
        person, number = f"chu-the-{found.producer.code}", found.id
    with play.site.person(person) as page:
        page.goto(f"/registrations/{NEXT_ROUND}/{number}/start")
        fill(page, {"target_stars": "3"})
        page.locator("main form button").first.click()
        expect(page.get_by_role("heading", name="2. Phiếu đăng ký (mẫu 01)")).to_be_visible()


def _bring_workbook(play: Play) -> None:
    """The plan's own template, brought as it was given: a file in the store, and its trial."""
    with play.site.person("dieu-phoi") as page:
        template = page.request.get("/workbooks/plan/template")
        page.goto("/workbooks/plan/check")
        given = {"name": "ke-hoach.xlsx", "mimeType": FileKind.XLSX.value, "buffer": template.body()}
        page.locator("main input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        page.locator("main form button").first.click()
        expect(page).to_have_url(re.compile("/workbooks/plan/files/"))


def _people(play: Play) -> dict[Role, str]:
    """Somebody of each role, those first who are given most."""
    return {
        Role.COORDINATOR: "dieu-phoi",
        Role.COUNCIL_SECRETARY: "thu-ky",
        Role.LEADER: "lanh-dao",
        Role.COUNCIL_MEMBER: MEMBERS[0],
        Role.ADMINISTRATOR: play.site.somebody(Role.ADMINISTRATOR),
        Role.PRODUCER: play.producer,
        Role.COMMUNE_OFFICER: OFFICER,
        Role.CONSULTANT: "tu-van-1",
        Role.TECHNICAL_OFFICER: "kiem-tra",
        Role.ADVISORY_MEMBER: play.site.somebody(Role.ADVISORY_MEMBER),
        Role.AUDITOR: play.site.somebody(Role.AUDITOR),
    }


def _known(play: Play) -> dict[str, list[Any]]:
    """What may stand for each parameter; `rounds/code` before `code`."""
    columns: Mapping[str, Any] = {
        "rounds/code": Round.code,
        "exports/code": Round.code,
        "dossiers/code": Dossier.code,
        "certificates/code": Certificate.code,
        "c/code": Certificate.code,
        "people/code": Person.code,
        "items/item_id": WorkItem.id,
        "account/session_id": PortalSession.id,
        "sessions/session_id": CouncilSession.id,
        "registrations/product_id": Product.id,
        "product_id": SessionProduct.id,
        "token_id": ApiToken.id,
        "channel_id": Channel.id,
        "council_id": Council.id,
        "office": Office.code,
        "sha256": StoredFile.sha256,
        "kind": Document.kind,
        "subject": Document.subject,
    }
    with play.site.installation.runner.transaction() as session:
        found = {name: list(session.scalars(select(column))) for name, column in columns.items()}
        half = session.scalars(select(Product.id).where(Product.name == NEXT_PRODUCT)).one()
    fixed: dict[str, list[Any]] = {
        "round": [NEXT_ROUND],
        "year": [2024],
        "number": [1],
        "name": list(MAKERS),
        "book": list(BOOKS),
    }
    first: dict[str, list[Any]] = {
        "registrations/product_id": [half],
        "dossiers/code": [play.dossier, *found["dossiers/code"]],
        "certificates/code": [play.certificate, *found["certificates/code"]],
        "c/code": [play.certificate],
    }
    return found | fixed | first


@pytest.mark.parametrize("line", pages(), ids=lambda line: line.path)
def test_page_is_whole_accessible_and_fits_phone_and_desk(walk: Walk, line: RouteAccess) -> None:
    page, address = walk.find(line)
    _look(walk, page, address)


def _look(walk: Walk, page: Page, address: str) -> None:
    given = page.request.get(address)
    if not given.headers["content-type"].startswith("text/html") or "<html" not in given.text():
        return  # a picture, a file, a part of a page: that it is given was seen

    walk.wrong.clear()
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == OK
    check_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert walk.wrong == []


def test_item_of_every_kind_is_whole_for_whom_it_waits(walk: Walk) -> None:
    with walk.play.site.installation.runner.transaction() as session:
        latest = select(WorkItem.kind, func.max(WorkItem.id)).group_by(WorkItem.kind)
        items = [(kind, number) for kind, number in session.execute(latest)]

    for kind, number in items:
        role, address = step_definition(kind).role, f"/items/{number}"
        people = [walk.people[role], *walk.people.values()]
        seen = next(one for one in people if walk.page_of(one).request.get(address, max_redirects=0).status == OK)
        _look(walk, walk.page_of(seen), address)
    assert StepKind.SCORE_SHEET in {kind for kind, _ in items}
