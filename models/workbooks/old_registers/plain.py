"""Text of old registers as it is compared: no capitals, no marks of letters, no signs."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from models.searching import folded


def plain(text: str) -> str:
    """ "Tên  Sản phẩm (OCOP)" as "ten san pham ocop"."""
    return " ".join(re.findall(r"[a-z0-9]+", folded(text)))


@cache
def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        files("models.workbooks.old_registers").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    )
    return found


@cache
def headings() -> tuple[tuple[str, str], ...]:
    """Plain words of a heading with the key of the column, longer words first."""
    pairs = [(plain(words), key) for key, entries in _data("headings").items() for words in entries]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def words(name: str) -> dict[str, str]:
    """Plain words of a list of `words.yaml` with what they mean, longer words first."""
    data = _data("words")[name]
    if isinstance(data, list):
        return {plain(word): word for word in data}
    pairs = [
        (plain(str(word)), key)
        for key, entries in data.items()
        for word in (entries if isinstance(entries, list) else [key])
    ]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def number_words() -> dict[str, int]:
    """Plain words of the numbers of stars."""
    return {plain(word): int(number) for word, number in _data("words")["stars"].items()}


def key_of(heading: str) -> str | None:
    """Which column a heading means; None for one that says nothing to us."""
    bare = plain(heading)
    for entry, key in headings():
        if bare == entry:
            return key
    return next((key for entry, key in headings() if f" {entry} " in f" {bare} "), None)
