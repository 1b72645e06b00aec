"""`make diagram`: writes docs/luong.md from the code; a test compares the file with what this gives."""

from __future__ import annotations

from pathlib import Path

from flows.diagram import DIAGRAMS

PLACE = Path(__file__).parent.parent / "docs" / "luong.md"


def page() -> str:
    """The page with all diagrams."""
    drawn = "\n".join(f"## {title}\n\n```mermaid\n{draw()}```\n" for title, draw in DIAGRAMS.values())
    return f"# Sơ đồ luồng\n\nVẽ từ mã bằng `make diagram` (hoặc `ocop flows diagram`); không sửa tay.\n\n{drawn}"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
