"""Drafts of long forms: kept while they are filled in, shared by the people of a producer, never overwritten unseen.

Keys name the form: `registration_key`, `sheet_key`, `item_draft_key`. Who may open which draft follows from its owner:
a person's own, or one of the producer for whom the person acts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.actors import Actor
from models.database import rows_touched
from models.enums import Role
from models.errors import ConflictError, InputError, NotAllowedError
from models.tables import Draft, Round

NEW = 0
"""The version of a draft that is not there yet."""

PAGE = "page"
"""Where a draft keeps which open page saved it last: that page's own savings never count as somebody else's."""

MOST_CHARACTERS = 1_000_000
ASIDE = "|bản-của:"


class DraftConflictError(ConflictError):
    """Somebody saved the draft meanwhile: `theirs` is what is kept, `mine` what was to be saved (see `keep_aside`)."""

    def __init__(self, mine: dict[str, Any], theirs: Draft | None) -> None:
        self.mine = mine
        self.theirs = theirs
        who = theirs.updated_by.name if theirs is not None and theirs.updated_by is not None else "người khác"
        super().__init__(
            f"Bản nháp này vừa được {who} lưu." if theirs is not None else "Bản nháp này đã được nộp hoặc bỏ.",
            field="version",
            remedy="Xem hai bản cạnh nhau, chọn phần giữ lại rồi lưu lần nữa.",
        )


@dataclass(frozen=True)
class DraftKey:
    """One form of one owner."""

    owner: str
    key: str


def registration_key(who: Actor, product: str, round_: Round) -> DraftKey:
    """The registration wizard: shared by all people of the producer; a commune or office keeps its own.

    `product` is the name as typed or the product's id, so that a product that is not listed yet can be drafted.
    """
    owner = f"producer:{who.producer_id}" if who.role is Role.PRODUCER and who.producer_id else _person(who)
    return DraftKey(owner, f"registration/{round_.code}/{product.strip()}")


def sheet_key(who: Actor, session_product_id: int, scoring: int) -> DraftKey:
    """A member's score sheet of one product in the first or second scoring: nobody else's."""
    return DraftKey(_person(who), f"sheet/{session_product_id}/{scoring}")


def item_draft_key(who: Actor, item_id: int) -> DraftKey:
    """The form of one work item, as one person fills it in."""
    return DraftKey(_person(who), f"item/{item_id}")


def load_draft(session: Session, key: DraftKey) -> Draft | None:
    """What is kept, or nothing."""
    return session.scalar(select(Draft).where(Draft.owner == key.owner, Draft.key == key.key))


def drafts_of(session: Session, who: Actor) -> list[Draft]:
    """The drafts that the person may go on with (own ones and the producer's), the latest first."""
    owners = [_person(who)]
    if who.role is Role.PRODUCER and who.producer_id:
        owners.append(f"producer:{who.producer_id}")
    return list(session.scalars(select(Draft).where(Draft.owner.in_(owners)).order_by(Draft.updated_at.desc())))


def save_draft(session: Session, key: DraftKey, data: dict[str, Any], version: int, who: Actor, now: datetime) -> Draft:
    """Keep `data`; `version` is the one that was loaded (`NEW`: none was there).

    Raises:
        DraftConflictError: the draft was saved, dropped or made by somebody else meanwhile; nothing is overwritten.
        NotAllowedError: a draft of another owner.
        InputError: larger than a form can be.
    """
    _check_owner(key, who)
    _check_size(data)
    stored = _insert(session, key, data, who, now) if version == NEW else _update(session, key, data, version, who, now)
    draft = load_draft(session, key)
    if not stored or draft is None:
        raise DraftConflictError(data, draft)
    session.refresh(draft)
    return draft


def keep_aside(session: Session, conflict: DraftConflictError, key: DraftKey, who: Actor, now: datetime) -> Draft:
    """Keep what could not be saved beside the draft, for the person who typed it, until it is dropped."""
    aside = aside_key(key, who)
    before = load_draft(session, aside)
    return save_draft(session, aside, conflict.mine, before.version if before else NEW, who, now)


def aside_key(key: DraftKey, who: Actor) -> DraftKey:
    """Where `keep_aside` keeps a person's version of a draft."""
    return DraftKey(_person(who), f"{key.key}{ASIDE}{key.owner}")


def seen_version(draft: Draft | None, version: int, page: str) -> int:
    """The version that an open page has seen: it saves while people type, and then what it sent last is the latest."""
    own = draft is not None and page != "" and draft.data.get(PAGE) == page
    return draft.version if own and draft is not None else version


def drop_draft(session: Session, key: DraftKey) -> None:
    """Forget a draft that was handed in or given up, and what people kept aside of it."""
    aside = Draft.key == f"{key.key}{ASIDE}{key.owner}"
    session.execute(delete(Draft).where(((Draft.owner == key.owner) & (Draft.key == key.key)) | aside))


def sweep_drafts(session: Session, now: datetime, days: int) -> int:
    """Forget drafts that nobody touched for `days` calendar days; how many."""
    return rows_touched(session, delete(Draft).where(Draft.updated_at < now - timedelta(days=days)))


def _insert(session: Session, key: DraftKey, data: dict[str, Any], who: Actor, now: datetime) -> bool:
    draft = Draft(owner=key.owner, key=key.key, data=data, version=1, updated_by_id=who.person_id, updated_at=now)
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        return False
    return True


def _update(session: Session, key: DraftKey, data: dict[str, Any], version: int, who: Actor, now: datetime) -> bool:
    seen = update(Draft).where(Draft.owner == key.owner, Draft.key == key.key, Draft.version == version)
    values = {"data": data, "version": version + 1, "updated_by_id": who.person_id, "updated_at": now}
    return rows_touched(session, seen.values(**values)) == 1


def _person(who: Actor) -> str:
    return f"person:{who.person_id}"


def _check_owner(key: DraftKey, who: Actor) -> None:
    producer = f"producer:{who.producer_id}" if who.role is Role.PRODUCER and who.producer_id else None
    if key.owner not in {_person(who), producer}:
        raise NotAllowedError("Bản nháp này của người khác.", field="actor", remedy="Mở bản nháp của mình.")


def _check_size(data: dict[str, Any]) -> None:
    if len(json.dumps(data, ensure_ascii=False)) > MOST_CHARACTERS:
        raise InputError(
            "Bản nháp quá dài.", field="data", remedy="Rút ngắn nội dung; tài liệu dài thì tải lên dạng tệp."
        )
