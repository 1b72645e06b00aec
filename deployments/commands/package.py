"""`ocop dossier export|verify`: a whole dossier as one ZIP, and whether it is still as it was packed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from models.errors import NO_SPACE, InputError, disk_full

PART = ".dở"


def write_out(pieces: Iterable[bytes], name: str) -> Path:
    """Write a file that is whole or not there at all.

    Raises:
        InputError: it cannot be written there.
        FinalError: the disk is full.
    """
    target = Path(name).expanduser()
    half = target.with_name(f"{target.name}{PART}")
    try:
        with half.open("wb") as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        half.replace(target)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(target.parent)) from error
        raise InputError(
            f"Không ghi được tệp: {error.strerror}.", field="--out", remedy="Chọn thư mục khác ghi được."
        ) from error
    finally:
        half.unlink(missing_ok=True)
    return target
