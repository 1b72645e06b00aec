"""The data folder of one installation: one instance at a time, and never the wrong kind of data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from models.errors import PersonError

MARK = "loai-du-lieu.txt"


@contextmanager
def locked_folder(home: Path) -> Iterator[Path]:
    """Hold the folder for this process.

    Raises:
        PersonError: another instance uses it, or it cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / "ocop.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise PersonError(
            f"Thư mục dữ liệu {home} đang được một bản ocop khác sử dụng.",
            field="OCOP_HOME",
            remedy="Dừng bản đang chạy, hoặc chọn thư mục khác bằng --home (OCOP_HOME).",
        ) from error
    except OSError as error:
        raise PersonError(
            f"Không ghi được vào thư mục dữ liệu {home}: {error}",
            field="OCOP_HOME",
            remedy="Chọn thư mục khác bằng --home (OCOP_HOME), hoặc sửa quyền của thư mục.",
        ) from error
    try:
        yield home
    finally:
        lock.release()


def prepare_demo_folder(home: Path, *, reset: bool) -> None:
    """Make the folder ready for a new demo.

    Raises:
        PersonError: it holds data, and `reset` was not asked for; or data that are not a demo's (never deleted).
    """
    entries = [e for e in home.iterdir() if e.name != "ocop.lock"] if home.exists() else []
    if not entries:
        return
    if not (home / MARK).exists():
        raise PersonError(
            f"Thư mục {home} có dữ liệu khác, không phải của bản trình diễn; không xóa.",
            field="OCOP_HOME",
            remedy="Chọn thư mục khác bằng --home.",
        )
    if not reset:
        raise PersonError(
            f"Thư mục {home} đã có dữ liệu của lần trình diễn trước.",
            field="OCOP_HOME",
            remedy="Thêm --reset để làm lại từ đầu, hoặc chọn thư mục khác bằng --home.",
        )
    for entry in entries:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def mark_demo_folder(home: Path) -> None:
    """Mark the folder as holding a demo's data, which may be deleted on request."""
    (home / MARK).write_text("Dữ liệu trình diễn của ocop demo; có thể xóa.\n", encoding="utf-8")
