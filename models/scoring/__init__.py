"""The scoring engine: exact results of a council's sheets, and the contract of `ocop score`."""

from models.scoring.checks import sheet_problems
from models.scoring.contract import errors_json, score_record, score_request
from models.scoring.engine import evaluate
from models.scoring.reader import Record, parse_record, split_records
from models.scoring.result import Attendance, MissedGate, Result, cut, to_json
from models.scoring.schema import CouncilRules, CouncilSettings, Role, ScoreRequest, Sheet

__all__ = [
    "Attendance",
    "CouncilRules",
    "CouncilSettings",
    "MissedGate",
    "Record",
    "Result",
    "Role",
    "ScoreRequest",
    "Sheet",
    "cut",
    "errors_json",
    "evaluate",
    "parse_record",
    "score_record",
    "score_request",
    "sheet_problems",
    "split_records",
    "to_json",
]
