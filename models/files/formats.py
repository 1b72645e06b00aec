"""Pillow, taught to read HEIC, and how it calls our kinds of pictures."""

from __future__ import annotations

import pillow_heif

from models.files.kinds import FileKind

pillow_heif.register_heif_opener()

PIL_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.HEIC: "HEIF"}
