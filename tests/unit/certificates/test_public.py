"""What the public may look up of a certificate: its facts and whether it counts, nothing private."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.public import PublicCertificate, public_certificate
from models.errors import NotFoundError
from models.tables import Certificate
from tests.factories import decided


def issued(session: Session) -> Certificate:
    decided(session, 60)
    session.flush()
    return session.scalars(select(Certificate)).one()


def test_public_sees_product_producer_commune_stars_decision_and_validity(session: Session) -> None:
    certificate = issued(session)

    assert public_certificate(session, certificate.code, date(2024, 10, 1)) == PublicCertificate(
        code=certificate.code,
        product="Bánh gai Huân Hường",
        producer=certificate.product.producer.name,
        commune="xã Thọ Diên",
        stars=3,
        level_label="cấp huyện",
        decision_number="2105/QĐ-UBND",
        decided_on=date(2024, 9, 20),
        valid_until=date(2027, 9, 20),
        valid=True,
        state_label="Còn hiệu lực",
    )


def test_nothing_private_is_told(session: Session) -> None:
    certificate = issued(session)
    producer = certificate.product.producer
    private = ["0912345678", "chu@example.vn", "Nguyễn Văn Kín", "Thôn 7", "DKKD-99"]
    producer.phone, producer.email, producer.representative, producer.address = private[:4]
    producer.registration_number = private[4]
    session.flush()

    told = str(asdict(public_certificate(session, certificate.code, date(2024, 10, 1))))

    assert [word for word in private if word in told] == []
    assert "60" not in told.replace("2105", "")  # the points are the council's


@pytest.mark.parametrize(
    ("on", "valid", "label"),
    [
        (date(2026, 5, 21), True, "Còn hiệu lực"),
        (date(2027, 5, 1), True, "Còn hiệu lực"),  # the renewal window is the producer's own affair
        (date(2027, 9, 1), True, "Còn hiệu lực"),  # so is having missed it
        (date(2027, 9, 21), False, "Hết hiệu lực"),
    ],
)
def test_state_is_told_as_far_as_it_concerns_the_public(session: Session, on: date, valid: bool, label: str) -> None:
    found = public_certificate(session, issued(session).code, on)

    assert (found.valid, found.state_label) == (valid, label)


def test_revoked_certificate_says_so(session: Session) -> None:
    certificate = issued(session)
    certificate.revoked_on = date(2025, 1, 1)
    session.flush()

    found = public_certificate(session, certificate.code, date(2025, 1, 1))

    assert (found.valid, found.state_label) == (False, "Bị thu hồi")


@pytest.mark.parametrize("code", ["", " ", "38-395", "%", "x" * 5000, "a\x00b", "'; DROP TABLE certificates --"])
def test_unknown_code_is_not_found_with_what_to_do(session: Session, code: str) -> None:
    issued(session)

    with pytest.raises(NotFoundError) as refused:
        public_certificate(session, code, date(2024, 10, 1))

    (problem,) = refused.value.problems
    assert (problem.field, "ocop" in problem.remedy) == ("code", False)


def test_certificate_that_is_not_issued_yet_is_not_told(session: Session) -> None:
    with pytest.raises(NotFoundError):
        public_certificate(session, issued(session).code, date(2024, 9, 19))
