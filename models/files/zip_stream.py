"""One ZIP written piece by piece, with the SHA-256 of everything in it, and looking whether it is still so."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from models.clock import VN_TZ
from models.errors import FinalError, InputError
from models.files.store import chunks

MANIFEST = "MANIFEST.sha256"
"""The last entry, in the form that `sha256sum -c` reads."""

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a ZIP that was tampered with may raise."""


@dataclass(frozen=True)
class Part:
    """One entry: its name in the ZIP and its content, or the stored file (of this SHA-256) that has it."""

    name: str
    content: bytes | Path
    sha256: str | None = None


@dataclass(frozen=True)
class PackageFault:
    """One entry that is not as it was packed, and what is wrong (Vietnamese)."""

    name: str
    problem: str


class _Pipe:
    """What `zipfile` writes to: it can neither be sought nor read, and is emptied as it fills."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def drain(self) -> bytes:
        found, self._pieces = b"".join(self._pieces), []
        return found


def stream_zip(parts: Iterable[Part], at: datetime) -> Iterator[bytes]:
    """The ZIP piece by piece, its manifest last; entries carry the moment `at`.

    Raises:
        FinalError: a stored file is gone or has changed; what was sent so far is then no whole ZIP.
    """
    pipe, sums = _Pipe(), list[str]()
    with zipfile.ZipFile(pipe, "w") as target:  # type: ignore[call-overload]
        for part in parts:
            digest = hashlib.sha256()
            with target.open(_entry(part, at), "w") as out:
                for piece in _pieces(part):
                    digest.update(piece)
                    out.write(piece)
                    yield pipe.drain()
            if part.sha256 not in {None, digest.hexdigest()}:
                raise _changed(part)
            sums.append(f"{digest.hexdigest()}  {part.name}\n")
        target.writestr(_entry(Part(MANIFEST, b""), at), "".join(sums))
    yield pipe.drain()


def verify_zip(path: Path) -> tuple[int, list[PackageFault]]:
    """How many entries the manifest has, and which are missing, changed, or in the ZIP and not in the manifest.

    Raises:
        InputError: no ZIP of ours.
    """
    try:
        with zipfile.ZipFile(path) as source:
            sums = _manifest(source)
            names = source.namelist()
            faults = [PackageFault(n, "không có trong MANIFEST") for n in names if n not in sums and n != MANIFEST]
            faults += [PackageFault(n, "có hai mục cùng tên") for n in sorted(set(names)) if names.count(n) > 1]
            faults += [PackageFault(n, why) for n, sha in sums.items() if (why := _fault(source, n, sha))]
            return len(sums), faults
    except (*DAMAGED, KeyError, ValueError, OSError) as error:
        raise InputError(
            "Tệp không phải gói hồ sơ, hoặc bị hỏng.", field=str(path), remedy="Kiểm tra đường dẫn, hoặc xuất lại gói."
        ) from error


def _manifest(source: zipfile.ZipFile) -> dict[str, str]:
    lines = source.read(MANIFEST).decode().splitlines()
    return {name: sha for sha, name in (line.split("  ", 1) for line in lines)}


def _fault(source: zipfile.ZipFile, name: str, sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        with source.open(name) as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
    except KeyError:
        return "thiếu trong gói"
    except DAMAGED:
        return "bị hỏng"
    return "" if digest.hexdigest() == sha256 else "nội dung đã thay đổi"


def _entry(part: Part, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(VN_TZ)
    info = zipfile.ZipInfo(part.name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    info.compress_type = zipfile.ZIP_STORED if isinstance(part.content, Path) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _pieces(part: Part) -> Iterator[bytes]:
    if isinstance(part.content, bytes):
        yield from chunks(BytesIO(part.content))
        return
    try:
        with part.content.open("rb") as source:
            yield from chunks(source)
    except FileNotFoundError as error:
        raise _changed(part) from error


def _changed(part: Part) -> FinalError:
    return FinalError(
        f"Tệp «{part.name}» trong kho đã mất hoặc thay đổi nên gói hồ sơ không trọn vẹn.",
        field="OCOP_HOME",
        remedy="Chạy «ocop db check», phục hồi thư mục files từ bản sao lưu rồi xuất lại.",
    )
