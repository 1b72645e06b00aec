"""Pictures of pages for the screen, made when asked for and kept in `OCOP_HOME/previews`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from models.errors import NO_SPACE, FinalError, NotFoundError, disk_full
from models.files.formats import PIL_FORMATS
from models.files.kinds import FileKind
from models.files.pdf import PdfError, draw_page
from models.files.store import path_of
from models.settings import Settings, settings
from models.tables import StoredFile

THUMBNAIL, SCREEN, LARGE = 240, 900, 1800
WIDTHS = (THUMBNAIL, SCREEN, LARGE)
"""Pixels across; only these, so that nobody fills the disk by asking for each width."""

QUALITY = 82


def preview(row: StoredFile, page: int = 1, width: int = SCREEN, *, of: Settings | None = None) -> Path:
    """A JPEG of one page (the first is 1), without what the camera wrote into the picture (place, owner).

    Raises:
        NotFoundError: the kind has no preview, or there is no such page or width.
        FinalError: the file is gone, cannot be drawn, or the disk is full.
    """
    home = of or settings()
    if not row.media_type.has_preview or not 1 <= page <= (row.pages or 0) or width not in WIDTHS:
        raise NotFoundError(
            f"«{row.first_name}» không có hình xem trước của trang {page}.",
            field="page",
            remedy="Tải tệp về để xem.",
        )
    kept = path_of(home.previews_dir, row.sha256).with_name(f"{row.sha256}-{page}-{width}.jpg")
    if not kept.exists():
        _write(_drawn(row, path_of(home.files_dir, row.sha256), page, width), kept)
    return kept


def _drawn(row: StoredFile, source: Path, page: int, width: int) -> Image.Image:
    try:
        if row.media_type is FileKind.PDF:
            return draw_page(source, page, width)
        return _scaled(source, row.media_type, width)
    except FileNotFoundError as error:
        raise _undrawable(row, "không còn trong kho") from error
    except (PdfError, OSError, ValueError) as error:
        raise _undrawable(row, "không vẽ được hình xem trước") from error


def _scaled(source: Path, kind: FileKind, width: int) -> Image.Image:
    with Image.open(source, formats=(PIL_FORMATS[kind],)) as picture:
        picture.draft("RGB", (width, 2 * width))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((width, 2 * width))
        paper = Image.new("RGB", upright.size, "white")
        shown = upright.convert("RGBA")
        paper.paste(shown, mask=shown)
        return paper


def _write(picture: Image.Image, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=target.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as out:
                picture.save(out, "JPEG", quality=QUALITY)
            Path(made).replace(target)
        finally:
            Path(made).unlink(missing_ok=True)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(target.parent)) from error
        raise


def _undrawable(row: StoredFile, why: str) -> FinalError:
    return FinalError(
        f"Tệp «{row.first_name}» {why}.",
        field="OCOP_HOME",
        remedy="Tải tệp về để xem; nếu không tải được, chạy: ocop db check.",
    )
