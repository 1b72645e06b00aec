"""Filled-in forms in the words that people read: titles of fields, outcomes, yes and no, days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from pydantic import BaseModel, ValidationError

from models.enums import Level

OUTCOME_WORDS = {
    "announced": "đã thông báo",
    "closed": "đã chốt",
    "accepted": "tiếp nhận",
    "returned": "trả lại",
    "proposed": "đề nghị",
    "not_proposed": "không đề nghị",
    "ready": "sẵn sàng",
    "not_ready": "chưa sẵn sàng",
    "supplemented": "đã bổ sung",
    "called": "đã triệu tập",
    "not_held": "không họp",
    "second_scoring": "chấm lần hai",
    "scored": "đã chấm",
    "recused": "từ chối chấm",
    "concluded": "đã kết luận",
    "evaluated": "đã xếp hạng",
    "eliminated": "bị loại",
    "signed": "đã ký",
    "recognised": "công nhận",
    "not_recognised": "không công nhận",
    "forwarded": "chuyển cấp trên",
    "passed": "đạt",
    "failed": "chưa đạt",
    "filed": "đã nộp",
    "not_renewing": "không đánh giá lại",
    "in_production": "còn sản xuất",
    "stopped": "đã ngừng sản xuất",
    "sent": "đã gửi",
    "mended": "đã khắc phục",
    "not_mended": "chưa khắc phục",
    "revoked": "thu hồi",
    "no_ground": "không có căn cứ",
}
"""The Vietnamese words of every outcome of every form."""

YES, NO = "Có", "Không"


def in_words(form: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an outcome, by the titles of the form's fields; a form within it is a dictionary again."""
    try:
        filled = form.model_validate(data)
    except ValidationError:  # stated under an earlier version of the form: the titles still hold
        filled = form.model_construct(**data)
    return _titled(filled)


def outcome_in_words(code: str) -> str:
    """`not_proposed` as people read it: `không đề nghị`."""
    return OUTCOME_WORDS.get(code, code)


def value_in_words(value: Any) -> Any:
    """A value of a form; dictionaries and lists stay what they are."""
    if isinstance(value, BaseModel):
        return _titled(value)
    if isinstance(value, Mapping):
        return {str(value_in_words(key)): value_in_words(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_on_one_line(value_in_words(part)) for part in value]
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return getattr(value, "label", value) if isinstance(value, Enum) else value


def _level_in_words(code: str | None) -> str | None:
    return Level(code).label if code in set(Level) else code


CODES: dict[str, Callable[[Any], Any]] = {"outcome": outcome_in_words, "forward_to": _level_in_words}
"""Fields whose values are codes, with who knows their words."""


def _titled(filled: BaseModel) -> dict[str, Any]:
    found = {}
    for name, field in type(filled).model_fields.items():
        if hasattr(filled, name):
            value = getattr(filled, name)
            found[field.title or name] = CODES.get(name, value_in_words)(value)
    return found


def _on_one_line(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return "; ".join(f"{name}: {text(part)}" for name, part in value.items() if part not in (None, "", []))


def flat(facts: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Facts within facts as one list: `Bốn nội dung đánh giá · Sử dụng lao động địa phương · Kết quả đánh giá`."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            found.update(flat(value, f"{above}{name} · "))
        else:
            found[f"{above}{name}"] = value
    return found


def text(value: Any) -> str:
    """A value in words as it is printed; nothing for none."""
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
