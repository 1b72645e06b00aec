"""Issuing: codes, 36 months, what an upgrade does to the certificate before, certificates of before this software."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.certificates.issuing import issue, next_code, register_old
from models.certificates.register import in_force
from models.enums import Level
from models.errors import InputError
from models.rounds.queries import product_by_name
from models.tables import Certificate, Decision, DossierAttempt, Place, Product
from tests.factories import CAKE, LONGAN, at, submit


def issued(session: Session, attempt: DossierAttempt, on: str, stars: int = 3) -> Certificate:
    decision = Decision(
        level=Level.DISTRICT,
        issuer="UBND huyện Thọ Xuân",
        number=f"{on}/QĐ",
        signed_on=date.fromisoformat(on),
        signer="A",
    )
    session.add(decision)
    session.flush()
    return issue(session, attempt, stars, Level.DISTRICT, decision, at(on))


def cake(session: Session) -> Product:
    return product_by_name(session, CAKE)


def test_certificate_says_what_the_decision_says(session: Session) -> None:
    attempt = submit(session)

    certificate = issued(session, attempt, "2024-09-20")

    assert (certificate.product, certificate.attempt_id, certificate.stars) == (attempt.dossier.product, attempt.id, 3)
    assert (certificate.decision_number, certificate.level, certificate.regime) == (
        "2024-09-20/QĐ",
        Level.DISTRICT,
        "qd148-2023",
    )
    assert (certificate.revoked_on, certificate.replaced_on) == (None, None)


@pytest.mark.parametrize(
    ("signed_on", "valid_until"),
    [("2024-09-20", date(2027, 9, 20)), ("2024-02-29", date(2027, 2, 28)), ("2024-08-31", date(2027, 8, 31))],
)
def test_certificate_is_valid_for_36_months_from_the_signing(
    session: Session, signed_on: str, valid_until: date
) -> None:
    certificate = issued(session, submit(session), signed_on)

    assert (certificate.issued_on, certificate.valid_until) == (date.fromisoformat(signed_on), valid_until)


def test_code_names_province_district_commune_serial_and_year(session: Session) -> None:
    attempt = submit(session)

    certificate = issued(session, attempt, "2024-09-20")

    assert certificate.code == attempt.dossier.product.code == "38-395-15538-01-2024"


def test_serial_counts_within_commune_and_year(session: Session) -> None:
    product = cake(session)
    other = Product(producer=product.producer, place=product.place, name="Bánh nếp", criteria_set=6)
    session.add(other)
    issued(session, submit(session), "2024-09-20")

    assert next_code(session, other, date(2024, 9, 20)) == "38-395-15538-02-2024"
    assert next_code(session, other, date(2025, 1, 2)) == "38-395-15538-01-2025"
    assert next_code(session, product_by_name(session, LONGAN), date(2024, 9, 20)) == "38-395-15556-01-2024"


def test_code_has_no_district_after_districts_ended(session: Session) -> None:
    product = cake(session)
    successor = session.get_one(Place, product.place.successor_id)
    product.place = successor

    assert next_code(session, product, date(2025, 9, 1)) == f"38-{successor.code}-01-2025"


def test_certificate_in_force_is_replaced_by_the_new_one(session: Session) -> None:
    attempt = submit(session)
    old = issued(session, attempt, "2024-09-20")

    new = issued(session, attempt, "2024-11-26", stars=4)

    assert (old.replaced_on, old.replaced_by_id) == (date(2024, 11, 26), new.id)
    assert (new.code, new.replaced_on) == ("38-395-15538-02-2024", None)
    assert in_force(session, attempt.dossier.product, date(2024, 12, 1)) is new


def test_product_keeps_its_first_code(session: Session) -> None:
    attempt = submit(session)
    issued(session, attempt, "2024-09-20")
    issued(session, attempt, "2024-11-26", stars=4)

    assert attempt.dossier.product.code == "38-395-15538-01-2024"


@pytest.mark.parametrize(("on", "found"), [(date(2027, 9, 20), True), (date(2027, 9, 21), False)])
def test_certificate_is_in_force_on_its_last_day(session: Session, on: date, found: bool) -> None:
    certificate = issued(session, submit(session), "2024-09-20")

    assert in_force(session, cake(session), on) is (certificate if found else None)


def test_certificate_that_is_over_is_not_replaced(session: Session) -> None:
    attempt = submit(session)
    old = issued(session, attempt, "2024-09-20")

    issued(session, attempt, "2027-09-21")

    assert (old.replaced_on, old.replaced_by_id) == (None, None)


def test_certificate_that_was_revoked_is_not_in_force(session: Session) -> None:
    certificate = issued(session, submit(session), "2024-09-20")
    certificate.revoked_on = date(2025, 3, 1)

    assert in_force(session, cake(session), date(2025, 3, 2)) is None


def test_certificate_of_another_product_is_left_alone(session: Session) -> None:
    other = issued(session, submit(session, LONGAN), "2024-09-20")

    issued(session, submit(session), "2024-11-26")

    assert other.replaced_on is None


def test_old_certificate_is_entered_once(session: Session) -> None:
    facts = {"stars": 3, "decision_number": "2942/QĐ-UBND", "issued_on": date(2021, 8, 5), "level": Level.PROVINCE}

    first = register_old(session, cake(session), **facts)  # type: ignore[arg-type]

    assert register_old(session, cake(session), **facts) is first  # type: ignore[arg-type]
    assert (first.code, first.regime, first.valid_until) == ("38-395-15538-01-2021", "qd1048-2019", date(2024, 8, 5))
    assert (first.attempt_id, first.decision_id) == (None, None)


def test_upgrade_replaces_the_certificate_of_before_this_software(session: Session) -> None:
    attempt = submit(session)
    old = register_old(
        session,
        cake(session),
        stars=3,
        decision_number="88/QĐ",
        issued_on=date(2023, 5, 1),
        level=Level.DISTRICT,
    )

    new = issued(session, attempt, "2024-11-26", stars=4)

    assert (old.replaced_on, old.replaced_by_id) == (date(2024, 11, 26), new.id)


def test_old_certificate_of_before_the_programme_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="trước khi có bộ tiêu chí OCOP"):
        register_old(
            session, cake(session), stars=3, decision_number="1/QĐ", issued_on=date(2018, 1, 1), level=Level.PROVINCE
        )
