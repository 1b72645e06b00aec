"""The register of products and producers as a workbook: template, export, import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.access.reach import places_of
from models.actors import Actor
from models.clock import vn_date
from models.enums import OrganisationForm, Role
from models.errors import NotAllowedError
from models.names import plain_name
from models.rounds.product_rows import ProductLine, new_producer
from models.tables import Place, Producer, Product, ProductAlias
from models.workbooks.counting import Imported
from models.workbooks.ground import Ground
from models.workbooks.plan_sheets import COMMUNES
from models.workbooks.plan_writing import communes
from models.workbooks.product_sheets import FACTS_OF_PRODUCER, GUIDE, REGISTER
from models.workbooks.reading import Cell, Reader, Record, read_workbook
from models.workbooks.writing import list_ranges, lists_of, new_book, write_guide, write_table

TITLE = "MẪU DANH MỤC SẢN PHẨM OCOP"


def write_product_book(
    session: Session, path: Path, now: datetime, today: date, *, filled: bool = False, office_id: int | None = None
) -> int:
    """Write the template, or with `filled` the register as it is; the number of products in it.

    `office_id`: only of the places that this office looks after.
    """
    lists = lists_of((REGISTER,), {COMMUNES: communes(session, today)})
    rows = list(_rows(session, office_id)) if filled else []
    with new_book(path, now, TITLE) as book:
        write_guide(book, TITLE, GUIDE)
        write_table(book, REGISTER, rows, list_ranges(lists))
        book.lists(lists)
    return len(rows)


def _rows(session: Session, office_id: int | None) -> Iterator[dict[str, Any]]:
    query = select(Product).options(joinedload(Product.producer), joinedload(Product.place))
    if office_id is not None:
        query = query.where(Product.place_id.in_(places_of(session, {office_id})))
    for product in session.scalars(query.order_by(Product.id)):
        yield {
            "code": product.code,
            "name": product.name,
            "aliases": [alias.name for alias in product.aliases],
            "commune": product.place.title,
            "criteria_set": product.criteria_set,
            "producer_code": product.producer.code,
            "producer": product.producer.name,
            **{name: getattr(product.producer, name) for name in FACTS_OF_PRODUCER},
        }


def import_products(session: Session, path: Path, who: Actor, now: datetime) -> Imported:
    """Store the products and producers of a workbook, all or none; what is there already stays, or is completed.

    Raises:
        NotAllowedError: not a coordinator.
        InputError: with every cell that is wrong, also where another office looks after the place.
    """
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được nhập danh mục sản phẩm.", field="actor", remedy="Dùng vai trò điều phối."
        )
    reader = read_workbook(path)
    count, ground = Imported(), Ground(session, vn_date(now))
    seen: dict[int, Cell] = {}
    told: dict[tuple[int, str], Any] = {}
    for record in reader.rows(REGISTER):
        _import_row(_Row(ground, reader, record, who), count, seen, told)
    reader.finish()
    if count.changed:
        audit.record(session, who, "products.imported", "products:all", now, data=count.as_dict())
    return count


class _Row:
    """One row on its way into the tables; faults go to the reader."""

    def __init__(self, ground: Ground, reader: Reader, record: Record, who: Actor) -> None:
        self.session, self.ground, self.reader, self.record, self.who = ground.session, ground, reader, record, who

    def value(self, key: str) -> Any:
        return self.record.values.get(key)

    def wrong(self, key: str, problem: str, remedy: str) -> None:
        self.reader.wrong(self.record.cells.get(key, self.record.cells["name"]), problem, remedy)

    @property
    def readable(self) -> bool:
        return all(self.value(column.key) is not None for column in REGISTER.columns if column.required)


def _import_row(row: _Row, count: Imported, seen: dict[int, Cell], told: dict[tuple[int, str], Any]) -> None:
    if not row.readable:
        return
    place = row.ground.place(row.value("commune")) or _kept_place(row)
    if place is None:
        row.wrong(
            "commune", f"không có xã, thị trấn «{row.value('commune')}»", "Chọn trong danh sách địa bàn hiện nay."
        )
        return
    registered = row.value("registered_on")
    if registered is not None and registered > row.ground.today:
        row.wrong("registered_on", f"ngày {registered:%d/%m/%Y} chưa tới", "Ghi ngày trên giấy đăng ký.")
    producer = _producer(row, place)
    if producer is None:
        return
    known = _product(row, producer, place)
    if known is None:
        return
    product, new = known
    if product.id in seen:
        row.wrong("name", f"sản phẩm đã ghi ở {seen[product.id].place}", "Bỏ dòng thừa.")
        return
    seen[product.id] = row.record.cells["name"]
    count.add(new=new, changed=_settle(row, product, producer, told))


def _kept_place(row: _Row) -> Place | None:
    """Where the register has the product, if the row names that place: it may have ended since."""
    code, producer = row.value("code"), row.value("producer_code")
    query = select(Product).join(Producer).where(or_(Product.code == code, Producer.code == producer))
    named = plain_name(row.value("commune"))
    places = (product.place for product in row.session.scalars(query) if code or product.name == row.value("name"))
    return next((place for place in places if named in {plain_name(place.title), plain_name(place.name)}), None)


def _producer(row: _Row, place: Place) -> Producer | None:
    """The producer of this code, or of this name in the commune; made when it is new and no code is given."""
    code, name = row.value("producer_code"), row.value("producer")
    if code is None:
        here = Producer.place_id.in_(row.ground.within(place))
        query = select(Producer).where(Producer.name == name, here).order_by(Producer.id)
        return row.session.scalars(query).first() or _new_producer(row, place)
    found = row.session.scalar(select(Producer).where(Producer.code == code))
    if found is None:
        row.wrong("producer_code", f"không có chủ thể mã «{code}»", "Để trống mã với chủ thể mới; mã do phần mềm cấp.")
    elif found.name != name:
        row.wrong("producer", f"mã «{code}» là của «{found.name}»", "Ghi đúng tên đã có, hoặc để trống mã chủ thể.")
        return None
    return found


def _new_producer(row: _Row, place: Place) -> Producer:
    line = ProductLine(row.value("name"), row.value("producer"), OrganisationForm(row.value("form")), 0)
    return new_producer(row.session, line, place.id)


def _product(row: _Row, producer: Producer, place: Place) -> tuple[Product, bool] | None:
    """The producer's product of this name or alias, made when it is new, and whether it is."""
    name, code = row.value("name"), row.value("code")
    owner = row.session.scalar(select(Product).where(Product.code == code)) if code is not None else None
    found = next((p for p in producer.products if name in {p.name, *(alias.name for alias in p.aliases)}), None)
    if owner is not None and owner is not found:
        row.wrong("code", f"mã «{code}» là của «{owner.name}» ({owner.producer.name})", "Sửa mã, hoặc ghi đúng tên.")
        return None
    if found is not None and found.place_id not in row.ground.within(place):
        row.wrong(
            "commune", f"sản phẩm đã có ở {found.place.title}", "Ghi đúng địa bàn đã có; chuyển địa bàn là việc khác."
        )
        return None
    new = found is None
    if found is None:
        found = Product(producer=producer, place_id=place.id, name=name, criteria_set=row.value("criteria_set"))
        row.session.add(found)
        row.session.flush()
    return (found, new) if _own(row, found) else None


def _own(row: _Row, product: Product) -> bool:
    office = row.ground.office(product)
    if office.id != row.who.office_id:
        row.wrong("commune", f"địa bàn do «{office.name}» phụ trách", "Để cán bộ điều phối của văn phòng đó nhập.")
        return False
    return True


def _settle(row: _Row, product: Product, producer: Producer, told: dict[tuple[int, str], Any]) -> bool:
    """Complete product and producer; whether anything changed."""
    code = row.value("code")
    if code is not None and product.code not in {None, code}:
        row.wrong("code", f"«{product.name}» đã có mã {product.code}", "Ghi đúng mã đã có.")
    changes = {"criteria_set": row.value("criteria_set"), "code": code}
    for key in FACTS_OF_PRODUCER:
        value = row.value(key)
        if value is not None and told.setdefault((producer.id, key), value) != value:
            row.wrong(key, f"khác với dòng khác của «{producer.name}»: {told[producer.id, key]}", "Ghi giống nhau.")
    known = {product.name, *(alias.name for alias in product.aliases)}
    aliases = [alias for alias in row.value("aliases") or [] if alias not in known]
    product.aliases.extend(ProductAlias(name=alias) for alias in aliases)
    completed = _complete(product, changes) | _complete(producer, {key: row.value(key) for key in FACTS_OF_PRODUCER})
    row.session.flush()
    return completed or bool(aliases)


def _complete(thing: Product | Producer, facts: dict[str, Any]) -> bool:
    """Write what is given and different; whether anything was."""
    changed = {name: value for name, value in facts.items() if value is not None and getattr(thing, name) != value}
    for name, value in changed.items():
        setattr(thing, name, OrganisationForm(value) if name == "form" else value)
    return bool(changed)
