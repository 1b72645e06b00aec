"""File names: Vietnamese stays, whatever leads elsewhere or hides the kind goes."""

from __future__ import annotations

import pytest

from models.files.names import LONGEST_BYTES, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Giấy chứng nhận ATTP.pdf", "Giấy chứng nhận ATTP.pdf"),
        ("../../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\an\\giấy.PDF", "giấy.pdf"),
        ("/", "tệp.pdf"),
        ("..", "tệp.pdf"),
        ("", "tệp.pdf"),
        (".bashrc", "bashrc.pdf"),
        ("giấy.pdf.exe", "giấy.pdf.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.pdf"),
        ("a\0b\nc\td.pdf", "abcd.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1.pdf"),
        ("Quyết định số 12. Ngày 3.4", "Quyết định số 12. Ngày 3.pdf"),
        ("  giấy  tờ . ", "giấy tờ.pdf"),
        ("gia\u0302\u0301y.pdf", "giấy.pdf"),
    ],
)
def test_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, ".pdf") == safe


def test_long_name_is_cut_between_letters() -> None:
    name = safe_name("ế" * 400 + ".pdf", ".pdf")

    assert name == "ế" * ((LONGEST_BYTES - 4) // 3) + ".pdf"


def test_name_without_a_known_kind_keeps_what_it_ends_with() -> None:
    assert safe_name("bảng/kê.xlsx") == "kê.xlsx"
