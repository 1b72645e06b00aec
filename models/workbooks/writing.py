"""Writing workbooks: one look for all, drop-downs and checks in templates, no text that could become a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from models.errors import NO_SPACE, InputError, disk_full
from models.workbooks.columns import HINT_LETTERS, Column, Kind, SheetPlan

FONT = "Times New Roman"
LEADING = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so would become a formula once somebody edits the cell or opens the file as CSV."""

FONT_SIZE, LINE_HEIGHT = 11, 15.5
"""Points; programs that print a workbook do not fit the height of rows by themselves."""

PAGE_LETTERS = 215
"""How wide a page of A4 landscape may be before its letters get too small to read; wider tables take two pages."""

FORM_ROWS = 500
"""How many rows of a template have drop-downs and checks [ours]."""

A4 = 9
LISTS = "Danh mục"
TITLE_ROW, NOTE_ROW, HEADER_ROW = 0, 1, 3

STYLES: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "align": "left", "valign": "vcenter"},
    "note": {"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "vcenter"},
    "header": {
        "bold": True,
        "bg_color": "#D9E8D4",
        "border": 1,
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "text": {"border": 1, "text_wrap": True, "valign": "vcenter"},
    "quoted": {"border": 1, "text_wrap": True, "valign": "vcenter", "quote_prefix": True},
    "whole": {"border": 1, "valign": "vcenter", "align": "center", "num_format": "0"},
    "day": {"border": 1, "valign": "vcenter", "align": "center", "num_format": "dd/mm/yyyy"},
    "number": {"border": 1, "valign": "vcenter", "align": "center", "num_format": "0.##"},
    "share": {"border": 1, "valign": "vcenter", "align": "center", "num_format": "0 %"},
    "points": {"border": 1, "valign": "vcenter", "align": "center", "num_format": "0.00"},
    "label": {"border": 1, "bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#F2F2F2"},
    "sum": {
        "border": 1,
        "valign": "vcenter",
        "bold": True,
        "align": "center",
        "bg_color": "#F2F2F2",
        "num_format": "0",
    },
    "mean": {
        "border": 1,
        "valign": "vcenter",
        "bold": True,
        "align": "center",
        "bg_color": "#FFF2CC",
        "num_format": "0.00",
    },
    "given": {"border": 1, "align": "center", "valign": "vcenter", "bg_color": "#FFFDE7", "locked": False},
    "guide": {"text_wrap": True, "valign": "vcenter"},
    "guide_head": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "free": {},
    "free_text": {"num_format": "@", "text_wrap": True, "valign": "vcenter"},
    "free_day": {"num_format": "dd/mm/yyyy", "valign": "vcenter"},
    "free_whole": {"num_format": "0", "valign": "vcenter"},
}


class Book:
    """A workbook being written. Rows of a sheet are written from top to bottom: nothing is held in memory."""

    def __init__(self, path: Path, now: datetime, title: str) -> None:
        options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"} | {
            f"strings_to_{what}": False for what in ("formulas", "numbers", "urls")
        }
        self._file = xlsxwriter.Workbook(str(path), options)
        self._file.set_properties({"title": title, "created": now.replace(tzinfo=None)})
        self._file.formats[0].set_font_name(FONT)
        self._file.formats[0].set_font_size(FONT_SIZE)
        self._styles: dict[str, Format] = {}
        self._lists: dict[str, str] = {}

    def style(self, name: str) -> Format:
        """One of `STYLES`."""
        if name not in self._styles:
            self._styles[name] = self._file.add_format({"font_name": FONT, "font_size": FONT_SIZE, **STYLES[name]})
        return self._styles[name]

    def sheet(self, name: str, widths: Sequence[int], *, header: int | None = HEADER_ROW, frozen: int = 0) -> Worksheet:
        """A new sheet, set up for A4 landscape; what is above row `header` and left of `frozen` stays in view."""
        sheet = self._file.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(ceil(sum(widths) / PAGE_LETTERS), 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&L&A&RTrang &P/&N")
        if header is not None:
            sheet.freeze_panes(header + 1, frozen)
            sheet.repeat_rows(header)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, value: Any, style: str = "") -> None:
        """One value in its style; text stays text."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.style(style or "text"))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.style(style or "day"))
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, self.style(style or "whole"))
        else:
            text = str(value)
            quoted = style in {"", "text"} and text.startswith(LEADING)
            sheet.write_string(row, column, text, self.style("quoted" if quoted else style or "text"))

    def row(
        self, sheet: Worksheet, row: int, values: Sequence[Any], widths: Sequence[int], styles: Sequence[str] = ()
    ) -> None:
        """A row of a table, as high as its longest text needs."""
        sheet.set_row(row, height_of(values, widths))
        for column, value in enumerate(values):
            self.put(sheet, row, column, value, styles[column] if column < len(styles) else "")

    def heading(self, sheet: Worksheet, title: str, note: str, columns: Sequence[str], first: int = HEADER_ROW) -> None:
        """Title, note and the row of headings."""
        last = max(len(columns) - 1, 1)
        sheet.set_row(TITLE_ROW, 24)
        sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, title, self.style("title"))
        if note:
            sheet.set_row(NOTE_ROW, 34)
            sheet.merge_range(NOTE_ROW, 0, NOTE_ROW, last, note, self.style("note"))
        sheet.set_row(first, 36)
        for column, words in enumerate(columns):
            sheet.write_string(first, column, words, self.style("header"))

    def lists(self, lists: Mapping[str, Sequence[str]]) -> None:
        """The sheet with the values of drop-downs, last in the book; later sheets may not be added."""
        filled = {name: values for name, values in lists.items() if values}
        sheet = self.sheet(LISTS, [40] * max(len(filled), 1), header=0)
        for column, name in enumerate(filled):
            sheet.write_string(0, column, name, self.style("header"))
        for row in range(max((len(values) for values in filled.values()), default=0)):
            for column, values in enumerate(filled.values()):
                if row < len(values):
                    self.put(sheet, row + 1, column, values[row])

    def close(self) -> None:
        """Write the file."""
        self._file.close()


def height_of(values: Sequence[Any], widths: Sequence[int]) -> float:
    """The height in points that the longest text of a row needs in columns of these widths."""
    lines = [
        sum(max(ceil(len(line) * 1.05 / width), 1) for line in value.split("\n"))
        for value, width in zip(values, widths, strict=False)
        if isinstance(value, str) and value
    ]
    return LINE_HEIGHT * min(max(lines, default=1), 25) + 1


@contextmanager
def new_book(path: Path, now: datetime, title: str) -> Iterator[Book]:
    """A workbook that is written when all went well.

    Raises:
        FinalError: the disk is full.
        InputError: it cannot be written there.
    """
    book = Book(path, now, title)
    yield book
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        inner = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
        if getattr(inner, "errno", None) in NO_SPACE:
            raise disk_full(str(path)) from error
        remedy = "Đóng tệp nếu đang mở trong Excel; kiểm tra thư mục và quyền ghi."
        raise InputError("không ghi được tệp này", field=f"Tệp «{path.name}»", remedy=remedy) from error


def list_ranges(lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Where `Book.lists` will write each list, as a drop-down refers to it."""
    filled = [name for name, values in lists.items() if values]
    return {
        name: f"='{LISTS}'!${xl_col_to_name(at)}$2:${xl_col_to_name(at)}${len(lists[name]) + 1}"
        for at, name in enumerate(filled)
    }


def lists_of(plans: Iterable[SheetPlan], offers: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The lists that the columns of these sheets choose from, by their headings or the names of the offers."""
    found: dict[str, list[str]] = {}
    for column in (column for plan in plans for column in plan.columns):
        if column.choices:
            found[column.heading] = [choice.label for choice in column.choices]
        elif column.offers:
            found[column.offers] = list(offers.get(column.offers, ()))
    return found


def shown(column: Column, value: Any) -> Any:
    """A value as its column shows it: the words of a choice, a list in one cell."""
    if value is None:
        return None
    if column.choices:
        return next((choice.label for choice in column.choices if choice.value == value), value)
    return "; ".join(str(one) for one in value) if column.kind is Kind.LIST else value


def write_table(
    book: Book, plan: SheetPlan, rows: Iterable[Mapping[str, Any]], ranges: Mapping[str, str] | None = None
) -> None:
    """A sheet with its rows; with `ranges` it is a form: the cells below have drop-downs and checks."""
    widths = [column.width for column in plan.columns]
    sheet = book.sheet(plan.name, widths, frozen=1)
    book.heading(sheet, plan.title, plan.note, [column.printed for column in plan.columns])
    if ranges is not None:
        for at, column in enumerate(plan.columns):
            add_check(sheet, (HEADER_ROW + 1, at, HEADER_ROW + FORM_ROWS, at), column, ranges)
            sheet.set_column(at, at, column.width, book.style(_FREE.get(column.kind, "free_text")))
    styles = [_STYLE.get(column.kind, "") for column in plan.columns]
    last = HEADER_ROW
    for last, values in enumerate(rows, start=HEADER_ROW + 1):
        book.row(sheet, last, [shown(column, values.get(column.key)) for column in plan.columns], widths, styles)
    if ranges is None:
        sheet.autofilter(HEADER_ROW, 0, max(last, HEADER_ROW + 1), len(plan.columns) - 1)


_STYLE = {Kind.NUMBER: "number", Kind.SHARE: "share"}
_FREE = {Kind.DAY: "free_day", Kind.WHOLE: "free_whole"}


def write_facts(
    book: Book,
    plan: SheetPlan,
    values: Mapping[str, Any],
    ranges: Mapping[str, str],
    own: Mapping[str, Any] | None = None,
) -> None:
    """A sheet of single facts: what it is, the value, and how to fill it in; `own` are facts of the office's own."""
    widths, styles = [34, 50, 50], ["label", "", "note"]
    sheet = book.sheet(plan.name, widths)
    book.heading(sheet, plan.title, plan.note, ["Mục", "Nội dung", "Cách ghi"])
    row = HEADER_ROW
    for row, column in enumerate(plan.columns, start=HEADER_ROW + 1):
        add_check(sheet, (row, 1, row, 1), column, ranges)
        given = shown(column, values.get(column.key))
        book.row(sheet, row, [column.printed, given, column.hint], widths, styles)
    for name, value in (own or {}).items():
        row += 1
        book.row(sheet, row, [name, value], widths, styles)


def add_check(sheet: Worksheet, area: tuple[int, int, int, int], column: Column, ranges: Mapping[str, str]) -> None:
    """The drop-down or check of a column; a list of the office's own only warns, so that a new name can be typed."""
    check = _check(column, ranges)
    if check is None and not column.hint:
        return
    words = {"input_title": column.heading[:32], "input_message": column.hint[:HINT_LETTERS]} if column.hint else {}
    sheet.data_validation(*area, {"validate": "any", **(check or {}), **words})


def _check(column: Column, ranges: Mapping[str, str]) -> dict[str, Any] | None:
    name = column.heading if column.choices else column.offers
    if name in ranges:
        soft = not column.choices
        return {
            "validate": "list",
            "source": ranges[name],
            "error_type": "warning" if soft else "stop",
            "error_title": column.heading[:32],
            "error_message": "Giá trị không có trong danh sách.",
        }
    if column.kind is Kind.DAY:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1990, 1, 1),
            "maximum": date(2100, 12, 31),
            "error_title": column.heading[:32],
            "error_message": "Ghi ngày dạng ngày/tháng/năm, ví dụ 05/08/2024.",
        }
    if column.kind is Kind.WHOLE:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": column.least,
            "maximum": column.most,
            "error_title": column.heading[:32],
            "error_message": f"Ghi số nguyên từ {column.least} đến {column.most}.",
        }
    return None


def write_guide(book: Book, title: str, parts: Sequence[tuple[str, Sequence[str]]]) -> None:
    """The guide in Vietnamese, first in the book."""
    sheet = book.sheet("Hướng dẫn", [110], header=None)
    sheet.write_string(0, 0, title, book.style("title"))
    row = 2
    for heading, lines in parts:
        sheet.write_string(row, 0, heading, book.style("guide_head"))
        for line in lines:
            row += 1
            book.row(sheet, row, [line], [110], ["guide"])
        row += 2
