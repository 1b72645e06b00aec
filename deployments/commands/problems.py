"""Every error as problems in Vietnamese and an exit status; the words for usage errors of the command line."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, get_args

from cyclopts import exceptions as usage

from deployments.commands.options import STDIN
from models.errors import NO_SPACE, FinalError, OcopError, PersonError, Problem, RetryableError, disk_full

PERSON, RETRYABLE, FINAL = 2, 3, 4
STATUS: tuple[tuple[type[OcopError], int], ...] = ((PersonError, PERSON), (RetryableError, RETRYABLE))


def problems_and_status(error: Exception) -> tuple[list[Problem], int]:
    """What to tell of an error, and the exit status: 2 a person's, 3 passing, 4 final or unexpected."""
    if isinstance(error, usage.CycloptsError):
        return [usage_problem(error)], PERSON
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        error = disk_full(str(error.filename or error))
    if not isinstance(error, OcopError):
        error = _unexpected(error)
    return error.problems, next((status for kind, status in STATUS if isinstance(error, kind)), FINAL)


def _unexpected(error: Exception) -> FinalError:
    words = " ".join(str(error).split())[:300]
    return FinalError(
        f"Lỗi ngoài dự kiến ({type(error).__name__}: {words}); việc đang làm không được ghi.",
        field="phần mềm",
        remedy="Gửi dòng trên cho người phụ trách kỹ thuật; chi tiết: chạy lại với OCOP_DEBUG=1.",
    )


def usage_problem(error: usage.CycloptsError) -> Problem:
    """A usage error in Vietnamese: names the option, what is wrong with it and what to do."""
    words = next((words for kind, words in WORDS.items() if isinstance(error, kind)), _not_understood)
    return Problem(*(text.replace(STDIN, "-") for text in words(error).as_dict().values()))


def _not_understood(error: usage.CycloptsError) -> Problem:
    return Problem(_name(error), "không hiểu được dòng lệnh", _see_help(error))


def _unknown_option(error: usage.UnknownOptionError) -> Problem:
    names = [name for argument in error.argument_collection for name in argument.names]
    return _no_such_option(error, error.token.keyword or error.token.value, names)


def _no_such_option(error: usage.CycloptsError, given: str, names: Iterable[str]) -> Problem:
    return Problem(given, "không có tùy chọn này", _perhaps(given, names) + _see_help(error))


def _unknown_command(error: usage.UnknownCommandError) -> Problem:
    given = (error.unused_tokens or [""])[0]
    if given.startswith("-"):
        return _no_such_option(error, given, ())
    # the innermost application in which the word was looked for
    names = [name for name in (error.app[-1] if isinstance(error.app, tuple) else error.app or ()) if name[0] != "-"]
    known = f" Các lệnh: {', '.join(names)}." if names else ""
    return Problem("lệnh", f"không có lệnh «{given}»", _perhaps(given, names) + _see_help(error) + known)


def _wrong_value(error: usage.CoercionError) -> Problem:
    given = f"«{error.token.value}»" if error.token is not None else "giá trị"
    what, remedy = _expected(error.target_type)
    return Problem(_name(error, error.token), f"{given} không phải {what}", remedy)


def _expected(kind: Any) -> tuple[str, str]:
    kinds = {kind, *get_args(kind)}
    choices = [choice for choice in get_args(kind) if isinstance(choice, str)]
    if date in kinds:
        return "ngày hợp lệ", "Ghi ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-02-10."
    if int in kinds:
        return "số nguyên", "Ghi bằng chữ số, ví dụ 15."
    if bool in kinds:
        return "có hoặc không", "Ghi tùy chọn này không kèm giá trị."
    if choices:
        return "một trong các lựa chọn", f"Chọn một trong: {', '.join(choices)}."
    return "giá trị hợp lệ", "Sửa lại cho đúng."


def _missing(error: usage.MissingArgumentError) -> Problem:
    name = _name(error)
    known = error.argument.names if error.argument is not None else ()
    # the library tells of the option that is missing, not of the misspelt one that stands in its place
    for token in error.unused_tokens or ():
        given = token.partition("=")[0]
        if given.startswith("--") and given not in known and _perhaps(given, known):
            return _no_such_option(error, given, known)
    if name in (error.unused_tokens or ()) or error.keyword is not None:
        return Problem(name, "chưa có giá trị", f"Ghi giá trị ngay sau {name}. {_see_help(error)}")
    return Problem(name, "thiếu thông tin bắt buộc", f"Ghi thêm {name}. {_see_help(error)}")


def _repeated(error: usage.RepeatArgumentError) -> Problem:
    return Problem(_name(error, error.token), "nêu hai lần", "Giữ lại một lần.")


def _left_over(error: usage.UnusedCliTokensError) -> Problem:
    given = " ".join(error.unused_tokens or [])
    return Problem(given, "thừa trên dòng lệnh", f"Bỏ đi, hoặc đặt trong dấu ngoặc kép. {_see_help(error)}")


WORDS: dict[type[usage.CycloptsError], Callable[[Any], Problem]] = {
    usage.UnknownOptionError: _unknown_option,
    usage.UnknownCommandError: _unknown_command,
    usage.CoercionError: _wrong_value,
    usage.MissingArgumentError: _missing,
    usage.RepeatArgumentError: _repeated,
    usage.UnusedCliTokensError: _left_over,
}


def _name(error: usage.CycloptsError, token: Any = None) -> str:
    if token is not None and token.keyword:
        return str(token.keyword)
    return error.argument.name if error.argument is not None else "dòng lệnh"


def _perhaps(given: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(known), n=1)
    return f"Có phải «{close[0]}»? " if close else ""


def _see_help(error: usage.CycloptsError) -> str:
    return f"Xem: {' '.join(['ocop', *(error.command_chain or ())])} --help."
