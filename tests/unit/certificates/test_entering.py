"""Entering old certificates: the later issued replaces the earlier, one paper is entered once."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.certificates.codes import odd_about
from models.certificates.entering import Paper, enter_certificate
from models.certificates.life import CertificateState
from models.certificates.register import standing
from models.certificates.sweeping import sweep
from models.certificates.unlisted import Unlisted
from models.enums import ItemStatus
from models.errors import ConflictError, InputError, NotAllowedError
from models.rounds.queries import product_by_name
from models.tables import Certificate, Product, WorkItem
from tests.factories import CAKE, LONGAN, at, coordinator, coordinator_elsewhere

NOW = at("2024-08-01")


def enter(session: Session, issued_on: str, stars: int = 3, number: str = "", code: str | None = None) -> Certificate:
    paper = Paper(stars, number or f"{issued_on}/QĐ-UBND", date.fromisoformat(issued_on), code=code)
    return enter_certificate(session, CAKE, paper, coordinator(session), NOW)


def items(session: Session, certificate: Certificate) -> set[ItemStatus]:
    return set(session.scalars(select(WorkItem.status).where(WorkItem.certificate_id == certificate.id)))


def test_upgrade_entered_later_replaces_the_earlier_and_ends_its_work(session: Session) -> None:
    old = enter(session, "2021-09-05")
    sweep(session, NOW)
    assert items(session, old) == {ItemStatus.OPEN}

    new = enter(session, "2024-07-20", stars=4)

    assert (old.replaced_on, old.replaced_by_id) == (date(2024, 7, 20), new.id)
    assert items(session, old) == {ItemStatus.CANCELLED}
    assert standing(session, old, NOW.date()).state is CertificateState.REPLACED
    assert standing(session, new, NOW.date()).state is CertificateState.VALID


@pytest.mark.parametrize("order", list(itertools.permutations(("2021-09-05", "2022-07-15", "2023-06-01"))))
def test_order_of_entering_does_not_matter(session: Session, order: tuple[str, ...]) -> None:
    entered = {day: enter(session, day) for day in order}

    first, second, third = (entered[day] for day in sorted(entered))
    assert (first.replaced_on, first.replaced_by_id) == (date(2022, 7, 15), second.id)
    assert (second.replaced_on, second.replaced_by_id) == (date(2023, 6, 1), third.id)
    assert (third.replaced_on, third.replaced_by_id) == (None, None)


def test_one_that_had_lapsed_is_not_replaced(session: Session) -> None:
    new, old = enter(session, "2024-07-20"), enter(session, "2020-01-10")

    assert (old.replaced_on, new.replaced_on) == (None, None)


def test_same_paper_under_another_number_is_refused_with_the_code_that_is_there(session: Session) -> None:
    known = enter(session, "2022-07-15", number="2942/QĐ-UBND")

    with pytest.raises(ConflictError, match=known.code):
        enter(session, "2022-07-15", number="2924/QĐ-UBND")

    assert enter(session, "2022-07-15", number="2942/QĐ-UBND") is known


CODE = "38-395-15538-07-2023"
FORM = "không theo dạng của thời kỳ cấp (tỉnh-huyện-xã-số thứ tự-năm)."


def test_code_on_the_paper_is_the_certificates_and_the_products(session: Session) -> None:
    entered = enter(session, "2023-06-15", code=CODE)

    assert (entered.code, entered.product.code) == (CODE, CODE)
    assert enter(session, "2023-06-15", code=CODE) is entered


def test_serials_go_on_after_a_code_that_a_paper_brought(session: Session) -> None:
    enter(session, "2023-06-15", code=CODE)

    assert enter(session, "2023-09-15", stars=4).code == "38-395-15538-08-2023"


def test_second_paper_with_the_products_old_code_gets_a_code_of_its_own(session: Session) -> None:
    enter(session, "2023-06-15", code=CODE)

    again = enter(session, "2024-07-20", stars=4, code=CODE)

    assert (again.code, again.product.code) == ("38-395-15538-01-2024", CODE)


def test_code_of_another_product_and_what_is_no_code_are_refused(session: Session) -> None:
    enter(session, "2023-06-15", code=CODE)
    paper = Paper(3, "8/QĐ-UBND", date(2023, 6, 15), code=CODE)

    with pytest.raises(ConflictError, match=CAKE) as taken:
        enter_certificate(session, LONGAN, paper, coordinator(session), NOW)
    with pytest.raises(InputError) as wrong:
        enter(session, "2024-07-20", stars=4, code="số 5; 6")

    assert [error.value.problems[0].field for error in (taken, wrong)] == ["product_code"] * 2


@pytest.mark.parametrize(
    ("code", "issued_on", "odd"),
    [
        (CODE, "2023-06-15", []),
        ("01-OCOP-TX", "2021-06-15", []),
        ("38-15538-07-2023", "2023-06-15", [f"Mã «38-15538-07-2023» {FORM}"]),
        ("38-395-15538-07-2023", "2024-06-15", ["Năm trong mã là 2023, giấy cấp năm 2024."]),
        ("38-395-15556-07-2023", "2023-06-15", ["Xã trong mã là 15556, không phải của xã Thọ Diên."]),
    ],
)
def test_odd_codes_are_told_by_the_form_of_their_era(
    session: Session, code: str, issued_on: str, odd: list[str]
) -> None:
    product = product_by_name(session, CAKE)

    assert odd_about(session, code, product, date.fromisoformat(issued_on)) == odd


def of_no_plan(session: Session, name: str, number: str, producer: str = "HTX Trà sen") -> Certificate:
    return enter_certificate(
        session,
        name,
        Paper(3, number, date(2022, 7, 15)),
        coordinator(session),
        NOW,
        Unlisted("xã Thọ Diên", producer, 6),
    )


def test_product_of_no_plan_needs_a_name(session: Session) -> None:
    products = session.scalars(select(func.count(Product.id))).one()

    with pytest.raises(InputError, match="Chưa ghi tên sản phẩm"):
        of_no_plan(session, "  ", "1/QĐ-UBND")

    assert session.scalars(select(func.count(Product.id))).one() == products


@pytest.mark.parametrize("spelt", ["TRÀ SEN", " Trà  sen ", unicodedata.normalize("NFD", "Trà sen")])
def test_another_spelling_of_a_name_is_the_same_product(session: Session, spelt: str) -> None:
    first = of_no_plan(session, "Trà sen", "1/QĐ-UBND")

    again = of_no_plan(session, spelt, "1/QĐ-UBND", producer="htx  trà sen")

    assert again is first
    assert first.product.name == "Trà sen"
    assert product_by_name(session, spelt) is first.product


def test_coordinator_of_another_office_enters_nothing_of_ours(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="Bạn là điều phối của VPĐP huyện khác"):
        enter_certificate(session, CAKE, Paper(3, "1/QĐ-UBND", date(2022, 7, 15)), coordinator_elsewhere(session), NOW)


def test_certificate_of_before_the_programme_is_wrong_in_its_day(session: Session) -> None:
    with pytest.raises(InputError) as refused:
        enter(session, "2017-05-10")

    assert refused.value.problems[0].field == "issued"
