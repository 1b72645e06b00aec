"""A round that takes dossiers, and producers at the wizard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from models.criteria import load_set
from models.database import transaction
from models.enums import Role
from models.office_clock import set_stored_now
from models.offices.setup import give_role
from models.tables import Person, Product
from tests.factories import CAKE, HANDED_IN, ROUND, open_round, producer_of, sheet_of
from tests.portal_client import Browser, sign_in

FORM_01 = {
    "unit": "Cơ sở Huân Hường",
    "representative": "Lê Thị Hường",
    "post": "Chủ cơ sở",
    "address": "Thọ Xuân",
    "phone": "0912345678",
    "product_name": CAKE,
    "group": "Bánh",
    "undertaking": "true",
}
FORM_02 = {
    "organisation_form": "household",
    "registration_number": "26A8001234",
    "registered_on": "2019-03-02",
    "representative": "Lê Thị Hường",
    "representative_sex": "Nữ",
    "representative_ethnic_group": "Kinh",
    "results": "Doanh thu tăng",
    "plan": "Mở rộng xưởng",
}
SET = 6


def take_dossiers(url: str, now: datetime = HANDED_IN) -> None:
    """Open the round on the day it is for the portal."""
    with transaction(url) as session:
        set_stored_now(session, now)
        open_round(session)


def product_id(url: str, name: str = CAKE) -> int:
    """The id of a product."""
    with transaction(url) as session:
        return session.scalars(select(Product.id).where(Product.name == name)).one()


def producer(url: str, name: str = CAKE) -> str:
    """The code of somebody of the product's producer."""
    with transaction(url) as session:
        product = session.scalars(select(Product).where(Product.name == name)).one()
        return session.get_one(Person, producer_of(session, product).person_id).code


def colleague(url: str, name: str = CAKE) -> str:
    """One more person of the same producer."""
    with transaction(url) as session:
        product = session.scalars(select(Product).where(Product.name == name)).one()
        person = Person(code="ke-toan", name="Hà Văn Toán")
        session.add(person)
        session.flush()
        give_role(session, person, Role.PRODUCER, HANDED_IN.date(), producer_id=product.producer_id)
    return "ke-toan"


def root(url: str, name: str = CAKE) -> str:
    """The address of the wizard for a product."""
    return f"/registrations/{ROUND}/{product_id(url, name)}"


def begun(client: TestClient, url: str, now: datetime, name: str = CAKE) -> Browser:
    """A producer who has chosen to register for the first time."""
    browser = sign_in(client, url, producer(url, name), now)
    browser.get(f"{root(url, name)}/start")
    browser.send(f"{root(url, name)}/start", {"version": "0", "start": "first", "target_stars": "3"})
    return browser


def step(browser: Browser, path: str, fields: dict[str, Any]) -> Browser:
    """Open a step and send it filled in so."""
    page = browser.get(path)
    version = page.text.split('id="phien-ban" value="')[1].split('"')[0]
    browser.send(path, {"version": version, **fields})
    return browser


def filled(client: TestClient, url: str, now: datetime) -> Browser:
    """A producer whose draft has all but papers."""
    browser, at = begun(client, url, now), root(url)
    step(browser, f"{at}/registration", FORM_01)
    step(browser, f"{at}/self_assessment", FORM_02)
    step(browser, f"{at}/scores", {f"scores[{code}]": str(points) for code, points in sheet_of(60).items()})
    return browser


def all_codes() -> list[str]:
    """The codes of all criteria."""
    return list(load_set("qd148", SET).criteria)
