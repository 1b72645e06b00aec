"""Real files of each kind, made on the spot, and what people would send instead of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from models.files.receiving import UploadRules, receive
from models.files.store import CHUNK, Received


def pdf(pages: int = 1, password: str | None = None) -> bytes:
    """A PDF of blank A4 pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(form: str, size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "#c0392b").save(out, form, **options)
    return out.getvalue()


def heic(size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture as phones of one maker take it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, "#2980b9")).save(out, format="HEIF")
    return out.getvalue()


def docx() -> bytes:
    """A Word file."""
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("Câu chuyện sản phẩm")
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    """An Excel file."""
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def with_part(packed: bytes, name: str, content: bytes = b"x", *, replace: str | None = None) -> bytes:
    """A Word or Excel file with one more part, or one part's text changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != replace:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    """Any ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def pieces(content: bytes, size: int = CHUNK) -> Iterator[bytes]:
    """The content as a connection brings it."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def rules(home: Path, *, most: int = 50_000_000, clamd_url: str | None = None) -> UploadRules:
    """An installation's rules."""
    return UploadRules(home / "files", most, clamd_url)


def take(given: UploadRules, content: bytes, name: str = "giấy tờ.pdf") -> Received:
    """Receive a content and look at it; it is gone again afterwards."""
    with receive(given, name) as upload:
        for piece in pieces(content):
            upload.write(piece)
        return upload.finish()


def files_in(folder: Path) -> list[Path]:
    """Everything that lies in a folder, however deep."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
