"""Two people of one producer saved the same draft: both versions side by side, and what is kept of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.dossiers.registering import Registration
from models.drafts import PAGE, DraftConflictError, aside_key, keep_aside, load_draft, save_draft
from models.errors import NotedError, WrongMomentError
from models.forms.registration import FORMS_OF, title_of
from models.forms.words import text, value_in_words
from models.tables import Draft

OTHERS = {
    "kind": "Loại hồ sơ",
    "dossier": "Hồ sơ nộp lại",
    "target_stars": "Số sao đăng ký",
    "case": "Trường hợp",
    "evidence": "Giấy tờ",
}
INNER = ("scores", "proofs")


class KeptAsideError(DraftConflictError, NotedError):
    """Somebody else saved first; what this person typed is kept beside it (stored although the saving is refused)."""


@dataclass(frozen=True)
class TwoVersions:
    """One entry that the two versions have differently, in words; `path` names it (`registration.unit`)."""

    path: str
    label: str
    mine: str
    theirs: str


def set_aside(session: Session, conflict: DraftConflictError, reg: Registration, now: datetime) -> KeptAsideError:
    """Keep what could not be saved for the person who typed it; the refusal to raise."""
    keep_aside(session, conflict, reg.key, reg.who, now)
    return KeptAsideError(conflict.mine, conflict.theirs)


def aside(session: Session, reg: Registration) -> Draft | None:
    """What this person typed and could not save, if there is something."""
    return load_draft(session, aside_key(reg.key, reg.who))


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[TwoVersions]:
    """What the two versions have differently, in the order of the forms."""
    one, other = _entries(mine), _entries(theirs)
    return [
        TwoVersions(path, label_of(path), _words(one.get(path)), _words(other.get(path)))
        for path in dict.fromkeys([*other, *one])
        if one.get(path) != other.get(path)
    ]


def choose(session: Session, reg: Registration, mine: Collection[str], version: int, now: datetime) -> Draft:
    """Take these entries from the person's own version into the draft, and forget that version.

    Raises:
        WrongMomentError: there is no version of one's own beside the draft.
        DraftConflictError: the draft was saved once more meanwhile.
    """
    own = aside(session, reg)
    if own is None or reg.draft is None:
        raise WrongMomentError(
            "Không có bản nào giữ riêng.", field="mine", remedy="Bản nháp hiện tại là bản duy nhất; tiếp tục ở đó."
        )
    data = dict(reg.data)
    taken = _entries(own.data)
    for path in mine:
        data = _put(data, path.split(".", 2), taken.get(path))
    draft = save_draft(session, reg.key, {**data, PAGE: ""}, version, reg.who, now)
    session.execute(delete(Draft).where(Draft.id == own.id))
    return draft


def label_of(path: str) -> str:
    """An entry as people read it."""
    part, _, rest = path.partition(".")
    if part not in FORMS_OF:
        return OTHERS.get(part, part)
    name, _, inner = rest.partition(".")
    title = title_of(FORMS_OF[part], name)
    return f"{title}: {inner}" if inner else title


def _entries(data: Mapping[str, Any]) -> dict[str, Any]:
    """Every entry by its path; scores and proofs criterion by criterion."""
    found = {key: data.get(key) for key in OTHERS}
    for part in FORMS_OF:
        for name, value in (data.get(part) or {}).items():
            if name in INNER and isinstance(value, dict):
                found |= {f"{part}.{name}.{code}": inner for code, inner in value.items()}
            else:
                found[f"{part}.{name}"] = value
    return found


def _put(data: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    """`data` with one entry set, or taken out when the value is empty."""
    head, *rest = path
    if rest:
        inner = data.get(head)
        return {**data, head: _put(inner if isinstance(inner, dict) else {}, rest, value)}
    if value is None:
        return {key: kept for key, kept in data.items() if key != head}
    return {**data, head: value}


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_words(one) for one in value)
    if isinstance(value, dict):
        return str(value.get("title") or ", ".join(f"{key}: {inner}" for key, inner in value.items()))
    return text(value_in_words(value)) if value is not None else ""
