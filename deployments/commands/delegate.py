"""`ocop delegate`: one person stands in for another."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting, person_of_call
from deployments.commands.call import Answer
from deployments.commands.data import Desk, reading_desk, writing_desk
from deployments.commands.options import Day
from deployments.commands.tables import draw
from models.actors import Actor, oneself
from models.delegations.making import DelegationRow, delegate, delegation_rows, end_delegation
from models.enums import Role
from models.errors import InputError
from models.offices.people import person_of_code
from models.process.kinds import StepKind
from models.tables import Person

app = App(name="delegate", help="Ủy quyền: người này làm thay mặt người kia trong một thời gian.")

Giver = Annotated[str, Parameter("FROM", help="Mã người được làm thay.")]


@app.command
def add(
    from_: Giver,
    to: Annotated[str, Parameter("TO", help="Mã người làm thay.")],
    /,
    *,
    until: Annotated[Day, Parameter(help="Đến hết ngày.")],
    reason: Annotated[str, Parameter(help="Lý do, ví dụ: nghỉ phép.")],
    start: Annotated[Day | None, Parameter("--from", help="Từ ngày (mặc định: hôm nay).")] = None,
    kind: Annotated[
        list[str] | None, Parameter(help="Chỉ loại việc này, ví dụ registration_check (nhiều loại: ghi nhiều lần).")
    ] = None,
) -> Answer:
    """Lập ủy quyền; mỗi người mỗi lúc một ủy quyền. (Chính người đó, hoặc quản trị)"""
    with writing_desk() as desk:
        giver, taker = person_of_code(desk.session, from_), person_of_code(desk.session, to)
        kinds = [_kind(name) for name in kind or []]
        who = _maker(desk, giver)
        rule = delegate(desk.session, giver, taker, kinds, start or desk.today, until, reason, who, desk.now)
        row = next(row for row in delegation_rows(desk.session, desk.today) if row.id == rule.id)
    return Answer(row, f"{_words(row)}.")


@app.command
def end(from_: Giver, /) -> Answer:
    """Kết thúc ủy quyền đang có trước hạn. (Người ủy quyền, người làm thay, hoặc quản trị)"""
    with writing_desk() as desk:
        giver = person_of_code(desk.session, from_)
        rule = end_delegation(desk.session, giver, _maker(desk, giver), desk.now)
        row = next(row for row in delegation_rows(desk.session, desk.today, ended=True) if row.id == rule.id)
    return Answer(row, f"{_words(row)}: đã kết thúc.")


@app.command(name="list")
def list_(*, all_: Annotated[bool, Parameter("--all", help="Cả ủy quyền đã kết thúc.")] = False) -> Answer:
    """Liệt kê ủy quyền."""
    with reading_desk() as desk:
        rows = delegation_rows(desk.session, desk.today, ended=all_)
    cells = [
        (r.from_name, r.to_name, ", ".join(r.kind_labels) or "mọi việc", r.valid_from, r.valid_to, r.reason, r.state)
        for r in rows
    ]
    columns = ["Người ủy quyền", "Người làm thay", "Việc", "Từ ngày", "Đến ngày", "Lý do", "Trạng thái"]
    return Answer(rows, draw("Ủy quyền", columns, cells))


def _maker(desk: Desk, giver: Person) -> Actor:
    person = person_of_call(desk)
    held = {capacity.role for capacity in person.capacities if capacity.holds_on(desk.today)}
    if person.id != giver.id and Role.ADMINISTRATOR in held:
        return acting(desk, Role.ADMINISTRATOR)
    return oneself(desk.session, person.id, desk.today)


def _kind(name: str) -> StepKind:
    try:
        return StepKind(name.replace("-", "_"))
    except ValueError as error:
        known = ", ".join(kind.value for kind in StepKind)
        raise InputError(f"Không có loại việc «{name}».", field="--kind", remedy=f"Chọn một trong: {known}.") from error


def _words(row: DelegationRow) -> str:
    work = ", ".join(row.kind_labels) or "mọi việc"
    return f"{row.to_name} làm thay {row.from_name} từ {row.valid_from:%d/%m/%Y} đến {row.valid_to:%d/%m/%Y} ({work})"
