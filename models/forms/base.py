"""What all forms share. One model is the portal's form, the API's body, the command line's file and Prefect's form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from models.errors import InputError, Problem
from models.forms.tidy import unfit
from models.vietnamese.dates import HOW_TO_TYPE

MESSAGES = {
    "missing": ("thiếu thông tin bắt buộc", "Điền mục này."),
    "extra_forbidden": ("không có mục này trong biểu mẫu", "Bỏ mục này hoặc sửa tên cho đúng."),
    "literal_error": ("giá trị không nằm trong các lựa chọn", "Chọn một trong: {expected}."),
    "enum": ("giá trị không nằm trong các lựa chọn", "Chọn một trong: {expected}."),
    "date_from_datetime_parsing": ("không phải ngày hợp lệ", HOW_TO_TYPE),
    "date_parsing": ("không phải ngày hợp lệ", HOW_TO_TYPE),
    "date_type": ("không phải ngày hợp lệ", HOW_TO_TYPE),
    "string_type": ("phải là chữ", "Ghi nội dung bằng chữ, đặt trong dấu ngoặc kép."),
    "string_too_short": ("để trống hoặc quá ngắn", "Ghi rõ nội dung."),
    "too_short": ("danh sách thiếu phần tử", "Thêm cho đủ ít nhất {min_length} mục."),
    "bool_type": ("phải là có hoặc không", "Ghi true hoặc false."),
    "bool_parsing": ("phải là có hoặc không", "Ghi true hoặc false."),
    "int_type": ("phải là số nguyên", "Ghi số nguyên."),
    "int_parsing": ("phải là số nguyên", "Ghi số nguyên."),
    "int_parsing_size": ("số quá lớn", "Kiểm tra lại số đã ghi."),
    "int_from_float": ("phải là số nguyên", "Ghi số nguyên, không có phần lẻ."),
    "greater_than_equal": ("nhỏ hơn mức cho phép", "Ghi số từ {ge} trở lên."),
    "less_than_equal": ("lớn hơn mức cho phép", "Ghi số không quá {le}."),
    "greater_than": ("nhỏ hơn mức cho phép", "Ghi số lớn hơn {gt}."),
    "string_pattern_mismatch": ("không đúng dạng", "Ghi theo mẫu {pattern}."),
    "string_too_long": ("quá dài", "Ghi ngắn lại, nhiều nhất {max_length} ký tự."),
    "string_unicode": ("có ký tự hỏng", "Ghi lại bằng chữ Unicode (UTF-8)."),
    "json_invalid": ("không phải JSON hợp lệ", "Gửi nội dung JSON, mã hóa UTF-8."),
    "json_type": ("không phải JSON hợp lệ", "Gửi nội dung JSON, mã hóa UTF-8."),
    "list_type": ("phải là một danh sách", "Ghi danh sách, mỗi mục một phần tử."),
    "dict_type": ("phải là các cặp tên – giá trị", "Ghi từng cặp tên: giá trị."),
    "model_type": ("phải là các cặp tên – giá trị", "Ghi từng mục của biểu mẫu: tên và giá trị."),
    "model_attributes_type": ("phải là các cặp tên – giá trị", "Ghi từng mục của biểu mẫu: tên và giá trị."),
    "date_from_datetime_inexact": ("không phải ngày hợp lệ, có kèm giờ", HOW_TO_TYPE),
}

FOUND = "problems"
"""Where `wrong` leaves its findings in pydantic's error."""


class _Past:
    """Marks a day on which something was done: it cannot lie ahead when it is recorded."""


PAST = _Past()
ActDay = Annotated[date, PAST]
OptionalActDay = Annotated[date | None, PAST]


class Form(BaseModel):
    """Base of the forms by which people close work items; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    outcome: str


def check_days(form: Form, today: date) -> None:
    """Refuse days of acts that lie ahead of `today`: recorded, they could only be corrected.

    Raises:
        InputError: all of them.
    """
    ahead = [
        Problem(name, f"ngày {day:%d/%m/%Y} chưa tới", "Ghi ngày đã diễn ra, không sau hôm nay.")
        for name, field in type(form).model_fields.items()
        if PAST in field.metadata and (day := getattr(form, name)) is not None and day > today
    ]
    if ahead:
        raise InputError.of(ahead)


def field_path(location: tuple[int | str, ...]) -> str:
    """`("sheets", 0, "choices", "1.4")` as people read it: `sheets[0].choices.1.4`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else (f".{part}" if path else str(part))
    return path


def problems_of(error: ValidationError) -> list[Problem]:
    """Pydantic's findings in Vietnamese, each with its field and remedy."""
    return problems_in(error.errors(include_url=False))


def problems_in(findings: Iterable[Mapping[str, Any]], *, without: Collection[str] = ()) -> list[Problem]:
    """The same for findings as a list; `without`: names that stand before the path and say nothing ("body")."""
    found: list[Problem] = []
    for entry in findings:
        place = tuple(entry["loc"])[1 if entry["loc"] and entry["loc"][0] in without else 0 :]
        context: dict[str, Any] = {"expected": "", "min_length": 1} | dict(entry.get("ctx") or {})
        if FOUND in context:
            found += [_within(place, problem) for problem in context[FOUND]]
            continue
        problem, remedy = MESSAGES.get(entry["type"], (entry["msg"].removeprefix("Value error, "), "Sửa mục này."))
        context["expected"] = str(context["expected"]).replace(" or ", " hoặc ")
        found.append(Problem(field_path(place) or "biểu mẫu", problem, remedy.format(**context)))
    return found


def wrong(*problems: Problem) -> PydanticCustomError:
    """What a validator raises: findings with their fields, as seen from the model, and remedies."""
    words = "; ".join(problem.problem for problem in problems)
    return PydanticCustomError("ocop", "{words}", {"words": words, FOUND: problems})


def _within(location: tuple[int | str, ...], problem: Problem) -> Problem:
    path = field_path(location)
    joint = "." if path and problem.field and not problem.field.startswith("[") else ""
    return replace(problem, field=f"{path}{joint}{problem.field}" or "biểu mẫu")


F = TypeVar("F", bound=BaseModel)


def read_form(form: type[F], data: Any) -> F:
    """`data` as a filled-in form.

    Raises:
        InputError: with every field that is wrong, not only the first.
    """
    if problems := list(unfit(data)):
        raise InputError.of(problems)
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise InputError.of(problems_of(error)) from error
