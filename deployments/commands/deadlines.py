"""`ocop deadlines`: what is due when and why; `ocop watch`: one look of the watch at the data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.call import Answer
from deployments.commands.data import Desk, reading_desk, writing_desk
from deployments.commands.tables import days_left, draw
from models.clock import VN_TZ, vn_date
from models.errors import InputError
from models.process import step_definition
from models.rounds.carrying import settle_carries
from models.rounds.queries import round_by_code
from models.work_items.ladder import climb
from models.work_items.limiting import hold_all_to_limits
from models.work_items.queries import ItemRow, arithmetic, item_by_id, item_rows

if TYPE_CHECKING:
    from rich.console import Console

OFFICE_OPENS = time(7, 30)
"""The hour of a look of which only the day is given [ours]."""

NO_PREFECT = (
    "Chỉ phần nghiệp vụ: đã ghi bậc nhắc và đặt thông báo vào hàng đợi; không động tới Prefect. "
    "Thông báo và sự kiện chỉ rời máy khi hệ thống đang chạy (ocop up)."
)


@dataclass(frozen=True)
class Told:
    """One item that reached a rung, and the rung that is told."""

    item: int
    label: str
    about: str
    waiting_for: str
    due_on: date
    rung: str
    rung_label: str
    claimed: list[str]


def deadlines(
    *,
    overdue: Annotated[bool, Parameter(help="Chỉ việc quá hạn.")] = False,
    round_: Annotated[str | None, Parameter("--round", help="Chỉ việc của đợt này.")] = None,
) -> Answer:
    """Hạn của mọi việc đang chờ và cách tính: bao nhiêu ngày, theo quy định nào, đã dùng, tạm dừng, gia hạn."""
    with reading_desk() as desk:
        round_id = round_by_code(desk.session, round_).id if round_ else None
        rows = item_rows(desk.session, desk.today, round_id=round_id, overdue=overdue)
        why = [arithmetic(item_by_id(desk.session, row.id), desk.today) for row in rows]
    data = [{**asdict(row), "arithmetic": words} for row, words in zip(rows, why, strict=True)]
    cells = [_cells(row, words) for row, words in zip(rows, why, strict=True)]
    columns = ["Số", "Việc", "Hồ sơ, đợt", "Chờ", "Hạn", "Còn lại", "Tính thế nào"]
    return Answer(data, draw("Việc quá hạn" if overdue else "Hạn của các việc", columns, cells, [r.late for r in rows]))


PREVIEW = "Xem trước một ngày chưa tới: không có gì được ghi, không ai được báo."


def watch(
    *,
    now: Annotated[
        str | None, Parameter(help="Ngày (2024-07-24) hoặc thời điểm (2024-07-24T08:00); mặc định: lúc này.")
    ] = None,
) -> Answer:
    """Rà hạn một lần: việc nào sắp đến hạn, quá hạn, phải báo cấp trên; mỗi bậc chỉ nhắc một lần."""
    with looking_desk(now) as (desk, moment, preview):
        rows = _look(desk, moment)
    data = {"now": moment.isoformat(), "preview": preview, "told": rows, "prefect": False}
    cells = [(r.item, r.label, r.about, r.waiting_for, r.due_on, r.rung_label) for r in rows]
    columns = ["Số", "Việc", "Hồ sơ, đợt", "Chờ", "Hạn", "Bậc"]
    table = draw(f"Bậc nhắc mới lúc {moment.astimezone(VN_TZ):%H:%M %d/%m/%Y}", columns, cells)

    def show(console: Console) -> None:
        table(console)
        console.print(PREVIEW if preview else NO_PREFECT)

    return Answer(data, show)


@contextmanager
def looking_desk(now: str | None) -> Iterator[tuple[Desk, datetime, bool]]:
    """A desk for a look at `now`; at a moment to come it is a preview, of which nothing is kept.

    What is claimed for a day to come could not be told when that day comes, and other acts would build on it.
    """
    with writing_desk() as desk:
        moment = moment_of(now) if now is not None else desk.now
        preview = moment > desk.now
        step = desk.session.begin_nested()
        yield desk, moment, preview
        if preview:
            step.rollback()


def moment_of(text: str) -> datetime:
    """The moment that a person means; without a zone it is Viet Nam's.

    Raises:
        InputError: neither a day nor a moment.
    """
    try:
        if len(text.strip()) == len("2024-07-24"):
            return datetime.combine(date.fromisoformat(text.strip()), OFFICE_OPENS, VN_TZ)
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        remedy = "Ví dụ: --now 2024-07-24 hoặc --now 2024-07-24T08:00."
        raise InputError(f"«{text}» không phải ngày hay thời điểm.", field="--now", remedy=remedy) from error
    return found if found.tzinfo else found.replace(tzinfo=VN_TZ)


def _look(desk: Desk, moment: datetime) -> list[Told]:
    settle_carries(desk.session, moment)
    hold_all_to_limits(desk.session, moment)
    found = list(climb(desk.session, moment, vn_date(moment)))
    rows = {row.id: row for row in item_rows(desk.session, vn_date(moment))} if found else {}
    return [
        Told(
            item=one.item.id,
            label=step_definition(one.item.kind).label,
            about=rows[one.item.id].about,
            waiting_for=rows[one.item.id].waiting_for,
            due_on=one.item.due_on,
            rung=one.rung.value,
            rung_label=one.rung.label,
            claimed=[rung.value for rung in one.new],
        )
        for one in found
    ]


def _cells(row: ItemRow, words: str) -> tuple[object, ...]:
    left = days_left(row.days_left, row.late) or "tạm dừng"
    return row.id, row.label, row.about, row.waiting_for, row.due_on, left, words
