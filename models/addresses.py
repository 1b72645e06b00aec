"""Codes as parts of addresses: the same in links of messages, QR codes and the portal's own pages."""

from __future__ import annotations

from urllib.parse import quote

SLASH = "~"
"""Stands in addresses for the slash that codes on old papers may have; no code has this sign."""


def in_address(value: object) -> str:
    """A value as one part of an address."""
    return quote(str(value).replace("/", SLASH), safe="")


def from_address(part: str) -> str:
    """The code that a (decoded) part of an address stands for."""
    return part.replace(SLASH, "/")
