"""Whole numbers in words, as papers give them beside the digits: `05 (năm) sản phẩm`."""

from __future__ import annotations

from collections.abc import Iterator

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 10**9
SCALES = ((10**6, "triệu"), (10**3, "nghìn"), (1, ""))


def in_words(number: int, *, odd: str = "linh") -> str:
    """A number in words: 21 `hai mươi mốt`, 105 `một trăm linh năm`, 1.005 `một nghìn không trăm linh năm`.

    `odd`: what stands for a zero in the tens, `linh` (north) or `lẻ` (south).
    """
    if number < 0:
        return f"âm {in_words(-number, odd=odd)}"
    return " ".join(_read(number, odd, leading=True)) or DIGITS[0]


def counted(number: int) -> str:
    """A number as decisions count things: `05 (năm)`."""
    return f"{number:02d} ({in_words(number)})"


def _read(number: int, odd: str, *, leading: bool) -> Iterator[str]:
    billions, rest = divmod(number, BILLION)
    if billions:
        yield from _read(billions, odd, leading=leading)
        yield "tỷ"
        leading = False
    for size, name in SCALES:
        group, rest = divmod(rest, size)
        if group:
            yield from _hundreds(group, odd, leading=leading)
            leading = False
            if name:
                yield name


def _hundreds(group: int, odd: str, *, leading: bool) -> Iterator[str]:
    hundreds, rest = divmod(group, 100)
    if hundreds or not leading:
        yield f"{DIGITS[hundreds]} trăm"
    tens, ones = divmod(rest, 10)
    if tens:
        yield "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    elif ones and (hundreds or not leading):
        yield odd
    if ones:
        yield _ones(tens, ones)


def _ones(tens: int, ones: int) -> str:
    after_tens = {1: "mốt", 4: "tư", 5: "lăm"}
    if tens > 1:
        return after_tens.get(ones, DIGITS[ones])
    return "lăm" if tens == 1 and ones == 5 else DIGITS[ones]  # noqa: PLR2004
