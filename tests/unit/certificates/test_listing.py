"""The register as a list: the same rows as one by one, searched, filtered and in pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY
from models.certificates.life import CertificateState
from models.certificates.listing import RegisterFilter, register, register_page
from models.certificates.register import row_of
from models.enums import AttemptStatus
from models.paging import PageAsked
from models.regimes.kinds import DossierKind
from models.tables import Certificate, Dossier, DossierAttempt, UnitTransfer
from tests.counting import statements
from tests.factories import CHECKED

EVERY = PageAsked(1, 200)
DAYS = (TODAY, date(2026, 2, 1), date(2026, 5, 10), date(2026, 5, 25), date(2026, 8, 1), date(2028, 1, 1))


@pytest.fixture
def mixed(large: Session) -> Session:
    """With renewals under way and over, replaced certificates, products that moved."""
    found = large.scalars(select(Certificate).order_by(Certificate.valid_until, Certificate.code)).all()
    for place, certificate in enumerate(found[:30]):
        if place % 3 == 0:
            _renewal(large, certificate, place)
        if place % 5 == 0:
            certificate.replaced_on = date(2026, 3, 1)
        moved = {"from_id": 1, "to_id": certificate.product.place_id, "recorded_at": CHECKED}
        large.add(UnitTransfer(subject=f"product:{certificate.product_id}", moved_on=date(2026, 3, 1), **moved))
    large.flush()
    return large


def _renewal(session: Session, certificate: Certificate, place: int) -> None:
    old = session.get_one(DossierAttempt, certificate.attempt_id)
    dossier = Dossier(
        code=f"2026-R{place:03d}",
        product_id=certificate.product_id,
        office_id=old.dossier.office_id,
        kind=DossierKind.RENEWAL,
        target_stars=3,
    )
    over = place % 6 == 0
    attempt = DossierAttempt(
        dossier=dossier,
        number=1,
        round_id=old.round_id,
        received_on=certificate.valid_until - timedelta(days=150 - 20 * (place % 4)),
        regime="qd26-2026",
        criteria_source="qd26",
        criteria_set=6,
        process_version="2024.1",
        status=AttemptStatus.NOT_RECOGNISED if over else AttemptStatus.IN_PROGRESS,
        ended_on=certificate.valid_until + timedelta(days=20) if over else None,
    )
    session.add(attempt)


@pytest.mark.parametrize("on", DAYS)
def test_rows_are_what_each_certificate_is_by_itself(mixed: Session, on: date) -> None:
    query = select(Certificate).order_by(Certificate.valid_until, Certificate.code)

    found = register(mixed, on)

    assert found == [row_of(mixed, certificate, on) for certificate in mixed.scalars(query)]
    assert len(found) == 74


def test_states_of_the_mixed_register_are_many(mixed: Session) -> None:
    states = {row.state for on in DAYS for row in register(mixed, on)}

    assert states >= {"valid", "late", "lapsed", "revoked", "replaced", "notice_due", "extended"}


@pytest.mark.parametrize("on", DAYS)
@pytest.mark.parametrize("state", list(CertificateState))
def test_filter_by_state_is_by_the_state_shown(mixed: Session, on: date, state: CertificateState) -> None:
    every = register(mixed, on)

    assert register_page(mixed, on, RegisterFilter(state=state), EVERY).items == [
        row for row in every if row.state == state
    ]


@pytest.mark.parametrize("ending", [0, 200, 400, 10**9])
def test_ending_leaves_out_what_is_over_and_what_ends_later(mixed: Session, ending: int) -> None:
    on = date(2026, 8, 1)
    every = register(mixed, on)

    found = register_page(mixed, on, RegisterFilter(ending=ending), EVERY).items

    over = {"lapsed", "revoked", "replaced"}
    assert found == [row for row in every if row.state not in over and row.days_left <= ending]


def test_search_finds_by_product_producer_and_code(large: Session) -> None:
    every = register(large, TODAY)
    one = next(row for row in every if row.product.startswith("Mật ong"))

    by_code = register_page(large, TODAY, RegisterFilter(search=one.code.lower()), EVERY).items
    by_product = register_page(large, TODAY, RegisterFilter(search="mat ong"), EVERY).items
    by_both = register_page(large, TODAY, RegisterFilter(search="hop tac xa mat"), EVERY).items

    honey = [row for row in every if row.product.startswith("Mật ong")]
    assert (by_code, by_product, by_both) == ([one], honey, honey)
    assert 1 < len(honey) < len(every)


def test_stars_year_and_commune_hold_together(large: Session) -> None:
    every = register(large, TODAY)
    place = large.scalars(select(Certificate).where(Certificate.code == every[0].code)).one().product.place
    wanted = RegisterFilter(stars=every[0].stars, year=every[0].issued_on.year, commune_id=place.id)

    found = register_page(large, TODAY, wanted, EVERY).items

    same = (every[0].stars, every[0].issued_on.year, every[0].commune)
    assert found == [row for row in every if (row.stars, row.issued_on.year, row.commune) == same]
    assert 0 < len(found) < len(every)


def test_pages_together_are_the_register(large: Session) -> None:
    pages = [register_page(large, TODAY, RegisterFilter(), PageAsked(n, 20)) for n in range(1, 5)]

    assert [row for page in pages for row in page.items] == register(large, TODAY)
    assert {page.total for page in pages} == {74}


@pytest.mark.parametrize("size", [1, 200])
def test_number_of_statements_is_the_same_for_every_page(large: Session, size: int) -> None:
    with statements(large) as sent:
        register_page(large, TODAY, RegisterFilter(search="a"), PageAsked(1, size))

    assert len(sent) == 5
