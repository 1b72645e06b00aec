"""Turns pydantic's findings about a request into problems with Vietnamese words."""

from __future__ import annotations

from pydantic import ValidationError

from models.errors import InputError, Problem

_LONGEST = 80

_PROBLEMS = {
    "missing": "thiếu trường này",
    "extra_forbidden": "không có trường này trong yêu cầu chấm điểm",
    "int_type": "phải là số nguyên",
    "bool_type": "phải là true hoặc false",
    "string_type": "phải là chuỗi ký tự",
    "string_unicode": "có ký tự hỏng",
    "string_too_short": "không được để trống",
    "string_too_long": "dài quá 200 ký tự",
    "enum": "giá trị không nằm trong danh sách",
    "literal_error": "giá trị không nằm trong danh sách",
    "greater_than_equal": "nhỏ hơn mức cho phép",
    "less_than_equal": "lớn hơn mức cho phép",
    "tuple_type": "phải là một danh sách […]",
    "mapping_type": "phải là một đối tượng {…}",
    "dict_type": "phải là một đối tượng {…}",
    "model_type": "phải là một đối tượng {…}",
    "model_attributes_type": "phải là một đối tượng {…}",
}

_REMEDIES = {
    "regime": "Ghi mã chế độ, ví dụ qd148-2023, qd1489-2025 hoặc qd26-2026.",
    "set": "Ghi số bộ tiêu chí từ 1 đến 26.",
    "case": "Ghi 1 hoặc 2; chỉ dùng cho bộ 26.",
    "sheets": "Ghi danh sách phiếu, mỗi thành viên một phiếu.",
    "member": "Ghi mã hoặc tên thành viên.",
    "role": "Ghi chair (chủ tịch), vice_chair (phó chủ tịch) hoặc member (thành viên).",
    "present": "Ghi true (có mặt) hoặc false (vắng).",
    "recused": "Ghi true (không được chấm) hoặc false.",
    "choices": 'Ghi mã tiêu chí và điểm của mức đã chọn, ví dụ {"1.1": 5}.',
    "council": "Ghi quorum, spread_limit, gate_rule, hoặc bỏ trường này để dùng mặc định.",
    "quorum": "Ghi tỷ lệ lớn hơn 0 và không quá 1, ví dụ 0.75.",
    "spread_limit": "Ghi số điểm không âm, ví dụ 10.",
    "gate_rule": "Ghi mean (điểm trung bình) hoặc every_member (mọi thành viên).",
    "eliminations": 'Ghi danh sách mã tiêu chí bị loại, ví dụ ["1.1"].',
    "scoring": "Ghi 1 (chấm lần đầu) hoặc 2 (chấm lần hai).",
}

_WHOLE = "Mỗi bản ghi là một đối tượng JSON có regime, set và sheets."


def input_error(error: ValidationError) -> InputError:
    """All findings of one validation as one `InputError`."""
    found = error.errors(include_url=False, include_input=False)
    return InputError.of(_problem(e["type"], e["loc"], e.get("ctx", {})) for e in found)


def field_of(place: tuple[int | str, ...]) -> str:
    """The place as the contract writes it: `sheets[0].choices.1.4`."""
    written = "".join(f"[{at}]" if isinstance(at, int) else f".{clip(at)}" for at in place)
    return written.removeprefix(".")


def clip(text: object) -> str:
    """What somebody typed, short enough to be repeated in a message."""
    shown = str(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _problem(kind: str, place: tuple[int | str, ...], context: dict[str, object]) -> Problem:
    known = [at for at in place if at in _REMEDIES]
    remedy = _REMEDIES[str(known[-1])] if known else _WHOLE
    if kind == "extra_forbidden":
        remedy = "Bỏ trường này hoặc sửa lại tên."
    own = str(context["error"]) if kind == "value_error" else "giá trị không hợp lệ"
    return Problem(field_of(place), _PROBLEMS.get(kind, own), remedy)
