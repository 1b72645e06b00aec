"""The cookies of the portal: the session's secret, the sign-in page's, a message for the next page, a sign-in
elsewhere that is under way. All are signed."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from models.settings import settings
from portal.keys import read_signed, signed

SESSION, BEFORE, FLASH, IDENTITY = "ocop_session", "ocop_before", "ocop_flash", "ocop_identity"
DAY = 24 * 3600
FLASH_SECONDS = 60


def secure() -> bool:
    """Whether cookies go over TLS only: where the portal's own address is one."""
    return (settings().portal_url or "").startswith("https:")


def give(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a signed cookie that scripts do not see and that other sites' forms do not bring along."""
    response.set_cookie(
        _called(name), signed(name, value), max_age=seconds, path="/", secure=secure(), httponly=True, samesite="lax"
    )


def take(request: Request, name: str, *, seconds: int = DAY) -> str | None:
    """The value of a cookie that we signed no longer ago than `seconds`."""
    text = request.cookies.get(_called(name))
    found = read_signed(name, text, seconds=seconds) if text else None
    return found if isinstance(found, str) else None


def drop(response: Response, name: str) -> None:
    """Remove a cookie."""
    response.delete_cookie(_called(name), path="/", secure=secure(), httponly=True, samesite="lax")


def is_there(request: Request, name: str) -> bool:
    """Whether the browser sent one, whatever is in it."""
    return _called(name) in request.cookies


def _called(name: str) -> str:
    # The prefix makes browsers refuse one set by a neighbouring host or without TLS.
    return f"__Host-{name}" if secure() else name
