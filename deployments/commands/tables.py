"""Drawing tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

LATE_STYLE = "bold red"
NOTHING = "Không có mục nào."


def draw(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], late: Sequence[bool] = ()
) -> Callable[[Console], None]:
    """A table that shows every letter: long cells are folded, never cut. Rows that are `late` stand out."""
    cells = [[cell(value) for value in row] for row in rows]

    def show(console: Console) -> None:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        if not cells:
            console.print(f"{title}: {NOTHING}")
            return
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for index, row in enumerate(cells):
            table.add_row(*row, style=LATE_STYLE if index < len(late) and late[index] else None)
        console.print(table)

    return show


def cell(value: Any) -> str:
    """A value as people read it: days in the order of Viet Nam, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def days_left(days: int | None, late: bool) -> str:
    """How long there is still, in words that need no colour."""
    if days is None:
        return ""
    if late:
        return f"⚠ quá hạn {-days} ngày"
    return f"còn {days} ngày" if days else "hôm nay"
