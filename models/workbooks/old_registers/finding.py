"""Where the tables of an old register are: the row of headings, the rows below it, what merged cells say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.workbooks.guarding import Area
from models.workbooks.old_registers.plain import key_of, plain, words
from models.workbooks.reading import Cell, read_workbook, text_of

HEADER_WITHIN = 40
NEEDED = ("product",)
SKIP = "skip"


@dataclass
class Line:
    """One row of a register: its cells by the key of their column; `section`: titles that stand above it."""

    row: int
    cells: dict[str, Cell]
    section: list[Cell] = field(default_factory=list)


@dataclass
class Table:
    """One sheet of a register: which column means what, which headings say nothing to us, and the rows."""

    sheet: str
    columns: dict[int, str] = field(default_factory=dict)
    unknown: list[Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ignored: list[Cell] = field(default_factory=list)


def tables_in(path: Path) -> tuple[list[Table], list[str]]:
    """The tables of a workbook, one a sheet, and the sheets that have none.

    Raises:
        InputError: the workbook is refused (`guarding`).
    """
    reader = read_workbook(path)
    found = [(name, table_in(name, _grid(name, reader.sheets[name], areas))) for name, areas in reader.merged.items()]
    return [table for _, table in found if table is not None], [name for name, table in found if table is None]


def table_in(sheet: str, grid: list[list[Cell]]) -> Table | None:
    """The table of a sheet; None when no row of headings is found."""
    best = max(range(min(len(grid), HEADER_WITHIN)), key=lambda at: _known(grid[at]), default=None)
    if best is None or _known(grid[best]) < 2:  # noqa: PLR2004 - one known word may stand in any title
        return None
    table = Table(sheet)
    below = _headings(table, grid, best)
    if not set(NEEDED) <= set(table.columns.values()):
        return None
    _lines(table, grid[below:])
    return table


def _grid(name: str, lines: list[list[Cell]], areas: list[Area]) -> list[list[Cell]]:
    """All rows in one width, with what their merged cells say.

    A row that holds nothing but the tail of merged areas stays empty.
    """
    width, merged = max((len(line) for line in lines), default=0), _merged(lines, areas)
    grid = []
    for number, line in enumerate(lines, start=1):
        full = [*line, *(Cell(name, number, column) for column in range(len(line) + 1, width + 1))]
        empty = all(cell.empty for cell in line)
        grid.append(full if empty else [replace(c, value=merged.get((number, c.column), c.value)) for c in full])
    return grid


def _merged(lines: list[list[Cell]], areas: list[Area]) -> dict[tuple[int, int], Any]:
    """What the cells of each merged area say: that of its first cell, in its first column (a title stays one cell)."""
    found = {}
    for top, left, bottom, _ in areas:
        first = lines[top - 1] if top <= len(lines) else []
        value = first[left - 1].value if left <= len(first) else None
        if value is not None:
            found.update({(row, left): value for row in range(top, min(bottom, len(lines)) + 1)})
    return found


def _known(line: list[Cell]) -> int:
    return len({key for cell in line if not cell.empty and len(cell.text) < 60 and (key := key_of(cell.text))} - {None})  # noqa: PLR2004


def _headings(table: Table, grid: list[list[Cell]], at: int) -> int:
    """Fill in the columns from the row of headings, and from a second one below it ("Quyết định": "Số", "Ngày")."""
    lower = grid[at + 1] if at + 1 < len(grid) and _is_lower(grid[at], grid[at + 1]) else None
    above = ""
    for index, cell in enumerate(grid[at]):
        above = cell.text if not cell.empty else above if lower is not None else ""
        below = lower[index] if lower is not None else None
        words_of = above
        if below is not None and not below.empty and below.text != above:
            words_of = f"{below.text} {above}"
        key = key_of(words_of) if words_of else None
        if key is None and words_of:
            table.unknown.append(cell if not cell.empty or below is None else below)
        elif key not in (None, SKIP) and key not in table.columns.values():
            table.columns[cell.column] = str(key)
    numbered = at + (2 if lower is not None else 1)
    if numbered < len(grid) and _is_numbering(grid[numbered]):
        numbered += 1
    return numbered


def _is_lower(upper: list[Cell], lower: list[Cell]) -> bool:
    """Whether a row is the second row of headings: words only, and it stands where the first has gaps or merges."""
    filled = [cell for cell in lower if not cell.empty]
    if not filled or any(not isinstance(cell.value, str) for cell in filled):
        return False
    gaps = {cell.column for cell in upper if cell.empty}
    same = {cell.column for cell in upper if not cell.empty and lower[cell.column - 1].text == cell.text}
    parted = {column for column in range(1, len(upper)) if column + 1 in gaps}
    return bool(gaps & {cell.column for cell in filled}) and all(cell.column in gaps | same | parted for cell in filled)


def _is_numbering(line: list[Cell]) -> bool:
    """A row "(1) (2) (3)" below the headings."""
    filled = [plain(cell.text) for cell in line if not cell.empty]
    return len(filled) > 2 and all(len(text) <= 2 for text in filled)  # noqa: PLR2004


def _lines(table: Table, rows: list[list[Cell]]) -> None:
    section: list[Cell] = []
    for row in rows:
        filled = [cell for cell in row if not cell.empty]
        if not filled:
            continue
        cells = {table.columns[cell.column]: cell for cell in row if cell.column in table.columns}
        if _is_end(filled):
            table.ignored.append(filled[0])
        elif _is_section(filled):
            section = [*(one for one in section if one.row == filled[0].row - 1), filled[-1]]
        else:
            table.lines.append(Line(filled[0].row, cells, list(section)))


def _is_end(filled: list[Cell]) -> bool:
    """Sums and signatures below the table."""
    first = plain(next((cell.text for cell in filled if isinstance(cell.value, str)), ""))
    return any(f"{first} ".startswith(f"{word} ") for word in (*words("totals"), *words("signatures")))


def _is_section(filled: list[Cell]) -> bool:
    """A title between the rows: "I. Xã Thọ Diên", "B | Sản phẩm 4 sao"."""
    texts = [cell for cell in filled if isinstance(cell.value, str)]
    if len(filled) == 1:
        return len(texts) == 1
    short = len(plain(filled[0].text)) <= 4  # noqa: PLR2004 - a Roman number or a letter
    return len(filled) == 2 and short and not text_of(filled[0].value).isdigit() and filled[1] in texts  # noqa: PLR2004
