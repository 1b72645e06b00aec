"""Files behind papers: the original to save, its pages as pictures."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.files.using import file_for
from portal.access import CASES
from portal.routing import page
from portal.stored import original, picture
from portal.view import View

router = APIRouter()


@page(router, "/files/{sha256}", CASES)
def download(view: View, sha256: str) -> Response:
    """The original, for who may see a paper that it stands behind."""
    return original(file_for(view.desk.session, sha256, view.desk.held))


@page(router, "/files/{sha256}/preview/{number}", CASES)
def shown(view: View, sha256: str, number: int, width: int = 900) -> Response:
    """One page of it as a picture."""
    return picture(file_for(view.desk.session, sha256, view.desk.held), number, width)
