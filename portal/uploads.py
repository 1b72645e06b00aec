"""Files that come with a form: into the store first, then the form names them by their hash.

A control `evidence[0][file]` becomes the entries `evidence[0][file_sha256]` and `evidence[0][file_name]`; so what was
uploaded is there when the form comes back because something else in it was wrong.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import BinaryIO

from starlette.datastructures import UploadFile

from models.acting import one_of
from models.actors import Actor
from models.errors import InputError, Problem
from models.files.receiving import UploadRules, receive
from models.files.store import Received, chunks, keep
from models.settings import settings
from models.tables import StoredFile
from portal.desk import Desk
from portal.forms import Sent
from portal.forms.describing import FILE, FILE_NAME, SHA256

INLINE_MOST = 200_000
"""Bytes of a file that comes with a form and is not kept: a key with its certificates has about 5,000 [ours]."""

Desks = Callable[[], AbstractContextManager[Desk]]


def uploader(desk: Desk) -> Actor:
    """In which capacity a file is put into the store: as the producer's if the person is one of theirs."""
    own = [held for held in desk.held if held.delegation is None] or desk.held
    producers = [held for held in own if held.capacity.producer_id is not None]
    return one_of(desk.person, producers or own[:1]).actor


def store(source: BinaryIO, name: str, desks: Desks) -> StoredFile:
    """Take a file into the store; no transaction is open while it is read.

    Raises:
        InputError: too large, empty, of a kind that is not taken, damaged or dangerous.
    """
    with receive(UploadRules.of(settings()), name) as upload:
        for piece in chunks(source):
            upload.write(piece)
        return kept(upload.finish(), desks)


def kept(received: Received, desks: Desks) -> StoredFile:
    """Keep what came whole."""
    with desks() as desk:
        row = keep(desk.session, received, uploader(desk), desk.now)
        desk.session.expunge(row)
        return row


def with_files(
    sent: Sent, files: dict[str, list[UploadFile]], desks: Desks
) -> tuple[dict[str, list[str]], list[Problem]]:
    """What a form sent with its files named by their hashes, and what is wrong with those that are not taken."""
    found = {name: list(values) for name, values in sent.items()}
    problems: list[Problem] = []
    for control, uploads in files.items():
        if control.replace("]", "").replace("[", ".").split(".")[-1] != FILE or not uploads:
            continue
        try:
            row = store(uploads[0].file, uploads[0].filename or FILE, desks)
        except InputError as error:
            field = _renamed(_path(control), SHA256)
            problems += [replace(problem, field=field) for problem in error.problems]
            continue
        found[_renamed(control, SHA256)] = [row.sha256]
        found[_renamed(control, FILE_NAME)] = [row.first_name]
    return found, problems


def inline(upload: UploadFile) -> str:
    """A small file as text for a form that keeps it nowhere (Base64); what is too large is cut off and so refused."""
    return base64.b64encode(upload.file.read(INLINE_MOST)).decode()


def _renamed(control: str, name: str) -> str:
    """`evidence[0][file]` → `evidence[0][file_sha256]`."""
    head, _, tail = control.rpartition(FILE)
    return f"{head}{name}{tail}"


def _path(control: str) -> str:
    """The control's name as problems name fields: `evidence[0][file]` → `evidence[0].file`."""
    first, *rest = control.replace("]", "").split("[")
    return first + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in rest)
