"""Stored files as answers: originals only to be saved, previews as pictures; neither can run anything."""

from __future__ import annotations

from starlette.responses import FileResponse, Response

from models.files.pictures import preview
from models.files.store import open_stored, path_of
from models.settings import settings
from models.tables import StoredFile

LOCKED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
    "Content-Encoding": "identity",  # they are packed already; packing them again would only cost time
}


def original(row: StoredFile) -> FileResponse:
    """The file as it was uploaded, to be saved under its name.

    Raises:
        FinalError: it is gone from the store.
    """
    open_stored(row).close()
    path = path_of(settings().files_dir, row.sha256)
    return FileResponse(path, media_type=row.media_type.value, filename=row.first_name, headers=LOCKED)


def picture(row: StoredFile, page: int, width: int) -> FileResponse:
    """A page of it as JPEG.

    Raises:
        NotFoundError: no such page or width, or the kind has none.
        FinalError: it cannot be drawn.
    """
    return FileResponse(preview(row, page, width), media_type="image/jpeg", headers=LOCKED)


def attached(content: bytes, name: str, media_type: str) -> Response:
    """A file made just now, to be saved under this plain name."""
    headers = {**LOCKED, "Cache-Control": "private, no-cache", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
