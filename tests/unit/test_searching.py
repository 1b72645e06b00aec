"""Typing without accents finds names with them."""

from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.rounds.queries import product_by_name
from models.searching import contains, folded
from models.tables import Product
from tests.factories import CANDY


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Kẹo lạc", "keo lac"),
        ("Bột rau má Đồng Ngâu", "bot rau ma dong ngau"),
        ("  Rượu\tHoàng   Anh ", "ruou hoang anh"),
        ("Kẹo", "keo"),  # the same letters as a base letter with combining signs
        ("ĐƯỜNG", "duong"),
    ],
)
def test_folded_name_is_what_one_types_without_accents(name: str, typed: str) -> None:
    assert folded(name) == typed


def found(session: Session, typed: str) -> list[str]:
    columns: list[ColumnElement[str]] = [Product.__table__.c.name_folded]
    return list(session.scalars(select(Product.name).where(contains(typed, columns, [])).order_by(Product.name)))


@pytest.mark.parametrize("typed", ["keo lac", "Kẹo Lạc", "tam keo", "KẸO tuyên"])
def test_product_is_found_by_words_in_any_order_and_spelling(session: Session, typed: str) -> None:
    assert found(session, typed) == [CANDY]


def test_every_word_must_occur(session: Session) -> None:
    assert found(session, "keo dua") == []


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_of_patterns_are_only_signs(session: Session, sign: str) -> None:
    product_by_name(session, CANDY).name = f"Kẹo 100{sign} lạc"
    session.flush()

    assert found(session, f"100{sign} ") == [f"Kẹo 100{sign} lạc"]
    assert found(session, sign) == [f"Kẹo 100{sign} lạc"]


def test_renamed_product_is_found_under_its_new_name_only(session: Session) -> None:
    product_by_name(session, CANDY).name = "Kẹo dồi"
    session.flush()

    assert (found(session, "keo doi"), found(session, "keo lac")) == (["Kẹo dồi"], [])


def test_nothing_typed_finds_all(session: Session) -> None:
    assert len(found(session, "  ")) == len(session.scalars(select(Product)).all())
    session.execute(update(Product).values(name_folded=""))
    assert found(session, "keo lac") == []  # it is the folded column that is searched
