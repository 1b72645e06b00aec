"""The data folder of one installation: one instance at a time, and never the wrong kind of data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from models.errors import NO_SPACE, PersonError, disk_full

MARK = "loai-du-lieu.txt"
LOCK = "ocop.lock"
ASIDE = "cat-rieng-"
OURS = {
    "ocop.sqlite",
    "ocop.sqlite-wal",
    "ocop.sqlite-shm",
    "prefect",
    "worker.log",
    "worker.pid",
    "server.pid",
    "hop-thu",
    "documents",
    "templates",
    "files",
    "previews",
    MARK,
}
"""What an installation keeps in its folder."""


MEGABYTE = 1_000_000
ROOM_TO_START = 50_000_000
"""Bytes that must be free at a start: both new databases with their journals take 5 MB, the rest is for the work."""
ROOM_TO_GO_ON = 5_000_000
"""Bytes below which what died has died of a full disk."""


def check_room(home: Path, needed: int) -> None:
    """Refuse to go on where the disk of the data folder is full.

    Raises:
        FinalError: fewer than `needed` bytes are free.
    """
    free = shutil.disk_usage(home).free
    if free < needed:
        raise disk_full(f"{home}: còn {free / MEGABYTE:.0f} MB, cần ít nhất {needed / MEGABYTE:.0f} MB")


@contextmanager
def locked_folder(home: Path) -> Iterator[Path]:
    """Hold the folder for this process.

    Raises:
        PersonError: another instance uses it, or it cannot be written.
        FinalError: its disk is full.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise PersonError(
            f"Thư mục dữ liệu {home} đang được một bản ocop khác sử dụng.",
            field="OCOP_HOME",
            remedy="Dừng bản đang chạy, hoặc chọn thư mục khác bằng --home (OCOP_HOME).",
        ) from error
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(home)) from error
        raise PersonError(
            f"Không ghi được vào thư mục dữ liệu {home}: {error}",
            field="OCOP_HOME",
            remedy="Chọn thư mục khác bằng --home (OCOP_HOME), hoặc sửa quyền của thư mục.",
        ) from error
    try:
        check_room(home, ROOM_TO_START)
        yield home
    finally:
        lock.release()


def prepare_demo_folder(home: Path, *, reset: bool) -> None:
    """Make the folder ready for a new demo. With `reset` an earlier demo's data go; other data of ours are set
    aside in a folder of their own, and what is not ours stays as it is.

    Raises:
        PersonError: it holds something, and `reset` was not asked for.
    """
    entries = [e for e in home.iterdir() if e.name != LOCK and not e.name.startswith(ASIDE)]
    if not entries:
        return
    if not reset:
        what = "dữ liệu của lần trình diễn trước" if (home / MARK).exists() else "dữ liệu khác"
        raise PersonError(
            f"Thư mục {home} đã có {what}.",
            field="OCOP_HOME",
            remedy="Thêm --reset để làm lại từ đầu, hoặc chọn thư mục khác bằng --home.",
        )
    ours = [e for e in entries if e.name in OURS]
    if (home / MARK).exists():
        for entry in ours:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    elif ours:
        aside = home / f"{ASIDE}{datetime.now(UTC):%Y%m%d-%H%M%S}"
        aside.mkdir()
        for entry in ours:
            entry.rename(aside / entry.name)


def mark_demo_folder(home: Path) -> None:
    """Mark the folder as holding a demo's data, which may be deleted on request."""
    (home / MARK).write_text("Dữ liệu trình diễn của ocop demo; có thể xóa.\n", encoding="utf-8")
