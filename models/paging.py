"""Pages of long lists: by number, or from an id onwards for lists that only grow at their front."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.errors import InputError

T = TypeVar("T")
U = TypeVar("U")

SIZE = 25
"""Lines of a page unless asked otherwise [ours]."""

LARGEST_SIZE = 200
LARGEST_PAGE = 1_000_000


@dataclass(frozen=True)
class PageAsked:
    """Which page of a list: `page` counts from 1, `size` is the lines of a page.

    Raises:
        InputError: a page below 1, or a size that is none or too large.
    """

    page: int = 1
    size: int = SIZE

    def __post_init__(self) -> None:
        """Refuse what names no page."""
        if not 1 <= self.page <= LARGEST_PAGE:
            raise InputError(f"Không có trang số {self.page}.", field="page", remedy="Chọn trang từ 1 trở đi.")
        if not 1 <= self.size <= LARGEST_SIZE:
            raise InputError(
                f"Không xem được {self.size} dòng một trang.",
                field="size",
                remedy=f"Chọn từ 1 đến {LARGEST_SIZE} dòng.",
            )

    @property
    def start(self) -> int:
        """How many lines stand before the page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list of `total` lines; a page after the last one is empty."""

    items: list[T]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        """The page before, which is the last one for whoever went past the end."""
        return min(self.page - 1, self.pages) if self.page > 1 else None

    @property
    def next(self) -> int | None:
        """The page after."""
        return self.page + 1 if self.page < self.pages else None

    @classmethod
    def of(cls, found: Sequence[T], asked: PageAsked) -> Self:
        """The page asked for of a list that is there as a whole."""
        return cls(list(found[asked.start : asked.start + asked.size]), len(found), asked.page, asked.size)

    def map(self, make: Callable[[T], U]) -> Page[U]:
        """The same page with each line made into something else."""
        return Page([make(item) for item in self.items], self.total, self.page, self.size)


def page_of_rows(session: Session, query: Select[Any], asked: PageAsked) -> Page[Any]:
    """The rows of one page of a query, which must be ordered, with how many there are in all."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.execute(query.offset(asked.start).limit(asked.size)).all() if asked.start < total else []
    return Page(list(rows), total, asked.page, asked.size)


def every_page(read: Callable[[PageAsked], Page[T]]) -> Iterator[T]:
    """All lines of a list that is read page by page."""
    asked: PageAsked | None = PageAsked(size=LARGEST_SIZE)
    while asked is not None:
        page = read(asked)
        yield from page.items
        asked = PageAsked(page.next, LARGEST_SIZE) if page.next is not None else None
