"""`ocop score`: each record of the input scored on its own; a bad one does not stop the others."""

from __future__ import annotations

from typing import Any

from models.errors import InputError
from models.scoring import Record, errors_json, parse_record, score_record, split_records


def score_stream(text: str) -> tuple[list[dict[str, Any]], bool]:
    """The answers to one JSON object or JSON Lines, one a record, and whether any record was bad.

    A bad record gives `{"errors": [...]}`, in JSON Lines with its `line` (from 1). The caller prints one
    answer a line and leaves with exit status 2 when any was bad.
    """
    records = split_records(text)
    if not records:
        remedy = "Đưa vào một đối tượng JSON, hoặc JSON Lines mỗi dòng một đối tượng."
        return [errors_json(InputError("không có dữ liệu để chấm điểm", remedy=remedy))], True
    answers = [_answer(record) for record in records]
    return answers, any("errors" in answer for answer in answers)


def _answer(record: Record) -> dict[str, Any]:
    try:
        answer = score_record(parse_record(record.text))
    except InputError as error:
        answer = errors_json(error)
    if "errors" in answer and record.line is not None:
        return {**answer, "line": record.line}
    return answer
