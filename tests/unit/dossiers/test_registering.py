"""How a product may be registered on a day, and who is shown it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.acting import capacities_of
from models.actors import Held
from models.dossiers.handing_in import withdraw
from models.dossiers.registering import before, registration_of, starts_open
from models.dossiers.registration_draft import Seen, start, whole
from models.dossiers.registration_list import registration_page
from models.enums import Role
from models.errors import InputError, NotFoundError, WrongMomentError
from models.paging import PageAsked
from models.rounds.queries import product_by_name
from models.tables import Office, Person, Product, Round
from tests.factories import (
    CAKE,
    HANDED_IN,
    LONGAN,
    at,
    coordinator,
    decided,
    open_round,
    producer_of,
    submit,
)

LATER = at("2024-11-01")


def held(session: Session, person_id: int | None, now: datetime = HANDED_IN) -> list[Held]:
    return capacities_of(session, session.get_one(Person, person_id), now.date())


def own(session: Session, name: str = CAKE) -> list[Held]:
    return held(session, producer_of(session, product_by_name(session, name)).person_id)


def later_round(session: Session) -> Round:
    round_ = open_round(session, "2024-3")
    round_.registration_closes_on = date(2024, 12, 31)
    return round_


def starts(session: Session, product: Product, round_: Round, on: datetime) -> list[tuple[str, int]]:
    return [(one.value, one.stars) for one in starts_open(session, product, round_, on.date())]


def test_product_without_certificate_starts_as_first(session: Session) -> None:
    round_ = open_round(session)

    assert starts(session, product_by_name(session, CAKE), round_, HANDED_IN) == [("first", 3)]


def test_closed_round_opens_no_start(session: Session) -> None:
    round_ = open_round(session)

    assert starts(session, product_by_name(session, CAKE), round_, at("2024-09-30")) == []


def test_product_with_a_dossier_under_way_opens_no_start(session: Session) -> None:
    attempt = submit(session)

    assert starts(session, attempt.dossier.product, attempt.round, HANDED_IN) == []


def test_withdrawn_dossier_is_offered_to_be_handed_in_again_first(session: Session) -> None:
    attempt = submit(session)
    product = attempt.dossier.product
    withdraw(session, attempt.dossier.code, "Sửa lại", producer_of(session, product), HANDED_IN)

    assert starts(session, product, attempt.round, HANDED_IN) == [(f"again:{attempt.dossier.code}", 3), ("first", 3)]


def test_recognised_product_starts_as_upgrade_from_the_dossier_that_earned_it(session: Session) -> None:
    attempt = decided(session, 60)
    product, round_ = attempt.dossier.product, later_round(session)

    found = starts(session, product, round_, LATER)
    reg = registration_of(session, own(session), "2024-3", product.id)
    start(session, reg, "upgrade", {"target_stars": 4, "case": None}, Seen(), LATER)
    begun = registration_of(session, own(session), "2024-3", product.id)
    old = before(session, begun, LATER.date())

    assert found == [("upgrade", 4)]
    assert old is not None
    assert old.id == attempt.id
    kinds = [paper["kind"] for paper in whole(session, begun, LATER.date())["evidence"]]
    assert kinds == [paper.kind.value for paper in attempt.evidence]


def test_start_of_another_kind_or_too_few_stars_is_refused(session: Session) -> None:
    product = decided(session, 60).dossier.product
    later_round(session)
    reg = registration_of(session, own(session), "2024-3", product.id)

    with pytest.raises(InputError, match="không đăng ký được theo loại này"):
        start(session, reg, "first", {}, Seen(), LATER)
    with pytest.raises(InputError, match="nhiều hơn 3 sao"):
        start(session, reg, "upgrade", {"target_stars": 3}, Seen(), LATER)
    with pytest.raises(WrongMomentError):
        start(session, reg, "upgrade", {}, Seen(), at("2025-02-01"))


def test_registration_of_anothers_product_is_not_there(session: Session) -> None:
    open_round(session)
    cake = product_by_name(session, CAKE)

    assert registration_of(session, own(session), "2024-2", cake.id).product is cake
    with pytest.raises(NotFoundError):
        registration_of(session, own(session, LONGAN), "2024-2", cake.id)


def test_list_shows_each_what_they_may_register(session: Session) -> None:
    attempt = submit(session, LONGAN)
    cake = product_by_name(session, CAKE)
    asked = PageAsked()

    mine = registration_page(session, own(session), HANDED_IN.date(), asked).items
    office = registration_page(session, held(session, coordinator(session).person_id), HANDED_IN.date(), asked).items
    found = {row.product: row for row in office}

    assert [(row.product, [one.code for one in row.rounds]) for row in mine] == [(CAKE, ["2024-2"])]
    assert {CAKE, LONGAN} <= set(found)
    assert (found[LONGAN].dossier, found[LONGAN].may_start) == (attempt.dossier.code, False)
    assert (found[CAKE].dossier, found[CAKE].may_start) == (None, True)
    searched = registration_page(session, own(session), HANDED_IN.date(), asked, "banh nhan")
    assert searched.items == []
    assert cake.name == CAKE


def test_list_for_a_commune_has_the_products_of_its_place_only(session: Session) -> None:
    open_round(session)
    officers = [
        (one, held(session, one.id))
        for one in session.scalars(select(Person).order_by(Person.id)).all()
        if any(h.capacity.role is Role.COMMUNE_OFFICER for h in held(session, one.id))
    ]
    cake = product_by_name(session, CAKE)

    seen = {
        one.code
        for one, capacities in officers
        if CAKE in {row.product for row in registration_page(session, capacities, HANDED_IN.date(), PageAsked()).items}
    }

    offices = select(Office.id).where(Office.place_id == cake.place_id)
    here = {
        h.capacity.person.code
        for _, hs in officers
        for h in hs
        if h.capacity.office_id in session.scalars(offices).all()
    }
    assert seen == here
    assert 0 < len(seen) < len(officers)
