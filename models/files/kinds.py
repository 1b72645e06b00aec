"""The kinds of files that are taken, as their content says and not their name."""

from __future__ import annotations

from models.enums import Labelled


class FileKind(Labelled):
    """A media type that may be uploaded."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "ảnh JPEG"
    PNG = "image/png", "ảnh PNG"
    HEIC = "image/heic", "ảnh HEIC"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word (DOCX)"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (XLSX)"

    @property
    def extension(self) -> str:
        """What a file name of this kind ends with."""
        return f".{self.name.lower()}" if self is not FileKind.JPEG else ".jpg"

    @property
    def is_image(self) -> bool:
        """Whether it is one picture."""
        return self in {FileKind.JPEG, FileKind.PNG, FileKind.HEIC}

    @property
    def has_preview(self) -> bool:
        """Whether pictures of its pages can be made."""
        return self.is_image or self is FileKind.PDF


TAKEN = ", ".join(kind.label for kind in FileKind)
"""The kinds in words, for messages."""
