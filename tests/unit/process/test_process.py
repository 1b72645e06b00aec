"""The process as data: every step complete, addressed, dated, with ASCII names for the engine."""

from __future__ import annotations

import copy
from importlib.resources import files
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from models.forms import FORMS
from models.process import Scope, process_version, stage_tag, step_definition
from models.process.kinds import StepKind
from models.process.schema import Process, load_process
from models.regimes.loader import regimes
from models.regimes.terms import TermKey
from models.steps.addressing import UNITS
from models.steps.effects import EFFECTS
from models.steps.whose import CASE_TABLES
from models.subjects import attempt_subject, item_key, round_subject, split_subject
from models.tables import Round

ROUND_DATES = {"opens_on", "registration_closes_on", "council_on", "closes_on", "held_on"}
DATES = {
    Scope.ROUND: ROUND_DATES,
    Scope.ATTEMPT: ROUND_DATES,
    Scope.RENEWAL: {"file_by", "notice_by"},
    Scope.INSPECTION: {"planned_on", "remedy_by"},
    Scope.REVOCATION: {"confirm_by", "due_on"},
}


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    text = files("models.process").joinpath("steps.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@pytest.mark.parametrize("kind", list(StepKind))
def test_step_has_a_form_a_unit_and_a_due_date(kind: StepKind) -> None:
    step = step_definition(kind)

    assert FORMS[kind].model_fields["outcome"]
    if step.scope is Scope.SHEET:
        return
    assert step.unit in UNITS
    if step.due == "term":
        assert all(TermKey(kind.value) in regime.terms for regime in regimes())
    else:
        assert step.due in DATES[step.scope]
        assert hasattr(CASE_TABLES.get(step.scope, Round), step.due)


@pytest.mark.parametrize("kind", list(StepKind))
def test_step_shows_vietnamese_to_people_and_ascii_to_the_timeline(kind: StepKind) -> None:
    step = step_definition(kind)

    assert step.slug.isascii()
    assert step.slug.startswith(f"{step.step}-")
    assert not step.label.isascii()
    assert not step.waiting.isascii()
    assert step.todo.endswith(".")


def test_only_outreach_has_no_effect_in_the_domain() -> None:
    assert set(StepKind) - set(EFFECTS) == {StepKind.OUTREACH}


def test_steps_cover_the_seven_of_the_cycle() -> None:
    assert {step.step for step in load_process().steps.values()} == set(range(1, 8))


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        (StepKind.COMMUNE_ASSESSMENT, "chặng:3-đánh-giá-cấp-xã"),
        (StepKind.SUPPLEMENT, "chặng:4-tư-vấn"),
        (StepKind.INSPECTION, "chặng:7-giám-sát"),
    ],
)
def test_stage_tag_is_that_of_the_design(kind: StepKind, tag: str) -> None:
    assert stage_tag(kind) == tag


def test_version_is_the_files(raw: dict[str, Any]) -> None:
    assert process_version() == raw["version"] == "2024.1"


def test_step_left_out_of_the_file_is_a_fault(raw: dict[str, Any]) -> None:
    faulty = copy.deepcopy(raw)
    del faulty["steps"]["inspection"]

    with pytest.raises(ValidationError, match="must define every step"):
        Process.model_validate(faulty)


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "2-dang-ky"), ("slug", "7-giám-sát"), ("step", 8), ("role", "boss"), ("colour", "red")],
)
def test_fault_in_a_step_is_found(raw: dict[str, Any], field: str, value: object) -> None:
    faulty = copy.deepcopy(raw)
    faulty["steps"]["inspection"][field] = value

    with pytest.raises(ValidationError):
        Process.model_validate(faulty)


def test_subjects_are_read_back() -> None:
    assert split_subject(attempt_subject(12)) == (Scope.ATTEMPT, 12)
    assert split_subject(round_subject(3)) == (Scope.ROUND, 3)


def test_item_keys_differ_by_subject_step_turn_and_seat() -> None:
    keys = {
        item_key(subject, kind, turn, seat)
        for subject in ("attempt:1", "attempt:11", "sheet:1")
        for kind in StepKind
        for turn in (1, 2, 11)
        for seat in (None, 1, 11)
    }

    assert len(keys) == 3 * len(StepKind) * 3 * 3
