"""The guides stay true: their pictures are taken by tests, what they quote stands on the pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "huong-dan"
PICTURE = re.compile(r"\]\((hinh/[^)]+)\)")
QUOTED = re.compile(r"«([^»]+)»")
TAKEN = re.compile(r'(?:picture|look_at)\(\w+, "([a-z0-9-]+)"\)')
MOST_BYTES = 150_000


def guides() -> list[Path]:
    return sorted(GUIDES.glob("*.md"))


def pictures_named() -> set[str]:
    """Those that the guides show, and those of them that the README shows too."""
    shown = {Path(name).stem for file in guides() for name in PICTURE.findall(file.read_text("utf-8"))}
    return shown | set(re.findall(r"huong-dan/hinh/([a-z0-9-]+)", (ROOT / "README.md").read_text("utf-8")))


def pictures_taken() -> set[str]:
    tests = (ROOT / "tests" / "e2e").glob("*.py")
    return {name for file in tests for name in TAKEN.findall(file.read_text("utf-8"))}


@cache
def on_pages() -> str:
    """All words that templates and code can show."""
    files = [*(ROOT / "templates" / "pages").rglob("*.j2")]
    for folder in ("portal", "models"):
        files += [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.yaml")]
    return "\n".join(file.read_text("utf-8") for file in files)


def test_there_is_a_guide_for_every_role_in_the_index() -> None:
    named = set(re.findall(r"\]\(([a-z-]+\.md)\)", (GUIDES / "README.md").read_text("utf-8")))

    assert named == {file.name for file in guides()} - {"README.md"}


@pytest.mark.parametrize("name", sorted(pictures_named()))
def test_picture_of_a_guide_is_there_small_and_taken_by_a_test(name: str) -> None:
    file = GUIDES / "hinh" / f"{name}.png"

    assert name in pictures_taken()
    assert file.stat().st_size <= MOST_BYTES
    with Image.open(file) as taken:
        assert taken.width <= 1280


def test_no_picture_is_kept_that_no_guide_shows() -> None:
    assert {file.stem for file in (GUIDES / "hinh").glob("*.png")} == pictures_named()


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_what_a_guide_quotes_stands_on_the_pages(guide: Path) -> None:
    quoted = set(QUOTED.findall(guide.read_text("utf-8")))

    assert quoted
    assert {words for words in quoted if words not in on_pages()} == set()
