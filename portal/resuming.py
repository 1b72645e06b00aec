"""What was typed in a form whose session had ended: kept in the sign-in page, given back to the same person only."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from models.accounts import sessions
from models.database import reading
from models.settings import settings
from portal.forms import Sent
from portal.keys import form_token, read_signed, signed
from portal.rendering import render
from portal.visitors import session_secret

TYPED = "typed"
"""The control of the sign-in forms that carries it, signed."""

KEPT_SECONDS = 12 * 3600
NOT_KEPT = {"_csrf", "_more"}
SECRETS = {"old", "new", "again", "password", "code"}


def keep(request: Request, sent: Sent) -> str:
    """The controls of a form, signed, with whose session it was; nothing where nobody knows whose."""
    secret = session_secret(request)
    if secret is None or SECRETS & set(sent):
        return ""
    with reading(settings().domain_url) as session:
        person_id = sessions.person_of(session, secret)
    if person_id is None:
        return ""
    kept = {name: list(values) for name, values in sent.items() if name not in NOT_KEPT}
    return signed(TYPED, {"path": request.url.path, "person": person_id, "sent": kept}) if kept else ""


def give_back(typed: str, person_id: int, secret: str) -> Response | None:
    """The page that leads back to the form, for the person who typed it and has now signed in (`secret`)."""
    found = read_signed(TYPED, typed, seconds=KEPT_SECONDS)
    if not isinstance(found, dict) or found["person"] != person_id:
        return None
    context = {
        "title": "Tiếp tục",
        "visitor": None,
        "path": found["path"],
        "csrf": form_token(secret),
        "sent": [(name, value) for name, values in found["sent"].items() for value in values],
    }
    return render("resume.html.j2", context)
