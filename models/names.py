"""Names as people type them: two spellings of one name are one name."""

from __future__ import annotations

import unicodedata


def plain_name(text: str) -> str:
    """The name for comparing only: small letters, single spaces, one form of each accented letter. Pure."""
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
