"""Taking an upload piece by piece into a file of its own, which is gone again unless it is kept.

```
with receive(rules, name) as upload:
    for piece in stream:
        upload.write(piece)
    received = upload.finish()
    with transaction() as session:
        keep(session, received, who, now)
```

No transaction is open while the bytes come in: on a slow line that takes minutes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import NO_SPACE, InputError, disk_full
from models.files.looking import look
from models.files.names import safe_name
from models.files.scanning import scan
from models.files.store import Received
from models.settings import Settings

MEGABYTE = 1_000_000
LEFT_BEHIND_SECONDS = 24 * 3600
"""A half file older than this was left by a process that was killed."""


@dataclass(frozen=True)
class UploadRules:
    """Where uploads go, the most bytes of one, and the scanner that must have passed it (if any)."""

    folder: Path
    most_bytes: int
    clamd_url: str | None = None

    @classmethod
    def of(cls, settings: Settings) -> UploadRules:
        """The rules of this installation."""
        return cls(settings.files_dir, settings.upload_mb * MEGABYTE, settings.clamd_url)


class Upload:
    """One file on its way in."""

    def __init__(self, rules: UploadRules, name: str) -> None:
        self._rules = rules
        self._name = safe_name(name)
        self._digest = hashlib.sha256()
        self._size = 0
        descriptor, path = tempfile.mkstemp(dir=_incoming(rules.folder))
        self._path = Path(path)
        self._file = os.fdopen(descriptor, "wb")

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            InputError: the file is larger than allowed.
            FinalError: the disk is full.
        """
        self._size += len(piece)
        self.check_size(self._size)
        self._digest.update(piece)
        with _full_disk_told(self._rules.folder):
            self._file.write(piece)

    def check_size(self, size: int) -> None:
        """Refuse a size, before the file is read where the sender says it beforehand.

        Raises:
            InputError: larger than allowed.
        """
        if size > self._rules.most_bytes:
            raise InputError(
                f"«{self._name}» lớn hơn {self._rules.most_bytes // MEGABYTE} MB.",
                field="file",
                remedy="Quét lại ở độ phân giải thấp hơn (200 dpi), hoặc chia thành nhiều tệp.",
            )

    def finish(self) -> Received:
        """All pieces are there: store them safely, see what they really are, ask the scanner.

        Raises:
            InputError: empty, of a kind that is not taken, damaged, dangerous, or refused by the scanner.
            RetryableError: the scanner does not answer.
            FinalError: the disk is full.
        """
        with _full_disk_told(self._rules.folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        found = look(self._path, self._name)
        result = scan(self._path, self._name, self._rules.clamd_url)
        name = safe_name(self._name, found.kind.extension)
        return Received(self._path, self._digest.hexdigest(), self._size, found.kind, found.pages, result, name)

    def drop(self) -> None:
        """Leave nothing behind; what was kept is no longer here."""
        try:
            self._file.close()
        except OSError:  # what was not written yet on a full disk
            pass
        finally:
            self._path.unlink(missing_ok=True)


@contextmanager
def receive(rules: UploadRules, name: str) -> Iterator[Upload]:
    """An upload that leaves nothing unless it was kept before the end of the block."""
    with _full_disk_told(rules.folder):
        upload = Upload(rules, name)
    try:
        yield upload
    finally:
        upload.drop()


def _incoming(folder: Path) -> Path:
    """The folder of half files, on the same disk as the store so that a rename suffices."""
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    oldest = time.time() - LEFT_BEHIND_SECONDS
    for left in incoming.iterdir():
        try:
            if left.stat().st_mtime < oldest:
                left.unlink()
        except FileNotFoundError:  # kept or dropped by another process just now
            continue
    return incoming


@contextmanager
def _full_disk_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(folder)) from error
        raise
