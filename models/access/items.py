"""Who sees which work items, and what was stated when they were closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.access import reach
from models.access.certificates import certificates_visible
from models.access.dossiers import dossiers_visible
from models.access.reach import Condition
from models.access.rounds import rounds_seen_whole
from models.access.scores import may_see_result, may_see_sheet
from models.actors import Held
from models.enums import Role
from models.process.kinds import StepKind
from models.subjects import split_subject
from models.tables import (
    Capacity,
    Certificate,
    CouncilMember,
    Dossier,
    DossierAttempt,
    Round,
    ScoreSheet,
    WorkItem,
)
from models.work_items.queries import addressed_to_unit

SEES_WHO_SCORES = {Role.COORDINATOR, Role.COUNCIL_SECRETARY, Role.AUDITOR}
"""Roles that see of a sheet's item that it waits or is handed in; what is on the sheet is another matter."""

RESULTS = {StepKind.COUNCIL_EVALUATION, StepKind.COUNCIL_SESSION, StepKind.DECISION}


def items_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The items that these capacities let see, as a condition on `WorkItem`."""
    held = list(capacities)
    own = [addressed_to_unit(Held(one.person_id, one)) for one in held if one.role is not Role.ADMINISTRATOR]
    of_sheets = _in(held, SEES_WHO_SCORES)
    rounds = select(Round.id).where(rounds_seen_whole(session, held))
    certificates = select(Certificate.id).where(certificates_visible(session, held))
    return or_(
        *own,
        and_(WorkItem.kind != StepKind.SCORE_SHEET, _of_dossiers(session, held)),
        and_(WorkItem.kind == StepKind.SCORE_SHEET, _of_dossiers(session, of_sheets)),
        and_(WorkItem.attempt_id.is_(None), WorkItem.round_id.in_(rounds)),
        WorkItem.certificate_id.in_(certificates),
    )


def may_see_item(session: Session, capacities: Iterable[Capacity], item: WorkItem) -> bool:
    """Whether one of the capacities lets see the item: what it is, whose it is, its clock."""
    return reach.holds(session, WorkItem.id, item.id, items_visible(session, capacities))


def may_see_outcomes(session: Session, capacities: Iterable[Capacity], item: WorkItem) -> bool:
    """Whether one of the capacities lets see what was stated: of sheets and results not before their time."""
    held = list(capacities)
    if not may_see_item(session, held, item):
        return False
    if item.kind is StepKind.SCORE_SHEET:
        return _may_see_stated_sheet(session, held, item)
    if item.kind in RESULTS and item.attempt is not None:
        return may_see_result(session, held, item.attempt)
    return True


def _may_see_stated_sheet(session: Session, capacities: Sequence[Capacity], item: WorkItem) -> bool:
    if any(one.role is Role.COUNCIL_MEMBER and one.person_id == item.assignee_id for one in capacities):
        return True
    query = (
        select(ScoreSheet)
        .join(CouncilMember)
        .where(ScoreSheet.session_product_id == split_subject(item.subject)[1])
        .where(CouncilMember.person_id == item.assignee_id, ScoreSheet.scoring == item.turn)
    )
    sheet = session.scalar(query)
    return sheet is not None and may_see_sheet(session, capacities, sheet)


def _of_dossiers(session: Session, capacities: Sequence[Capacity]) -> Condition:
    attempts = select(DossierAttempt.id).join(Dossier).where(dossiers_visible(session, capacities))
    return WorkItem.attempt_id.in_(attempts)


def _in(capacities: Sequence[Capacity], roles: set[Role]) -> list[Capacity]:
    return [one for one in capacities if one.role in roles]
