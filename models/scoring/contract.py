"""One record of `ocop score`: from a JSON value to the result or its errors."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from models.criteria import load_set
from models.errors import InputError, OcopError
from models.regimes import load_regime
from models.scoring.engine import evaluate
from models.scoring.problems import input_error
from models.scoring.result import Result, to_json
from models.scoring.schema import CouncilRules, ScoreRequest


def score_record(value: object) -> dict[str, Any]:
    """The contract's answer to one JSON value: the result, or `{"errors": [...]}`; raises nothing of ours."""
    try:
        return to_json(score_request(value))
    except OcopError as error:
        return errors_json(error)


def score_request(value: object) -> Result:
    """The result for one JSON value (numbers as `int` or `Decimal`); `InputError` lists what is wrong."""
    try:
        request = ScoreRequest.model_validate(value)
    except ValidationError as error:
        raise input_error(error) from error
    regime = load_regime(request.regime)
    if regime.criteria is None:
        raise InputError(
            f"chế độ {regime.code} không có bộ tiêu chí để chấm, chỉ giữ cho giấy chứng nhận cũ",
            field="regime",
            remedy="Chọn chế độ theo ngày nhận hồ sơ (lệnh ocop regime).",
        )
    return evaluate(
        load_set(regime.criteria, request.number),
        request.case,
        request.sheets,
        CouncilRules.of(regime.council, request.council),
        regime,
        request.eliminations,
        request.scoring,
    )


def errors_json(error: OcopError) -> dict[str, Any]:
    """An error as the contract prints it."""
    return {"errors": [problem.as_dict() for problem in error.problems]}
