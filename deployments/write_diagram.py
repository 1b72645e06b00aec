"""`make diagram`: writes docs/luong.md from the code; a test compares the file with what this gives."""

from __future__ import annotations

from pathlib import Path

from flows.diagram import dossier_diagram, round_diagram

PLACE = Path(__file__).parent.parent / "docs" / "luong.md"


def page() -> str:
    """The page with both diagrams."""
    return (
        "# Sơ đồ luồng\n\n"
        "Vẽ từ mã bằng `make diagram` (hoặc `ocop flows diagram`); không sửa tay.\n\n"
        f"## Một hồ sơ\n\n```mermaid\n{dossier_diagram()}```\n\n"
        f"## Một đợt\n\n```mermaid\n{round_diagram()}```\n"
    )


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
