"""The secret of one installation, and what is signed with it: cookies, form tokens, messages after a redirect."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from models.accounts.secrets import kept
from models.settings import settings

BYTES = 32


def portal_key() -> str:
    """The secret: `OCOP_PORTAL_KEY`, or the file `portal.key` in the data folder, made at the first start."""
    given = settings().portal_key
    return given.get_secret_value() if given is not None else _key_in(settings().home)


@cache
def _key_in(home: Path) -> str:
    file = home / "portal.key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"portal.key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(BYTES), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)  # whoever is first makes it; the others read the same
        draft.unlink()
    return file.read_text(encoding="ascii").strip()


def signed(what: str, value: object) -> str:
    """`value` (anything that JSON knows) signed for the purpose `what`."""
    text = URLSafeTimedSerializer(portal_key(), salt=what).dumps(value)
    return text.decode() if isinstance(text, bytes) else text


def read_signed(what: str, text: str, *, seconds: int) -> object | None:
    """What was signed for this purpose no longer ago than `seconds`; `None` for anything else."""
    try:
        found: object = URLSafeTimedSerializer(portal_key(), salt=what).loads(text, max_age=seconds)
    except BadSignature:
        return None
    return found


def form_token(secret: str) -> str:
    """The token that a page's forms carry, made from the session's secret (or that of the sign-in page)."""
    return token_of_kept(kept(secret))


def token_of_kept(hashed: str) -> str:
    """The same from what is stored of the secret: whose form it was is found when the cookie is gone."""
    return hmac.new(portal_key().encode(), f"csrf:{hashed}".encode(), hashlib.sha256).hexdigest()


def same_token(one: str, other: str) -> bool:
    """Compare without telling by the time taken how much was right."""
    return hmac.compare_digest(one.encode(), other.encode())
