"""A sheet of a workbook as records: columns are found by their headings, each fault names its cell."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from models.errors import InputError, Problem
from models.workbooks.columns import Column, Kind, SheetPlan, chosen, same_words
from models.workbooks.days import NoDayError, day_of
from models.workbooks.guarding import Area, damaged, merged_areas, open_workbook

MOST_ROWS, MOST_COLUMNS = 5_000, 60
HEADER_WITHIN = 20
"""How many rows may stand above the heading [ours]."""

FAILED = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
"""What Excel leaves in a cell whose formula cannot be computed."""

UNMERGE = "Ô này bị gộp với ô khác: bỏ gộp ô (Unmerge Cells) rồi điền."
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
SHOWN = 8
"""How many choices a message names [ours]."""


@dataclass(frozen=True)
class Cell:
    """One cell: where it is, what Excel left in it, and whether a formula made it."""

    sheet: str
    row: int
    column: int
    value: Any = None
    formula: bool = False

    @property
    def place(self) -> str:
        """The cell as a message names it: "Sheet «Sản phẩm», ô C12"."""
        return f"Sheet «{self.sheet}», ô {get_column_letter(self.column)}{self.row}"

    @property
    def empty(self) -> bool:
        """Whether nothing that can be seen is in it."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def text(self) -> str:
        """What is in it as text: one form of each letter, single spaces within a line, no zero behind a number."""
        return text_of(self.value)


def text_of(value: Any) -> str:
    """A value of a cell as text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(unicodedata.normalize("NFC", str(value)).split())


@dataclass
class Record:
    """One row that was read: values by the key of their column, and the cells that they came from."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass
class Reader:
    """One workbook being read; `problems` gathers every fault that is found on the way.

    `merged`: the merged areas of the sheets that are shown.
    """

    name: str
    sheets: dict[str, list[list[Cell]]]
    merged: dict[str, list[Area]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Cell | str, problem: str, remedy: str) -> None:
        """Note a fault."""
        where = place.place if isinstance(place, Cell) else place
        self.problems.append(Problem(where, problem, remedy))

    def finish(self) -> None:
        """Refuse the workbook when anything was wrong.

        Raises:
            InputError: with all that was found.
        """
        if self.problems:
            raise InputError.of(self.problems)

    def rows(self, plan: SheetPlan, *, optional: bool = False) -> list[Record]:
        """The rows of a sheet, each with what could be read of it; empty rows are left out."""
        lines = self._sheet(plan.name, optional)
        if lines is None:
            return []
        at = _header_at(lines, plan)
        if at is None:
            wanted = ", ".join(f"«{c.heading}»" for c in plan.columns if c.required)
            self.wrong(
                f"Sheet «{plan.name}»", "không thấy dòng tiêu đề", f"Giữ dòng tiêu đề của mẫu, có các cột {wanted}."
            )
            return []
        columns = self._columns(lines[at], plan)
        return [self._record(line, columns) for line in lines[at + 1 :] if any(not cell.empty for cell in line)]

    def facts(self, plan: SheetPlan, prefix: str = "") -> tuple[Record, dict[str, Cell]]:
        """A sheet of single facts: what a line means in column A, its value in column B.

        Lines that begin with `prefix` are facts of the office's own: they are given back by the rest of their name.
        """
        record, own = Record(0), dict[str, Cell]()
        lines = self._sheet(plan.name, optional=False) or []
        known = {same_words(column.heading): column for column in plan.columns}
        for line in lines:
            if not line or line[0].empty:
                continue
            label = same_words(line[0].text)
            value = line[1] if len(line) > 1 else Cell(plan.name, line[0].row, 2)
            if label in known:
                self._read_into(record, known[label], value)
            elif prefix and label.startswith(same_words(prefix)):
                own[line[0].text[len(prefix) :].strip()] = value
        for column in plan.columns:
            if column.key not in record.cells and lines:
                self.wrong(f"Sheet «{plan.name}»", f"thiếu dòng «{column.heading}»", "Thêm lại dòng này như trong mẫu.")
        return record, own

    def _sheet(self, name: str, optional: bool) -> list[list[Cell]] | None:
        found = next((lines for title, lines in self.sheets.items() if same_words(title) == same_words(name)), None)
        if found is None and not optional:
            self.wrong(f"Tệp «{self.name}»", f"thiếu sheet «{name}»", "Dùng tệp mẫu; giữ nguyên tên các sheet.")
        return found

    def _columns(self, header: list[Cell], plan: SheetPlan) -> dict[int, Column]:
        known = {same_words(column.heading): column for column in plan.columns}
        found: dict[int, Column] = {}
        for cell in header:
            if cell.empty:
                continue
            column = known.get(same_words(cell.text))
            if column is None:
                names = ", ".join(c.heading for c in plan.columns)
                self.wrong(cell, f"không có cột «{cell.text}» trong mẫu", f"Bỏ cột này hoặc sửa tên; các cột: {names}.")
            elif column in found.values():
                self.wrong(cell, f"cột «{column.heading}» có hai lần", "Giữ một cột.")
            else:
                found[cell.column] = column
        for column in plan.columns:
            if column.required and column not in found.values():
                row = header[0].row if header else 1
                self.wrong(f"Sheet «{plan.name}», dòng {row}", f"thiếu cột «{column.heading}»", "Thêm lại cột của mẫu.")
        return found

    def _record(self, line: list[Cell], columns: dict[int, Column]) -> Record:
        record = Record(line[0].row)
        by_number = {cell.column: cell for cell in line}
        for number, column in columns.items():
            blank = Cell(line[0].sheet, record.row, number)
            self._read_into(record, column, by_number.get(number, blank))
        for cell in line:
            if cell.column not in columns and not cell.empty:
                self.wrong(cell, "nằm ngoài các cột của bảng", "Xóa nội dung này hoặc chuyển vào đúng cột.")
        return record

    def _read_into(self, record: Record, column: Column, cell: Cell) -> None:
        record.cells[column.key] = cell
        try:
            record.values[column.key] = read_value(column, cell)
        except CellError as error:
            self.wrong(cell, error.problem, UNMERGE if self._covered(cell) else error.remedy)

    def _covered(self, cell: Cell) -> bool:
        """Whether the cell is hidden under a merged one, so that nobody can write into it."""
        return any(
            top <= cell.row <= bottom and left <= cell.column <= right and (cell.row, cell.column) != (top, left)
            for top, left, bottom, right in self.merged.get(cell.sheet, ())
        )


class CellError(Exception):
    """What is in a cell cannot be its column's value."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def read_value(column: Column, cell: Cell) -> Any:
    """The value of a cell as its column means it; None for an empty one.

    Raises:
        CellError: empty where it must not be, an error or a formula that was never computed, or another kind.
    """
    if cell.empty:
        if cell.formula:
            raise CellError("công thức chưa có kết quả", "Mở bằng Excel rồi lưu lại, hoặc ghi thẳng giá trị.")
        if column.required:
            raise CellError(f"để trống «{column.heading}»", "Điền ô này.")
        return None
    if cell.value in FAILED:
        raise CellError(f"công thức báo lỗi {cell.value}", "Sửa công thức hoặc ghi thẳng giá trị.")
    if len(cell.text) > column.letters:
        raise CellError(f"dài {len(cell.text)} ký tự", f"Ghi ngắn lại, nhiều nhất {column.letters} ký tự.")
    return _READ[column.kind](column, cell)


def _text(_column: Column, cell: Cell) -> str:
    return cell.text


def _list(_column: Column, cell: Cell) -> list[str]:
    return [part for part in (text_of(part) for part in cell.text.split(";")) if part]


def _whole(column: Column, cell: Cell) -> int:
    try:
        number = int(cell.text)
    except ValueError:
        raise CellError(f"«{cell.text}» không phải số nguyên", "Ghi số nguyên bằng chữ số.") from None
    if not column.least <= number <= column.most:
        raise CellError(f"{number} ngoài khoảng {column.least}–{column.most}", "Kiểm tra lại con số.")
    return number


def _day(_column: Column, cell: Cell) -> date:
    try:
        return day_of(cell.value)
    except NoDayError as error:
        raise CellError(str(error), "Ghi ngày dạng ngày/tháng/năm, ví dụ 05/08/2024.") from error


def _choice(column: Column, cell: Cell) -> str | int:
    found = chosen(column.choices, cell.text)
    if found is None:
        labels = [choice.label for choice in column.choices]
        more = " …" if len(labels) > SHOWN else ""
        raise CellError(f"«{cell.text}» không có trong danh sách", f"Chọn: {'; '.join(labels[:SHOWN])}{more}.")
    return found.value


def _mail(_column: Column, cell: Cell) -> str:
    if _MAIL.fullmatch(cell.text) is None:
        raise CellError(f"«{cell.text}» không phải địa chỉ thư", "Ghi dạng ten@co-quan.vn.")
    return cell.text


def _phone(_column: Column, cell: Cell) -> str:
    if isinstance(cell.value, (int, float)):  # what began with 0 has lost it: Excel keeps a number, not what was typed
        raise CellError(
            f"«{cell.text}» ghi dạng số, có thể mất số 0 ở đầu",
            "Đặt kiểu ô là Văn bản (Text), ghi lại, ví dụ 0912345678.",
        )
    return cell.text


_READ = {
    Kind.TEXT: _text,
    Kind.LIST: _list,
    Kind.WHOLE: _whole,
    Kind.DAY: _day,
    Kind.CHOICE: _choice,
    Kind.MAIL: _mail,
    Kind.PHONE: _phone,
}


def read_workbook(path: Path) -> Reader:
    """All sheets of a workbook, row by row; a formula counts with the result that Excel left.

    Raises:
        InputError: it is refused (`guarding`), damaged, or has more rows than are taken.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own words on what it leaves out, in English
        return _read(path)


def _read(path: Path) -> Reader:
    values, formulas = open_workbook(path), open_workbook(path, formulas=True)
    try:
        sheets = {sheet.title: list(_lines(sheet, formulas[sheet.title])) for sheet in values.worksheets}
        merged = merged_areas(path, values)
    except InputError:
        raise
    except Exception as error:  # a broken sheet comes to light only while it is read
        raise damaged(path, error) from error
    finally:
        values.close()
        formulas.close()
    return Reader(path.name, sheets, merged)


def _lines(sheet: Any, formulas: Any) -> Iterator[list[Cell]]:
    for one in (sheet, formulas):
        one.reset_dimensions()  # a file may declare any size
    rows = (one.iter_rows(max_col=MOST_COLUMNS, values_only=True) for one in (sheet, formulas))
    for number, (values, written) in enumerate(zip(*rows, strict=False), start=1):
        if number <= MOST_ROWS:
            yield _trimmed(list(_cells(sheet.title, number, values, written)))
        elif any(value not in (None, "") for value in values):
            remedy = "Chia thành nhiều tệp; xóa các dòng thừa ở cuối."
            raise InputError(f"nhiều hơn {MOST_ROWS} dòng", field=f"Sheet «{sheet.title}»", remedy=remedy)


def _trimmed(line: list[Cell]) -> list[Cell]:
    last = max((cell.column for cell in line if not cell.empty or cell.formula), default=0)
    return line[:last]


def _cells(sheet: str, row: int, values: Iterable[Any], written: Iterable[Any]) -> Iterator[Cell]:
    for column, (value, behind) in enumerate(zip(values, written, strict=False), start=1):
        formula = not isinstance(behind, (str, int, float, bool, date, type(None))) or (
            isinstance(behind, str) and behind.startswith("=") and behind != value
        )
        yield Cell(sheet, row, column, value, formula)


def _header_at(lines: list[list[Cell]], plan: SheetPlan) -> int | None:
    """The row among the first with the most headings of the plan, two at least."""
    known = {same_words(column.heading) for column in plan.columns}
    counts = [sum(same_words(cell.text) in known for cell in line) for line in lines[:HEADER_WITHIN]]
    best = max(range(len(counts)), key=lambda at: counts[at], default=None)
    return best if best is not None and counts[best] >= min(2, len(known)) else None
