"""Closing a work item: one transaction holds the outcome, what follows from it, the audit entry and the outbox."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import Actor
from models.clock import VN_TZ, vn_date
from models.enums import ItemStatus, OutboxKind
from models.errors import ConflictError, WrongMomentError
from models.forms import FORMS, Form, check_days, read_form
from models.process import Scope, step_definition
from models.signals import signal
from models.tables import Outcome, WorkItem
from models.work_items.authority import check_may_close
from models.work_items.locking import locked


def complete(
    session: Session,
    item_id: int,
    data: dict[str, Any] | Form,
    who: Actor,
    now: datetime,
    *,
    version: int | None = None,
) -> Outcome:
    """Record what `who` states as the outcome of the item and let follow what the step says.

    The same outcome a second time gives the first one back. `version` is the version of the item that the
    person saw (optional).

    Raises:
        InputError: the form is not filled in rightly.
        NotAllowedError: not this person's or unit's to close.
        ConflictError: already closed with another outcome, or changed since it was seen.
        WrongMomentError: the item was cancelled, or what the step needs is not there yet.
    """
    item = locked(session, item_id)
    check_may_close(session, item, who, vn_date(now))
    form = read_form(FORMS[item.kind], data.model_dump() if isinstance(data, Form) else data)
    stated = fingerprint(form.model_dump(mode="json"))  # before an effect adds to it (number of a certificate)
    if item.status is not ItemStatus.OPEN:
        return _again(item, stated)
    if version is not None and version != item.version:
        raise ConflictError(
            "Việc này đã thay đổi từ lúc anh/chị mở ra.",
            field="version",
            remedy="Mở lại để xem bản mới nhất.",
        )
    check_days(form, vn_date(now))
    # What a step entails is looked up late: steps complete further items themselves.
    from models.steps.effects import EFFECTS

    effect = EFFECTS.get(item.kind)
    if effect is not None:
        effect(session, item, form, who, now)
    return store_outcome(session, item, form, who, now, stated=stated)


def store_outcome(
    session: Session, item: WorkItem, form: Form, who: Actor, now: datetime, *, stated: str | None = None
) -> Outcome:
    """Write the outcome, close the item, leave audit entry, event and signal to the run.

    For the steps that an act on the round closes (council, decision) authority was checked on that act.
    `stated`: fingerprint of the form as the person filled it in, where the step has added to it.
    """
    outcome = add_version(item, form, who, now, stated=stated)
    item.status = ItemStatus.DONE
    item.closed_at = now
    session.flush()
    audit.record(
        session,
        who,
        "item.completed",
        item.subject,
        now,
        data={"item": item.id, "kind": item.kind.value, "outcome": form.outcome, "version": outcome.version},
    )
    name = f"{item.key}:{outcome.version}"
    outbox.put(
        session,
        OutboxKind.EVENT,
        f"event:completed:{name}",
        {"event": "ocop.step.completed", "item": item.id},
    )
    if step_definition(item.kind).scope is not Scope.SHEET:
        signal(session, item.subject, name)
    return outcome


def add_version(
    item: WorkItem, form: Form, who: Actor, now: datetime, *, stated: str | None = None, reason: str = ""
) -> Outcome:
    """Put one more version of its outcome on the item; those of before stay."""
    data = form.model_dump(mode="json")
    outcome = Outcome(
        version=len(item.outcomes) + 1,
        code=form.outcome,
        data=data,
        fingerprint=stated or fingerprint(data),
        actor_id=who.person_id,
        on_behalf_of_id=who.on_behalf_of,
        capacity=who.role,
        recorded_at=now,
        reason=reason,
    )
    item.outcomes.append(outcome)
    item.version += 1
    return outcome


def complete_for(
    session: Session, subject: str, item: WorkItem | None, form: Form, who: Actor, now: datetime
) -> Outcome:
    """Close the open item of a dossier as the consequence of an act on its round.

    Raises:
        WrongMomentError: the dossier does not wait for this step.
    """
    if item is None or item.status is not ItemStatus.OPEN:
        raise WrongMomentError(
            f"Hồ sơ ({subject}) chưa đến bước này.",
            field="dossiers",
            remedy="Xem bảng theo dõi của đợt: ocop status.",
        )
    return store_outcome(session, item, form, who, now)


def _again(item: WorkItem, stated: str) -> Outcome:
    label = step_definition(item.kind).label
    if item.status is ItemStatus.CANCELLED or item.outcome is None:
        raise WrongMomentError(f"Việc «{label}» đã hủy.", field="item", remedy="Xem hồ sơ để biết bước hiện tại.")
    if item.outcome.fingerprint == stated:
        return item.outcome
    raise ConflictError(
        f"«{label}» đã có kết quả khác ({item.outcome.code}, ghi lúc "
        f"{item.outcome.recorded_at.astimezone(VN_TZ):%d/%m/%Y %H:%M}); kết quả mới không được ghi.",
        field="outcome",
        remedy="Kiểm tra kết quả đã ghi; nếu sai, đề nghị văn phòng điều phối đính chính.",
    )


def fingerprint(data: dict[str, Any]) -> str:
    """SHA-256 of the outcome in canonical form: equal when the same was stated."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find_item(session: Session, key: str) -> WorkItem | None:
    """The item with this key, if it was ever opened."""
    return session.scalar(select(WorkItem).where(WorkItem.key == key))
