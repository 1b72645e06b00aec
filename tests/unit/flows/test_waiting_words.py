"""What a waiting run shows: name, message and tags of its state, late or not; and the cells of the board."""

from __future__ import annotations

from datetime import date

import pytest

from flows.reaching import prefect_form
from models.process import step_definition
from models.process.kinds import StepKind
from models.steps.cases import Case, tags_at, waiting_message, waiting_name
from tasks.board import plain

DUE = date(2024, 7, 22)
CASE = Case("attempt:1", 1, 2, "Bánh gai", ("đợt:2024-2", "xã:Thọ Diên", "hồ-sơ:2024-001"))


@pytest.mark.parametrize(
    ("today", "name", "late"),
    [
        (date(2024, 7, 21), "Chờ UBND xã đánh giá", []),
        (DUE, "Chờ UBND xã đánh giá", []),  # the due day itself is not late
        (date(2024, 7, 23), "Quá hạn: Chờ UBND xã đánh giá", ["quá-hạn"]),
    ],
)
def test_run_is_shown_late_from_the_day_after(today: date, name: str, late: list[str]) -> None:
    assert waiting_name(StepKind.COMMUNE_ASSESSMENT, DUE, today) == name
    assert tags_at(CASE, StepKind.COMMUNE_ASSESSMENT, DUE, today) == [
        "đợt:2024-2",
        "xã:Thọ Diên",
        "hồ-sơ:2024-001",
        "chặng:3-đánh-giá-cấp-xã",
        *late,
    ]


def test_message_says_what_to_do_and_until_when() -> None:
    todo = step_definition(StepKind.SUPPLEMENT).todo

    assert waiting_message(StepKind.SUPPLEMENT, DUE) == f"{todo} Hạn: 22/07/2024."
    assert waiting_message(StepKind.SUPPLEMENT, None) == todo


@pytest.mark.parametrize("kind", [k for k in StepKind if k is not StepKind.SCORE_SHEET])
def test_names_of_tasks_are_ascii_and_those_of_states_vietnamese(kind: StepKind) -> None:
    step = step_definition(kind)

    assert step.slug.isascii()
    assert not step.waiting.isascii()


@pytest.mark.parametrize("kind", [k for k in StepKind if k is not StepKind.SCORE_SHEET])
def test_form_on_resume_asks_who_acts(kind: StepKind) -> None:
    form = prefect_form(kind)

    assert form.model_fields["acting_person"].is_required()
    assert set(form.model_fields) > {"acting_person", "outcome"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5. Hội đồng", "5\\. Hội đồng"),
        ("Nem * _ngon_ [a](b) <b> | #1", "Nem \\* \\_ngon\\_ \\[a\\](b) \\<b\\> \\| \\#1"),
        ("Bưởi 3.5 kg", "Bưởi 3.5 kg"),
    ],
)
def test_cells_of_the_board_show_what_is_written(text: str, shown: str) -> None:
    assert plain(text) == shown
