"""From Word to PDF by LibreOffice, when it is installed; each call in a profile of its own, with a limit of time."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.errors import FinalError, RetryableError

PROGRAMS = ("soffice", "libreoffice")
SECONDS_TO_START, SECONDS_A_FILE = 60, 10
AT_ONCE = 40
"""Files a call: a call that fails is one of few, and memory stays bounded."""


def program() -> str | None:
    """Where LibreOffice is; none when it is not installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def to_pdf(files: Sequence[Path], folder: Path) -> list[Path]:
    """Make a PDF of every Word file, under the same name, in `folder`.

    Raises:
        FinalError: LibreOffice is not installed, or cannot read a file.
        RetryableError: it did not come to an end in time.
    """
    found = program()
    if found is None:
        raise FinalError(
            "Máy này chưa cài LibreOffice nên không làm được bản PDF; bản Word (.docx) vẫn dùng được.",
            field="--pdf",
            remedy="Cài LibreOffice Writer (Debian/Ubuntu: apt-get install libreoffice-writer fonts-liberation2), "
            "hoặc mở tệp .docx bằng Word và lưu thành PDF.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(files), AT_ONCE):
        _convert(found, files[start : start + AT_ONCE], folder)
    made = [folder / f"{file.stem}.pdf" for file in files]
    missing = [str(file.name) for file, pdf in zip(files, made, strict=True) if not pdf.is_file()]
    if missing:
        raise FinalError(
            f"LibreOffice không chuyển được sang PDF: {', '.join(missing)}.",
            field="--pdf",
            remedy="Mở tệp .docx bằng Word để xem có lỗi không.",
        )
    return made


def _convert(soffice: str, files: Sequence[Path], folder: Path) -> None:
    seconds = SECONDS_TO_START + SECONDS_A_FILE * len(files)
    # Of two calls at once in one profile, one ends without making anything.
    with tempfile.TemporaryDirectory(prefix="ocop-soffice-") as profile:
        call = [
            soffice,
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, files),
        ]
        try:
            subprocess.run(call, check=True, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise RetryableError(
                f"LibreOffice không xong sau {seconds} giây.", field="--pdf", remedy="Thử lại khi máy bớt bận."
            ) from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise FinalError(
                f"LibreOffice dừng vì lỗi: {error}.",
                field="--pdf",
                remedy="Chạy thử soffice --version; cài lại nếu cần.",
            ) from error
