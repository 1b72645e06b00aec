"""Reading Word files as tests need them: their lines in order, their tables, their XML."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docx import Document
from docx.document import Document as DocumentType

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened_docx(content: bytes) -> DocumentType:
    """The file as Word would open it; fails when it is broken."""
    return Document(io.BytesIO(content))


def xml_of(content: bytes, part: str = "word/document.xml") -> ElementTree.Element:
    """One part of the file, which must be well-formed XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return ElementTree.fromstring(archive.read(part))


def lines(content: bytes) -> list[str]:
    """Every paragraph that has text, those of tables too, in the order of the page; spaces in a row are one."""
    found = []
    for paragraph in xml_of(content).iter(f"{W}p"):
        text = "".join(_text(node) for node in paragraph.iter())
        if text.strip():
            found.append(re.sub(r"\s+", " ", text).strip())
    return found


def _text(node: Any) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return " " if node.tag in {f"{W}br", f"{W}tab"} else ""


def text(content: bytes) -> str:
    """All of it."""
    return "\n".join(lines(content))


def tables(content: bytes) -> list[list[list[str]]]:
    """The ruled tables, cell by cell."""
    ruled = [t for t in opened_docx(content).tables if t.style is not None and t.style.name == "Table Grid"]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in ruled]


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a file by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
