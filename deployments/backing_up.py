"""A copy of the data while everything runs: the database as of one moment, and every uploaded file."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from deployments.commands.data import sqlite_file
from models.backups import Backup
from models.errors import NO_SPACE, FinalError, InputError, disk_full
from models.settings import Settings

STAMP = "%Y%m%d-%H%M%S"
PARTIAL = ".dang-chep"
"""What a copy is called until it is whole."""


def back_up(found: Settings, folder: Path) -> Backup:
    """Copy the database and the uploaded files into `folder`; files that are there already are not copied again.

    The database comes first: whatever file it names is there when the files are copied.

    Raises:
        InputError: the folder lies in the data folder, or cannot be written.
        FinalError: its disk is full, or PostgreSQL's `pg_dump` is missing or refuses.
    """
    at = datetime.now(UTC)
    if folder.resolve().is_relative_to(found.home.resolve()):
        raise InputError(
            "Không sao lưu vào chính thư mục dữ liệu.", field="--out", remedy="Chọn thư mục ở ổ đĩa hoặc máy khác."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        database = _database(found, folder, f"ocop-{at:{STAMP}}")
        files = _files(found.files_dir, folder / "files")
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(folder)) from error
        raise InputError(
            f"Không ghi được bản sao lưu: {error}", field="--out", remedy="Chọn thư mục khác, hoặc sửa quyền."
        ) from error
    return Backup(at, str(folder.resolve()), database.name, database.stat().st_size, len(files), sum(files))


def _database(found: Settings, folder: Path, name: str) -> Path:
    source = sqlite_file(found)
    target = folder / f"{name}{'.sqlite' if source is not None else '.pgdump'}"
    partial = target.with_name(target.name + PARTIAL)
    try:
        if source is not None:
            _copy_sqlite(source, partial)
        else:
            _dump_postgresql(found.domain_url, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's own backup, which gives the state of one moment while others write."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        (answer,) = new.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise FinalError(f"Bản sao bị hỏng: {answer}", field="sao lưu", remedy="Chạy: ocop db check.")


def _dump_postgresql(url: str, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise FinalError(
            "Máy này chưa có pg_dump.",
            field="pg_dump",
            remedy="Cài gói postgresql-client cùng phiên bản với máy chủ, hoặc sao lưu trên máy chủ PostgreSQL.",
        )
    parsed = make_url(url)
    plain = parsed.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    command = [program, "--format=custom", "--no-owner", f"--file={target}", f"--dbname={plain}"]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)
    if done.returncode:
        why = done.stderr.strip().splitlines()[-1:] or ["không rõ"]
        raise FinalError(f"pg_dump báo lỗi: {why[0]}", field="pg_dump", remedy="Kiểm tra quyền và phiên bản pg_dump.")


def _files(source: Path, target: Path) -> list[int]:
    """Copy what is not there yet (files are named by their content and never change); gives the sizes of all."""
    sizes = []
    for file in sorted(source.rglob("*")) if source.is_dir() else []:
        if file.is_file() and not file.name.startswith("."):
            copy, size = target / file.relative_to(source), file.stat().st_size
            if not (copy.is_file() and copy.stat().st_size == size):
                copy.parent.mkdir(parents=True, exist_ok=True)
                partial = copy.with_name(copy.name + PARTIAL)
                shutil.copyfile(file, partial)
                partial.replace(copy)
            sizes.append(size)
    return sizes
