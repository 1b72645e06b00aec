"""Names of sheets from names of products: Excel takes 31 letters, not all signs, and no name twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 31


def sheet_names(names: Iterable[str]) -> list[str]:
    """A name for each, made different by its number: "1. Bánh gai Lâm Thẩm"."""
    plain = (" ".join(re.sub(r"[\[\]:*?/\\]", " ", name).split()) for name in names)
    return [f"{number}. {name}"[:MOST].rstrip(" '") for number, name in enumerate(plain, start=1)]
