"""A member's sheet while it is filled in: kept criterion by criterion, seen by nobody else, gone when handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import vn_date
from models.criteria import load_set
from models.drafts import NEW, load_draft, save_draft, sheet_key
from models.enums import ItemStatus, SessionStatus
from models.errors import InputError, WrongMomentError
from models.process.kinds import StepKind
from models.scoring import Role, Sheet, sheet_problems
from models.subjects import split_subject
from models.tables import SessionProduct, WorkItem
from models.work_items.authority import check_may_close


@dataclass(frozen=True)
class SheetDraft:
    """What a member has chosen so far: criterion → points; `version` is what the next saving names."""

    choices: dict[str, int]
    opinion: str
    version: int
    saved_at: datetime | None


NOTHING = SheetDraft({}, "", NEW, None)


def sheet_product(session: Session, item: WorkItem) -> SessionProduct:
    """The product on the agenda that a sheet's item is about.

    Raises:
        WrongMomentError: the item is no sheet's.
    """
    if item.kind is not StepKind.SCORE_SHEET:
        raise WrongMomentError("Việc này không phải phiếu chấm.", field="item", remedy="Mở lại từ danh sách.")
    return session.get_one(SessionProduct, split_subject(item.subject)[1])


def load_sheet_draft(session: Session, item: WorkItem, who: Actor) -> SheetDraft:
    """What the member has filled in so far."""
    draft = load_draft(session, sheet_key(who, sheet_product(session, item).id, item.turn))
    if draft is None:
        return NOTHING
    return SheetDraft(dict(draft.data["choices"]), draft.data["opinion"], draft.version, draft.updated_at)


def save_sheet_draft(
    session: Session,
    item: WorkItem,
    choices: Mapping[str, int],
    opinion: str,
    version: int,
    who: Actor,
    now: datetime,
) -> SheetDraft:
    """Keep what is chosen so far, whole or not.

    Raises:
        NotAllowedError: another member's sheet.
        WrongMomentError: handed in, or the scoring is closed.
        InputError: a choice that the sheet does not have (all are listed).
        DraftConflictError: the sheet was saved elsewhere meanwhile.
    """
    check_may_close(session, item, who, vn_date(now))
    product = sheet_product(session, item)
    if item.status is not ItemStatus.OPEN or product.session.status is not SessionStatus.CALLED:
        raise WrongMomentError("Phiếu này đã khóa.", field="item", remedy="Mở lại trang để xem phiếu đã nộp.")
    _check(product, choices)
    key = sheet_key(who, product.id, item.turn)
    before = load_draft(session, key)
    data = {"choices": dict(choices), "opinion": opinion}
    if before is not None and before.data == data:
        return SheetDraft(dict(choices), opinion, before.version, before.updated_at)
    draft = save_draft(session, key, data, version, who, now)
    return SheetDraft(dict(choices), opinion, draft.version, draft.updated_at)


def _check(product: SessionProduct, choices: Mapping[str, int]) -> None:
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    case = attempt.case if criteria.cases else None
    draft = Sheet(member="draft", role=Role.MEMBER, present=False, choices=dict(choices))
    problems = sheet_problems(criteria, case, draft, "")
    if problems:
        raise InputError.of(problems)
