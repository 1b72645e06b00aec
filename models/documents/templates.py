"""Which template a paper is made from: the office's own, when there is one in its folder, else the one shipped."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from models.documents.kinds import Kind

SHIPPED = Path(str(files("templates.documents")))
OWN = Path("templates", "documents")
"""Where an office puts its own templates, under `OCOP_HOME`."""


def template_of(kind: Kind, home: Path) -> Path:
    """The template of a kind in this installation."""
    own = home / OWN / f"{kind.template}.docx"
    return own if own.is_file() else SHIPPED / f"{kind.template}.docx"
