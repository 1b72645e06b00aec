"""File names that are harmless on every system and still Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_BYTES = 180
"""Bytes of UTF-8 in a name; file systems take 255, and a folder or number is put before it."""

NEVER = re.compile(r'[<>:"/\\|?*]')
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""Names that Windows takes for devices, whatever follows the dot."""


def safe_name(name: str, extension: str | None = None) -> str:
    """The last part of a name without anything that leads elsewhere, hides its kind or is refused by a system.

    `extension`: what it must end with (`.pdf`), by its content; what it ended with is then replaced.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    plain = " ".join(NEVER.sub("_", kept).split()).strip(". ")
    stem, suffix = _split(plain)
    if extension is not None:
        stem, suffix = (stem if _is_suffix(suffix) else plain), extension
    stem = _shortened(stem.strip(". "), LONGEST_BYTES - len(suffix.encode())) or "tệp"
    return f"_{stem}{suffix}" if stem.split(".")[0].strip().lower() in DEVICES else f"{stem}{suffix}"


def _split(name: str) -> tuple[str, str]:
    path = PurePosixPath(name)
    return (path.stem, path.suffix) if _is_suffix(path.suffix) else (name, "")


def _is_suffix(text: str) -> bool:
    return re.fullmatch(r"\.[A-Za-z0-9]{1,8}", text) is not None


def _shortened(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore").rstrip(". ")
