"""`ocop task`: the work that waits for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting, acting_on, person_of_call, role_named
from deployments.commands.call import Answer, this_call
from deployments.commands.correcting import correct_item
from deployments.commands.data import Desk, reading_desk, writing_desk
from deployments.commands.files import read_record
from deployments.commands.options import Number
from deployments.commands.tables import days_left, draw
from models.acting import acting_to_release, capacities_of, choices_in
from models.actors import Held
from models.clock import VN_TZ
from models.enums import ClockEvent, Role
from models.errors import InputError
from models.forms import FORMS
from models.forms.words import flat, in_words, outcome_in_words, text
from models.process.kinds import StepKind
from models.rounds.queries import round_by_code
from models.tables import WorkItem
from models.work_items import complete as close_item
from models.work_items import extend as give_days
from models.work_items import resume as start_clock
from models.work_items import suspend as stop_clock
from models.work_items.claiming import claim as take
from models.work_items.claiming import release as give_back
from models.work_items.ledger import UNIT_WORDS
from models.work_items.opening import may_extend
from models.work_items.queries import ItemDetail, item_by_id, item_detail, item_rows

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="task", help="Việc đang chờ người làm.")

Id = Annotated[Number, Parameter(help="Số của việc (xem: ocop task list).")]

UNITS = UNIT_WORDS | {"date": "ngày cố định"}

MOST_DAYS = 250
"""Longest extension at once: a year of working days [ours]; more is a slip of the finger."""


@app.command(name="list")
def list_(
    *,
    mine: Annotated[bool, Parameter(help="Chỉ việc mà người của --as làm được.")] = False,
    round_: Annotated[str | None, Parameter("--round", help="Chỉ việc của đợt này.")] = None,
    overdue: Annotated[bool, Parameter(help="Chỉ việc quá hạn.")] = False,
) -> Answer:
    """Liệt kê việc đang chờ, hạn gần nhất trước."""
    with reading_desk() as desk:
        rows = item_rows(
            desk.session,
            desk.today,
            mine=_capacities(desk) if mine else None,
            round_id=round_by_code(desk.session, round_).id if round_ else None,
            overdue=overdue,
        )
    cells = [
        (r.id, r.label, r.about, r.waiting_for, r.claimed_by, r.role_label, r.due_on, days_left(r.days_left, r.late))
        for r in rows
    ]
    columns = ["Số", "Việc", "Hồ sơ, đợt", "Chờ", "Người nhận", "Vai trò", "Hạn", "Còn lại"]
    return Answer(rows, draw("Việc đang chờ", columns, cells, [r.late for r in rows]))


@app.command
def show(
    id_: Annotated[Id, Parameter("ID")],
    /,
    *,
    form: Annotated[bool, Parameter(help="In biểu mẫu kết quả (JSON Schema).")] = False,
) -> Answer:
    """Xem một việc: phải làm gì, hạn tính thế nào, kết quả; hoặc biểu mẫu của nó."""
    with reading_desk() as desk:
        if form:
            schema = FORMS[item_by_id(desk.session, id_).kind].model_json_schema()
            return Answer(schema, json.dumps(schema, ensure_ascii=False, indent=2))
        detail = item_detail(desk.session, id_, desk.today)
    return Answer(detail, lambda console: _draw(console, detail))


@app.command
def complete(
    id_: Annotated[Id, Parameter("ID")],
    file: Annotated[str, Parameter(help="Tệp kết quả (JSON hoặc YAML); «-»: JSON từ đầu vào.")],
    /,
) -> Answer:
    """Ghi kết quả của một việc. Ghi lại đúng kết quả đó thì không đổi gì; kết quả khác bị từ chối."""
    data = read_record(file)
    with writing_desk() as desk:
        item = item_by_id(desk.session, id_)
        before = item.version
        close_item(desk.session, item.id, data, acting_on(desk, item), desk.now)
        again = item.version == before
        detail = item_detail(desk.session, id_, desk.today)
    words = "đã ghi từ trước, không có gì thay đổi" if again else "đã ghi kết quả"
    stated = outcome_in_words(detail.outcomes[-1].outcome)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: {words} ({stated}).")


@app.command(name="correct")
def correct_(
    id_: Annotated[Id, Parameter("ID")],
    file: Annotated[str, Parameter(help="Tệp các mục cần sửa (JSON hoặc YAML); «-»: JSON từ đầu vào.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Lý do đính chính.")],
) -> Answer:
    """Đính chính kết quả đã ghi của một việc (kể cả việc của đợt): giữ cả hai bản, mở lại đúng bước phụ thuộc."""
    data = read_record(file)
    with writing_desk() as desk:
        return correct_item(desk, item_by_id(desk.session, id_), data, reason)


@app.command
def extend(
    id_: Annotated[Id, Parameter("ID")],
    /,
    *,
    days: Annotated[Number, Parameter(help="Số ngày làm việc thêm, tính từ hạn (từ hôm nay nếu đã quá hạn).")],
    reason: Annotated[str, Parameter(help="Lý do gia hạn.")],
) -> Answer:
    """Gia hạn một việc. (Cán bộ điều phối hoặc lãnh đạo)"""
    if days > MOST_DAYS:
        raise InputError(f"Mỗi lần gia hạn nhiều nhất {MOST_DAYS} ngày.", field="--days", remedy="Nhập số nhỏ hơn.")
    with writing_desk() as desk:
        item = item_by_id(desk.session, id_)
        session = desk.session
        who = acting(desk, Role.COORDINATOR, Role.LEADER, refused=lambda one: not may_extend(session, item, one))
        give_days(desk.session, item.id, days, reason, who, desk.now, office=item.owner_office)
        desk.session.flush()
        desk.session.expire(item)
        detail = item_detail(desk.session, id_, desk.today)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: hạn mới {detail.item.due_on:%d/%m/%Y}.")


@app.command
def suspend(
    id_: Annotated[Id, Parameter("ID")], /, *, reason: Annotated[str, Parameter(help="Lý do, ví dụ: chờ bổ sung.")]
) -> Answer:
    """Tạm dừng hạn khi hồ sơ đang ở chủ thể. (Cán bộ điều phối hoặc người được giao việc)"""
    return _pause(id_, reason, stop_clock, "đã tạm dừng hạn")


@app.command
def resume(
    id_: Annotated[Id, Parameter("ID")], /, *, reason: Annotated[str, Parameter(help="Lý do, ví dụ: đã bổ sung.")]
) -> Answer:
    """Tính tiếp hạn: số ngày còn lại được tính từ hôm nay."""
    return _pause(id_, reason, start_clock, "tính tiếp hạn")


@app.command
def claim(id_: Annotated[Id, Parameter("ID")], /) -> Answer:
    """Nhận một việc của đơn vị: từ lúc đó chỉ người nhận làm được việc này."""
    with writing_desk() as desk:
        take(desk.session, id_, acting_on(desk, item_by_id(desk.session, id_)), desk.now)
        detail = item_detail(desk.session, id_, desk.today)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: {detail.item.claimed_by} đã nhận.")


@app.command
def release(
    id_: Annotated[Id, Parameter("ID")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Lý do (cán bộ điều phối trả lại thay người nhận thì phải ghi).")] = "",
) -> Answer:
    """Trả lại việc đã nhận cho cả đơn vị. (Người đã nhận, hoặc cán bộ điều phối)"""
    with writing_desk() as desk:
        item = item_by_id(desk.session, id_)
        who = acting_to_release(desk.session, person_of_call(desk), item, desk.today)
        give_back(desk.session, id_, reason, who, desk.now)
        detail = item_detail(desk.session, id_, desk.today)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: đã trả lại cho {detail.item.waiting_for}.")


def _pause(id_: int, reason: str, act: Callable[..., WorkItem], words: str) -> Answer:
    with writing_desk() as desk:
        item = item_by_id(desk.session, id_)
        coordinates = choices_in(desk.session, person_of_call(desk), [Role.COORDINATOR], desk.today)
        who = acting(desk, Role.COORDINATOR) if coordinates else acting_on(desk, item)
        act(desk.session, id_, reason, who, desk.now)
        detail = item_detail(desk.session, id_, desk.today)
    return Answer(detail, f"{detail.item.label} · {detail.item.about}: {words}. {detail.arithmetic}")


def _capacities(desk: Desk) -> list[Held]:
    person, wanted = person_of_call(desk), this_call().role
    role = role_named(wanted) if wanted else None
    return [held for held in capacities_of(desk.session, person, desk.today) if role in {None, held.capacity.role}]


def _draw(console: Console, detail: ItemDetail) -> None:
    item = detail.item
    place = f" · đợt {item.round}" if item.round else ""
    console.print(f"Việc {item.id} · {item.step}. {item.label} · {item.about}{place}")
    console.print(f"Phải làm: {detail.todo}")
    taken = f" · {item.claimed_by} đã nhận" if item.claimed_by else ""
    console.print(f"Chờ: {item.waiting_for} ({item.role_label}){taken}")
    left = days_left(item.days_left, item.late)
    console.print(f"Hạn: {item.due_on:%d/%m/%Y}{f' ({left})' if left else ''} · {item.status_label}")
    console.print(f"Cách tính: {detail.arithmetic}")
    clock = [
        (c.on, ClockEvent(c.event).label, c.days or "", UNITS.get(c.unit, c.unit), c.until, c.rule, c.by)
        for c in detail.clock
    ]
    draw("Hạn tính thế nào", ["Ngày", "Sự kiện", "Số ngày", "Loại", "Đến ngày", "Căn cứ, lý do", "Người"], clock)(
        console
    )
    for outcome in detail.outcomes:
        version = f" (bản {outcome.version})" if len(detail.outcomes) > 1 else ""
        stood_in = f" (thay mặt {outcome.on_behalf_of})" if outcome.on_behalf_of else ""
        by = f"{outcome.by}{stood_in} · {outcome.recorded_at.astimezone(VN_TZ):%d/%m/%Y %H:%M}"
        console.print(f"Kết quả{version}: {outcome_in_words(outcome.outcome)} · {by}")
        if outcome.reason:
            console.print(f"Lý do đính chính: {outcome.reason}")
        if outcome.carried_from is not None:
            console.print(f"Mang sang từ lần {outcome.carried_from}.")
        for name, value in flat(in_words(FORMS[StepKind(item.kind)], outcome.data)).items():
            console.print(f"  {name}: {text(value)}", markup=False)
    if not detail.outcomes and item.days_left is not None:
        console.print(f"Biểu mẫu: ocop task show {item.id} --form · Ghi kết quả: ocop task complete {item.id} TỆP")
