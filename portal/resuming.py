"""What was typed in a form whose session had ended: kept in the sign-in page, given back to the same person only.

Whose form it was is told by the session's cookie, or, where the browser has dropped that, by the form's own token: a
form from elsewhere has none, so nobody is handed what another site has filled in.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from models.accounts import sessions
from models.clock import SystemClock
from models.database import reading
from models.settings import settings
from portal.forms import Sent
from portal.keys import form_token, read_signed, same_token, signed, token_of_kept
from portal.rendering import render
from portal.visitors import session_secret

TYPED = "typed"
"""The control of the sign-in forms that carries it, signed."""

SECOND_FACTOR = "/second-factor"
KEPT_SECONDS = 12 * 3600
NOT_KEPT = {"_csrf", "_more"}
SECRETS = {"old", "new", "again", "password", "passphrase"}


def keep(request: Request, sent: Sent) -> str:
    """The controls of a form, signed, with whose session it was; nothing where nobody knows whose."""
    kept = to_keep(request, sent)
    person_id = _whose(request, sent) if kept else None
    return signed(TYPED, {"path": request.url.path, "person": person_id, "sent": kept}) if person_id is not None else ""


def to_keep(request: Request, sent: Sent) -> dict[str, list[str]]:
    """The controls of a form without its secrets; none of a form that holds nothing else."""
    kept = {name: list(values) for name, values in sent.items() if name not in NOT_KEPT | SECRETS}
    typed = any(not name.startswith("_") for name in kept)
    return kept if (typed or not SECRETS & set(sent)) and not request.url.path.startswith(SECOND_FACTOR) else {}


def whose_token(token: str) -> int | None:
    """Whose session a form's token belongs to, also where it has ended, for as long as forms are kept."""
    since = SystemClock().now() - timedelta(hours=settings().session_hours, seconds=KEPT_SECONDS)
    with reading(settings().domain_url) as session:
        begun = sessions.begun_since(session, since)
    return next((person for hashed, person in begun if same_token(token_of_kept(hashed), token)), None)


def _whose(request: Request, sent: Sent) -> int | None:
    secret = session_secret(request)
    if secret is not None:
        with reading(settings().domain_url) as session:
            person_id = sessions.person_of(session, secret)
        if person_id is not None:
            return person_id
    token = next(iter(sent.get("_csrf", ())), "")
    return whose_token(token) if token else None


def give_back(typed: str, person_id: int, secret: str) -> Response | None:
    """The page that leads back to the form, for the person who typed it and has now signed in (`secret`)."""
    found = read_signed(TYPED, typed, seconds=KEPT_SECONDS)
    if not isinstance(found, dict) or found["person"] != person_id:
        return None
    return resume_page(found["path"], found["sent"], form_token(secret))


def resume_page(path: str, sent: Sent, csrf: str) -> Response:
    """The page that leads back to a form with all that was typed in it."""
    controls = [(name, value) for name, values in sent.items() for value in values]
    context = {"title": "Tiếp tục", "visitor": None, "path": path, "csrf": csrf, "sent": controls}
    return render("resume.html.j2", context)
