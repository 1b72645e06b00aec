"""The three classes of error, and the words they carry."""

from __future__ import annotations

import pytest

from models.errors import (
    ConflictError,
    FinalError,
    InputError,
    NotAllowedError,
    NotFoundError,
    OcopError,
    PersonError,
    Problem,
    RetryableError,
    WrongMomentError,
)


@pytest.mark.parametrize("error", [InputError, NotFoundError, NotAllowedError, ConflictError, WrongMomentError])
def test_persons_errors_are_neither_retried_nor_final(error: type[PersonError]) -> None:
    assert issubclass(error, PersonError)
    assert not issubclass(error, (RetryableError, FinalError))


def test_the_three_classes_are_apart() -> None:
    classes = (RetryableError, FinalError, PersonError)

    assert [[issubclass(a, b) for b in classes] for a in classes] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]
    assert all(issubclass(one, OcopError) for one in classes)


def test_error_says_where_what_and_what_to_do() -> None:
    error = ConflictError("Đã có kết quả khác.", field="outcome", remedy="Kiểm tra lại.")

    assert str(error) == "outcome: Đã có kết quả khác. → Kiểm tra lại."
    assert error.problems == [Problem("outcome", "Đã có kết quả khác.", "Kiểm tra lại.")]


def test_error_without_a_field_begins_with_the_problem() -> None:
    assert str(FinalError("Hỏng.", remedy="Cài lại.")) == "Hỏng. → Cài lại."


def test_input_error_gathers_all_problems() -> None:
    problems = [Problem("a", "thiếu", "Điền."), Problem("b", "sai", "Sửa.")]

    error = InputError.of(iter(problems))

    assert error.problems == problems
    assert str(error) == "a: thiếu → Điền.; b: sai → Sửa."


def test_problem_is_given_as_the_json_contract_has_it() -> None:
    assert Problem("a", "thiếu", "Điền.").as_dict() == {"field": "a", "problem": "thiếu", "remedy": "Điền."}
