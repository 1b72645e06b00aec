"""`ocop person`: people and the roles in which they act."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import person_of_call, role_named
from deployments.commands.call import Answer
from deployments.commands.data import reading_desk, trying_desk, writing_desk
from deployments.commands.files import path_of, path_to_write
from deployments.commands.options import Day
from deployments.commands.tables import draw
from models.acting import acting_to_hand_over
from models.actors import SYSTEM
from models.offices.people import add_person, people_rows, person_of_code
from models.work_items.handing_over import hand_over

app = App(name="person", help="Người dùng và vai trò.")


@app.command
def add(
    code: Annotated[str, Parameter(help="Mã người dùng, ví dụ cb-xa-tho-dien.")],
    name: Annotated[str, Parameter(help="Họ tên.")],
    role: Annotated[str, Parameter("ROLE", help="Vai trò, ví dụ coordinator, commune_officer, producer.")],
    /,
    *,
    office: Annotated[str | None, Parameter(help="Mã đơn vị của người đó.")] = None,
    producer: Annotated[str | None, Parameter(help="Mã chủ thể (vai trò producer).")] = None,
    title: Annotated[str, Parameter(help="Chức danh.")] = "",
    from_: Annotated[Day | None, Parameter("--from", help="Giữ vai trò từ ngày (mặc định: hôm nay).")] = None,
) -> Answer:
    """Thêm người dùng, hoặc thêm một vai trò cho người đã có. (Người cài đặt, không cần --as)"""
    with writing_desk() as desk:
        add_person(
            desk.session,
            code,
            name,
            role_named(role),
            SYSTEM,
            desk.now,
            on=from_ or desk.today,
            office=office,
            producer=producer,
            title=title,
        )
        rows = [row for row in people_rows(desk.session) if row.code == code]
    roles = ", ".join(row.role_label for row in rows)
    return Answer(rows, f"{name} ({code}): {roles}.")


@app.command
def handover(
    from_: Annotated[str, Parameter("FROM", help="Mã người bàn giao.")],
    to: Annotated[str, Parameter("TO", help="Mã người nhận.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Lý do, ví dụ: chuyển công tác.")],
    dry_run: Annotated[bool, Parameter(help="Chỉ xem trước, không đổi gì.")] = False,
) -> Answer:
    """Bàn giao mọi việc đang chờ đích danh một người, hoặc người đó đã nhận. (Người đó, điều phối, quản trị)"""
    desk_of = reading_desk if dry_run else writing_desk
    with desk_of() as desk:
        giver, taker = person_of_code(desk.session, from_), person_of_code(desk.session, to)
        who = acting_to_hand_over(desk.session, person_of_call(desk), desk.today)
        lines = hand_over(desk.session, giver, taker, reason, who, desk.now, dry_run=dry_run)
    done = "sẽ bàn giao" if dry_run else "đã bàn giao"
    cells = [(line.item, line.label, line.about, line.due_on, line.why_not or done) for line in lines]
    return Answer(lines, draw(f"{giver.name} → {taker.name}", ["Số", "Việc", "Hồ sơ, đợt", "Hạn", "Kết quả"], cells))


@app.command(name="list")
def list_() -> Answer:
    """Liệt kê người dùng và vai trò."""
    with reading_desk() as desk:
        rows = people_rows(desk.session)
    cells = [(r.code, r.name, r.role_label, r.office or r.producer, r.title, r.valid_from, r.valid_to) for r in rows]
    columns = ["Mã", "Họ tên", "Vai trò", "Đơn vị, chủ thể", "Chức danh", "Từ ngày", "Đến ngày"]
    return Answer(rows, draw("Người dùng", columns, cells))


@app.command
def template(file: Annotated[str, Parameter(help="Tệp mẫu sẽ tạo (.xlsx).")], /) -> Answer:
    """Tạo tệp Excel mẫu để nhập người dùng và vai trò."""
    from models.workbooks.person_book import write_person_book

    path = path_to_write(file)
    with reading_desk() as desk:
        write_person_book(desk.session, path, desk.now)
    return Answer({"file": str(path)}, f"Đã tạo mẫu danh sách người dùng: {path}")


@app.command
def export(*, out: Annotated[str, Parameter(help="Tệp Excel sẽ tạo (.xlsx).")]) -> Answer:
    """Xuất người dùng và vai trò đang có ra tệp Excel theo mẫu; sửa rồi nhập lại được."""
    from models.workbooks.person_book import write_person_book

    path = path_to_write(out)
    with reading_desk() as desk:
        rows = write_person_book(desk.session, path, desk.now, filled=True)
    return Answer({"file": str(path), "rows": rows}, f"Đã xuất {rows} vai trò: {path}")


@app.command(name="import")
def import_(
    file: Annotated[str, Parameter(help="Tệp Excel theo mẫu (.xlsx).")],
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Chỉ kiểm tra, nêu chỗ sai, không ghi gì.")] = False,
) -> Answer:
    """Nhập người dùng và vai trò: tất cả hoặc không gì cả. (Người cài đặt, không cần --as)"""
    from models.workbooks.person_book import import_people

    path = path_of(file)
    with trying_desk(dry_run) as desk:
        count = import_people(desk.session, path, SYSTEM, desk.now)
    done = "Tệp nhập được, chưa ghi gì" if dry_run else "Đã nhập người dùng"
    return Answer({**count.as_dict(), "dry_run": dry_run}, f"{done}: {count.words}.")
