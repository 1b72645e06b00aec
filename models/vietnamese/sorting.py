"""Vietnamese order: letters a ă â b c d đ e ê …, tones only where the letters are equal; names by the given name.

PyICU would know it too, but needs a C++ library that not every machine of an office has [ours].
"""

from __future__ import annotations

import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
PLACE = {letter: place for place, letter in enumerate(LETTERS)}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Huyền, hỏi, ngã, sắc, nặng, in the order of dictionaries; no mark comes first."""

SyllableKey = tuple[tuple[tuple[int, str], ...], tuple[int, ...], str]


def text_key(text: str) -> tuple[SyllableKey, ...]:
    """The place of a text in Vietnamese order, syllable by syllable; capitals and spaces do not count first."""
    return tuple(_syllable(word) for word in text.split())


def name_key(name: str) -> tuple[SyllableKey, ...]:
    """The place of a person in a list: given name (the last word), then family name, then middle names."""
    *before, given = name.split() or [""]
    return text_key(" ".join([given, *before]))


def _syllable(word: str) -> SyllableKey:
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", word.casefold()):
        bare, tone = _parted(letter)
        letters.append((PLACE[bare], "") if bare in PLACE else (-1, bare))
        tones.append(tone)
    return tuple(letters), tuple(tones), unicodedata.normalize("NFC", word)


def _parted(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((TONES[mark] for mark in parts if mark in TONES), 0)
    bare = "".join(mark for mark in parts if mark not in TONES)
    return unicodedata.normalize("NFC", bare), tone
