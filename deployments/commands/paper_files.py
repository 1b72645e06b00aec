"""Papers of a dossier that lie beside its file: `path: giay-to/dkkd.pdf` puts one into the store as it is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from deployments.commands.files import path_of
from deployments.commands.options import STDIN
from models.actors import Actor
from models.errors import OcopError, Problem
from models.files.receiving import UploadRules, receive
from models.files.store import Received, chunks, keep
from models.settings import Settings

KEY = "path"
"""The entry of a paper that names a file on this machine, relative to the dossier's file."""


class LocalPapers:
    """A dossier's data and the files that it names, received and looked at, not kept yet."""

    def __init__(self, data: Any, received: Mapping[int, Received]) -> None:
        self._data = data
        self._received = received

    def keep(self, session: Session, who: Actor, now: datetime, folder: Path) -> Any:
        """Put the files into the store; the data with the hashes in place of the paths."""
        if not self._received:
            return self._data
        papers = list(self._data["evidence"])
        for number, received in self._received.items():
            row = keep(session, received, who, now, folder=folder)
            own = {"file_name": received.name} | {k: v for k, v in papers[number].items() if k != KEY}
            papers[number] = own | {"file_sha256": row.sha256}
        return self._data | {"evidence": papers}


@contextmanager
def local_papers(data: Any, name: str, found: Settings) -> Iterator[LocalPapers]:
    """Receive what the papers' `path` names, before any transaction is open.

    Raises:
        InputError: not there, too large, or of a kind that is not taken; the field names the paper.
    """
    folder = Path.cwd() if name == STDIN else Path(name).expanduser().parent
    with ExitStack() as uploads:
        yield LocalPapers(data, {n: _received(uploads, folder / p, n, found) for n, p in _paths(data).items()})


def _paths(data: Any) -> dict[int, str]:
    papers = data.get("evidence") if isinstance(data, dict) else None
    if not isinstance(papers, list):
        return {}
    named = {n: paper.get(KEY) for n, paper in enumerate(papers) if isinstance(paper, dict)}
    return {n: path for n, path in named.items() if isinstance(path, str)}


def _received(uploads: ExitStack, path: Path, number: int, found: Settings) -> Received:
    try:
        upload = uploads.enter_context(receive(UploadRules.of(found), path.name))
        with path_of(str(path)).open("rb") as source:
            for piece in chunks(source):
                upload.write(piece)
        return upload.finish()
    except OcopError as error:
        error.problems = [Problem(f"evidence[{number}].{KEY}", p.problem, p.remedy) for p in error.problems]
        raise
