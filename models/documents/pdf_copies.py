"""PDF copies of Word files, made when asked for and kept by the content they were made of; may be deleted any time."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from models.documents.issuing import write_file
from models.documents.pdf import to_pdf
from models.settings import Settings

FOLDER = "papers"


def pdf_of(content: bytes, found: Settings) -> bytes:
    """The PDF of a Word file; the same content is converted once.

    Raises:
        FinalError: LibreOffice is not installed or cannot read it.
        RetryableError: it did not come to an end in time.
    """
    kept = found.previews_dir / FOLDER / f"{hashlib.sha256(content).hexdigest()}.pdf"
    if not kept.is_file():
        with tempfile.TemporaryDirectory(prefix="ocop-pdf-") as folder:
            word = Path(folder) / "giay-to.docx"
            word.write_bytes(content)
            write_file(kept, to_pdf([word], Path(folder))[0].read_bytes())
    return kept.read_bytes()
