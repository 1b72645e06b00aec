"""Certificates as open data: CSV (UTF-8 with BOM, RFC 4180), JSON, and what the fields mean."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.errors import InputError
from models.workbooks.exports.certificates import certificates_on
from models.workbooks.writing import LEADING

NAME = "giay-chung-nhan-ocop"


class Field(NamedTuple):
    """One field of the data: its name, type and meaning."""

    name: str
    type: str
    description: str


FIELDS = (
    Field("code", "string", "Mã giấy chứng nhận; duy nhất"),
    Field("product_code", "string", "Mã sản phẩm"),
    Field("product", "string", "Tên sản phẩm"),
    Field("producer", "string", "Chủ thể"),
    Field("commune", "string", "Xã, thị trấn vào ngày của dữ liệu"),
    Field("commune_code", "string", "Mã đơn vị hành chính của xã; chỉ có nghĩa cùng ngày của dữ liệu"),
    Field("stars", "integer", "Hạng sao, 3–5"),
    Field("level", "string", "Cấp công nhận: district, province, ministry"),
    Field("regime", "string", "Quy định áp dụng"),
    Field("decision_number", "string", "Số quyết định công nhận"),
    Field("issued_on", "date", "Ngày cấp"),
    Field("valid_until", "date", "Ngày cuối của 36 tháng hiệu lực"),
    Field("state", "string", "Trạng thái vào ngày của dữ liệu, mã"),
    Field("state_label", "string", "Trạng thái vào ngày của dữ liệu, bằng lời"),
)


def open_data_rows(session: Session, on: date) -> list[dict[str, Any]]:
    """Every certificate issued by the day, with its state on it; nothing of persons but the producer's name."""
    rows = []
    for one in certificates_on(session, on):
        known = {**vars(one.row), "product_code": one.product.code, "commune_code": one.place.code}
        rows.append({field.name: _plain(known[field.name]) for field in FIELDS})
    return rows


def schema(on: date) -> dict[str, Any]:
    """What the fields are, for programs (Table Schema), and the day of the data."""
    return {
        "name": NAME,
        "title": "Giấy chứng nhận OCOP",
        "as_of": on.isoformat(),
        "encoding": "utf-8",
        "note": "Trong CSV, chữ bắt đầu bằng = + - @ có dấu nháy đơn phía trước để Excel không hiểu là công thức.",
        "primaryKey": "code",
        "missingValues": [""],
        "fields": [
            {**field._asdict(), "constraints": {"required": field.name not in {"product_code"}}} for field in FIELDS
        ],
    }


def export_open_data(session: Session, folder: Path, on: date) -> list[Path]:
    """Write the CSV, the JSON and the schema into a folder; gives their paths.

    Raises:
        InputError: it cannot be written there.
    """
    rows, about = open_data_rows(session, on), schema(on)
    writers: dict[str, Callable[[Path], None]] = {
        f"{NAME}.csv": lambda path: _write_csv(path, rows),
        f"{NAME}.json": lambda path: _write_json(path, {"as_of": on.isoformat(), "certificates": rows}),
        f"{NAME}.schema.json": lambda path: _write_json(path, about),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in writers.items():
            write(folder / name)
    except OSError as error:
        remedy = "Kiểm tra đường dẫn và quyền ghi."
        raise InputError("không ghi được vào thư mục này", field=str(folder), remedy=remedy) from error
    return [folder / name for name in writers]


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in FIELDS], dialect="excel")
        writer.writeheader()
        writer.writerows({name: _guarded(value) for name, value in row.items()} for row in rows)


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(LEADING) else value


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
