"""Writes all templates: `python -m templates.documents.build [FOLDER]`; without a folder where they are shipped."""

from __future__ import annotations

import sys
from pathlib import Path

from templates.documents.build.shipped import write_all

if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
