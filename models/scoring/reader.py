"""Reads what `ocop score` is given: one JSON object or JSON Lines, numbers exactly as written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, NoReturn

from models.errors import InputError
from models.scoring.problems import clip

_REMEDY = "Sửa lại cho đúng JSON (RFC 8259)."


class Record(NamedTuple):
    """The text of one record, and its line (from 1) when the input is JSON Lines."""

    text: str
    line: int | None


def split_records(text: str) -> list[Record]:
    """The records of a text: the whole text when it is one JSON value, else its lines that are not blank.

    A pretty-printed object with a mistake in it stays one record, so that it gives one error.
    """
    whole = text.removeprefix("\ufeff").strip()
    # not splitlines(): U+2028 and its like may stand inside a JSON string
    lines = [Record(line, n) for n, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1) if line.strip()]
    if _is_json(whole) or len(lines) <= 1 or _is_broken_object(lines):
        return [Record(whole, None)] if whole else []
    return lines


def parse_record(text: str) -> object:
    """One JSON value, numbers exact; `InputError` for what is no JSON, a key given twice, broken letters."""
    try:
        value: object = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_unique
        )
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except json.JSONDecodeError as error:
        where = f"dòng {error.lineno}, cột {error.colno}" if error.lineno > 1 else f"cột {error.colno}"
        raise InputError(f"không phải JSON hợp lệ ({where})", remedy=_REMEDY) from error
    except UnicodeEncodeError as error:
        raise InputError("có ký tự hỏng (nửa cặp surrogate)", remedy="Lưu tệp bằng UTF-8.") from error
    except RecursionError as error:
        raise InputError("lồng nhau quá sâu", remedy=_REMEDY) from error
    except (ValueError, ArithmeticError) as error:
        raise InputError("có số quá lớn", remedy="Điểm là số nguyên từ 0 đến 100.") from error
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            field = clip(key).encode(errors="replace").decode()
            remedy = "Giữ một giá trị cho mỗi khoá."
            raise InputError("khoá này viết hai lần trong một đối tượng", field=field, remedy=remedy)
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InputError(f"{name} không phải là số JSON", remedy=_REMEDY)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_broken_object(lines: Sequence[Record]) -> bool:
    """Whether these lines are one pretty-printed object with a mistake, and not records of their own."""
    first, last = lines[0].text.strip(), lines[-1].text.strip()
    opened = first.startswith("{") and not first.endswith("}")
    inside = any(line.text[0].isspace() or line.text[0] == "}" for line in lines[1:])
    return opened and (inside or last == "}") and not any(_is_whole_record(line.text) for line in lines)


def _is_whole_record(text: str) -> bool:
    return text.strip().startswith("{") and '"sheets"' in text and _is_json(text)
