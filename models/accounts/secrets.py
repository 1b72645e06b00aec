"""Random secrets that people or programs carry, and the form in which we keep them."""

from __future__ import annotations

import hashlib
import secrets

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for one another when read from paper."""


def new_token() -> str:
    """A secret for a program to carry: 256 random bits, safe in addresses and headers."""
    return secrets.token_urlsafe(32)


def kept(secret: str) -> str:
    """What is stored of a random secret: SHA-256 is enough where there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def to_be_read_out(groups: int = 3, size: int = 4) -> str:
    """A secret for a person to type once: `k7mq-x2hd-9vtr` (5 bits a letter)."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(size)) for _ in range(groups))
