"""Numbers in words, days and the order of names."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from models.vietnamese import in_words, long_date, name_key, short_date, text_key, typed_day
from models.vietnamese.numbers import counted


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (36, "ba mươi sáu"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (555, "năm trăm năm mươi lăm"),
        (1000, "một nghìn"),
        (1001, "một nghìn không trăm linh một"),
        (1015, "một nghìn không trăm mười lăm"),
        (1105, "một nghìn một trăm linh năm"),
        (21_034, "hai mươi mốt nghìn không trăm ba mươi tư"),
        (1_000_000, "một triệu"),
        (1_000_005, "một triệu không trăm linh năm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (54_121_000, "năm mươi tư triệu một trăm hai mươi mốt nghìn"),
        (1_000_000_000, "một tỷ"),
        (2_000_000_024, "hai tỷ không trăm hai mươi tư"),
        (
            987_654_321_015,
            "chín trăm tám mươi bảy tỷ sáu trăm năm mươi tư triệu ba trăm hai mươi mốt nghìn không trăm mười lăm",
        ),
        (-5, "âm năm"),
    ],
)
def test_number_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_number_in_words_of_the_south() -> None:
    assert in_words(105, odd="lẻ") == "một trăm lẻ năm"


def test_counted_things_have_two_digits_and_the_word() -> None:
    assert counted(5) == "05 (năm)"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 6, 5), "ngày 05 tháng 6 năm 2024"),
        (date(2024, 1, 15), "ngày 15 tháng 01 năm 2024"),
        (date(2024, 2, 9), "ngày 09 tháng 02 năm 2024"),
        (date(2024, 3, 10), "ngày 10 tháng 3 năm 2024"),
        (date(2024, 12, 31), "ngày 31 tháng 12 năm 2024"),
    ],
)
def test_long_date_pads_days_below_ten_and_the_first_two_months(day: date, words: str) -> None:
    assert long_date(day) == words


def test_long_date_without_a_day_leaves_room() -> None:
    assert long_date(None, 2024).split() == ["ngày", "tháng", "năm", "2024"]
    assert short_date(None) == ""


def test_names_are_sorted_by_given_name_then_family_then_middle() -> None:
    names = ["Trần Văn Bình", "Nguyễn Thị An", "Lê Văn An", "Đỗ Văn Bình", "Dương Thị Bình", "Lê Thị An"]

    assert sorted(names, key=name_key) == [
        "Lê Thị An",
        "Lê Văn An",
        "Nguyễn Thị An",
        "Dương Thị Bình",
        "Đỗ Văn Bình",
        "Trần Văn Bình",
    ]


def test_letters_come_before_tones() -> None:
    given = ["Hạnh", "Hân", "Hà", "Hạ", "Ha", "Hằng", "Hảo", "Hã", "Há", "Hả"]

    assert sorted(given, key=text_key) == ["Ha", "Hà", "Hả", "Hã", "Há", "Hạ", "Hạnh", "Hảo", "Hằng", "Hân"]


def test_all_letters_in_the_order_of_the_alphabet() -> None:
    letters = ["y", "ư", "u", "ơ", "ô", "o", "đ", "d", "ê", "e", "â", "ă", "a", "z", "c", "b"]

    assert sorted(letters, key=text_key) == [
        "a",
        "ă",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "y",
        "z",
    ]


def test_composed_and_decomposed_letters_have_one_place() -> None:
    composed, decomposed = "Thụy", unicodedata.normalize("NFD", "Thụy")

    assert text_key(composed) == text_key(decomposed)


def test_name_of_one_word_and_empty_name_have_a_place() -> None:
    assert sorted(["Lê Bình", "", "An"], key=name_key) == ["", "An", "Lê Bình"]


@pytest.mark.parametrize("typed", ["04/09/2024", "4/9/2024", " 04.09.2024 ", "4-9-2024", "2024-09-04"])
def test_day_is_read_as_people_type_it(typed: str) -> None:
    assert typed_day(typed) == date(2024, 9, 4)


@pytest.mark.parametrize("typed", ["31/02/2024", "09/2024", "04/09/24", "20240904", "2024-W36-3", "ngày 4"])
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        typed_day(typed)
