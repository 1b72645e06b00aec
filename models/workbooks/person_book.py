"""People and their roles as a workbook: template, export, import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.enums import Role
from models.errors import PersonError
from models.offices.people import add_person
from models.tables import Capacity, Office, Person, Producer
from models.workbooks.columns import Choice, Column, Kind, SheetPlan
from models.workbooks.counting import Imported
from models.workbooks.reading import Reader, Record, read_workbook
from models.workbooks.writing import list_ranges, lists_of, new_book, write_guide, write_table

TITLE = "MẪU DANH SÁCH NGƯỜI DÙNG VÀ VAI TRÒ"
OFFICES = "Mã đơn vị"
ROLES = tuple(Choice(role.value, role.label) for role in Role if role is not Role.SYSTEM)

PEOPLE = SheetPlan(
    "Người dùng",
    "DANH SÁCH NGƯỜI DÙNG VÀ VAI TRÒ",
    (
        Column("code", "Mã người dùng", 22, required=True, hint="Không dấu, không cách, ví dụ cb-xa-tho-dien."),
        Column("name", "Họ tên", 24, required=True, letters=200),
        Column("role", "Vai trò", 22, Kind.CHOICE, required=True, choices=ROLES),
        Column("office", "Mã đơn vị", 20, offers=OFFICES, hint="Để trống với chủ thể, kiểm toán, quản trị."),
        Column("producer", "Mã chủ thể", 12, hint="Chỉ với vai trò Chủ thể; xem ocop product export."),
        Column("title", "Chức danh", 30),
        Column("email", "E-mail", 30, Kind.MAIL, letters=200),
        Column("phone", "Điện thoại", 14, Kind.PHONE, letters=50),
        Column("valid_from", "Giữ vai trò từ ngày", 14, Kind.DAY, hint="Để trống: hôm nay."),
        Column("valid_to", "Đến hết ngày", 14, Kind.DAY, hint="Để trống: chưa định ngày thôi."),
    ),
    "Mỗi vai trò của một người một dòng. Ô để trống thì giữ như đã có. Cột có dấu * là bắt buộc.",
)

GUIDE = (
    (
        "1. Mỗi vai trò một dòng",
        (
            "Một người giữ nhiều vai trò thì ghi nhiều dòng, cùng mã và họ tên.",
            "Vai trò Chủ thể ghi mã chủ thể; các vai trò khác ghi mã đơn vị (xem sheet «Danh mục»).",
            "Người thôi giữ vai trò: ghi «Đến hết ngày». Điện thoại ghi dạng chữ để không mất số 0 ở đầu.",
        ),
    ),
    (
        "2. Thử rồi nhập (người cài đặt)",
        (
            "ocop person import TỆP.xlsx --dry-run: kiểm tra, nêu từng ô sai và cách sửa, không ghi gì.",
            "ocop person import TỆP.xlsx: ghi tất cả, hoặc không ghi gì nếu còn ô sai.",
            "Lấy danh sách đang có để sửa: ocop person export --out TỆP.xlsx.",
        ),
    ),
)


def write_person_book(session: Session, path: Path, now: datetime, *, filled: bool = False) -> int:
    """Write the template, or with `filled` the people as they are; the number of roles in it."""
    offices = list(session.scalars(select(Office.code).order_by(Office.id)))
    lists = lists_of((PEOPLE,), {OFFICES: offices})
    rows = list(_rows(session)) if filled else []
    with new_book(path, now, TITLE) as book:
        write_guide(book, TITLE, GUIDE)
        write_table(book, PEOPLE, rows, list_ranges(lists))
        book.lists(lists)
    return len(rows)


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    producers = {row.id: row.code for row in session.scalars(select(Producer))}
    query = select(Capacity).join(Person).options(joinedload(Capacity.person), joinedload(Capacity.office))
    for capacity in session.scalars(query.order_by(Person.code, Capacity.id)):
        yield {
            "code": capacity.person.code,
            "name": capacity.person.name,
            "role": capacity.role.value,
            "office": capacity.office.code if capacity.office else None,
            "producer": producers[capacity.producer_id] if capacity.producer_id else None,
            "title": capacity.title,
            "email": capacity.person.email,
            "phone": capacity.person.phone,
            "valid_from": capacity.valid_from,
            "valid_to": capacity.valid_to,
        }


def import_people(session: Session, path: Path, who: Actor, now: datetime) -> Imported:
    """Store the people and roles of a workbook, all or none, by the same act as `ocop person add`.

    Raises:
        InputError: with every cell that is wrong.
    """
    reader, count = read_workbook(path), Imported()
    seen: dict[tuple[Any, ...], str] = {}
    for record in reader.rows(PEOPLE):
        if all(record.values.get(column.key) is not None for column in PEOPLE.columns if column.required):
            _check(reader, record, seen)
            _store(session, reader, record, who, now, count)
    reader.finish()
    if count.changed:
        audit.record(session, who, "people.imported", "people:all", now, data=count.as_dict())
    return count


def _check(reader: Reader, record: Record, seen: dict[tuple[Any, ...], str]) -> None:
    values = record.values
    key = tuple(values.get(name) for name in ("code", "role", "office", "producer", "valid_from"))
    if key in seen:
        reader.wrong(record.cells["code"], f"vai trò này đã ghi ở {seen[key]}", "Bỏ dòng thừa.")
    seen.setdefault(key, record.cells["code"].place)
    start, end = values.get("valid_from"), values.get("valid_to")
    if start is not None and end is not None and end < start:
        reader.wrong(record.cells["valid_to"], "trước ngày bắt đầu giữ vai trò", "Sửa một trong hai ngày.")
    if " " in values["code"]:
        reader.wrong(record.cells["code"], "mã có khoảng trắng", "Ghi mã liền, ví dụ cb-xa-tho-dien.")


def _store(session: Session, reader: Reader, record: Record, who: Actor, now: datetime, count: Imported) -> None:
    values, day = record.values, record.values.get("valid_from") or vn_date(now)
    known = _capacity(session, values, day)
    new = known is None
    title = values.get("title")
    if known is None or (title is not None and known.title != title) or known.person.name != values["name"]:
        kept = known.title if known is not None else ""
        known = _added(session, reader, record, who, now, day, title if title is not None else kept)
    if known is None:
        return
    count.add(new=new, changed=_complete(known, values) or (title is not None and known.title != title))
    session.flush()


def _added(
    session: Session, reader: Reader, record: Record, who: Actor, now: datetime, day: date, title: str
) -> Capacity | None:
    values = record.values
    try:
        add_person(
            session,
            values["code"],
            values["name"],
            Role(values["role"]),
            who,
            now,
            on=day,
            office=values.get("office"),
            producer=values.get("producer"),
            title=title,
        )
    except PersonError as error:
        for one in error.problems:
            field = "name" if one.problem.startswith("Mã «") else one.field
            reader.wrong(record.cells.get(field, record.cells["code"]), one.problem, one.remedy)
        return None
    return _capacity(session, values, day)


def _capacity(session: Session, values: dict[str, Any], day: date) -> Capacity | None:
    """The role that a row means: from exactly its day, else one in force then."""
    query = (
        select(Capacity)
        .join(Person)
        .outerjoin(Office, Office.id == Capacity.office_id)
        .outerjoin(Producer, Producer.id == Capacity.producer_id)
        .where(
            Person.code == values["code"],
            Capacity.role == Role(values["role"]),
            Office.code.is_(None) if values.get("office") is None else Office.code == values["office"],
            Producer.code.is_(None) if values.get("producer") is None else Producer.code == values["producer"],
        )
        .order_by(Capacity.id)
    )
    found = session.scalars(query).all()
    exact = next((capacity for capacity in found if capacity.valid_from == day), None)
    return exact or next((capacity for capacity in found if capacity.holds_on(day)), None)


def _complete(capacity: Capacity, values: dict[str, Any]) -> bool:
    """Write the contact and the last day where they are given and different; whether anything was."""
    changed = False
    for owner, name in ((capacity.person, "email"), (capacity.person, "phone"), (capacity, "valid_to")):
        value = values.get(name)
        if value is not None and getattr(owner, name) != value:
            setattr(owner, name, value)
            changed = True
    return changed
