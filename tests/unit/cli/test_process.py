"""`ocop` as a program of its own: what it imports, how it writes, what happens when nobody reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.scoring.build import choices, request

PROGRAM = [sys.executable, "-m", "deployments.cli"]


def _run(
    arguments: list[str], *, python: tuple[str, ...] = (), stdin: str = "", **env: str
) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OCOP_", "LC_", "LANG"))}
    command = [PROGRAM[0], *python, *PROGRAM[1:], *arguments]
    return subprocess.run(command, input=stdin.encode(), env=kept | env, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["score"], json.dumps(request(choices(75, gates=4)))),
        (["due", "--from", "2026-02-10", "--working-days", "15"], ""),
        (["regime", "--received", "2026-05-20", "--kind", "first"], ""),
        (["certificate", "--issued", "2024-07-10"], ""),
        (["--help"], ""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_contracts_import_neither_prefect_nor_sqlalchemy(arguments: list[str], stdin: str) -> None:
    run = _run(arguments, python=("-X", "importtime"), stdin=stdin)

    lines = [line for line in run.stderr.decode().splitlines() if line.startswith("import time:")]
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert run.returncode == 0
    assert imported & {"prefect", "sqlalchemy", "alembic"} == set()
    assert "cyclopts" in imported


def test_output_is_utf8_in_any_locale() -> None:
    run = _run(
        ["due", "--from", "2026-02-13", "--working-days", "1"],
        LC_ALL="C",
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )

    assert (run.returncode, "Thứ Bảy" in run.stdout.decode("utf-8")) == (0, True)


def test_errors_are_utf8_without_a_traceback(tmp_path: Path) -> None:
    run = _run(["status"], OCOP_HOME=str(tmp_path / "trống"), LC_ALL="C", PYTHONIOENCODING="ascii")

    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.decode("utf-8").startswith("Trường:     OCOP_HOME\nVấn đề:     Chưa có dữ liệu ở ")


def test_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(
            [*PROGRAM, "criteria", "list", "--json"], stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)

    assert (run.returncode, run.stderr) == (141, b"")
