"""Step 5, score sheets: opening them for the members, handing them in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.councils.scoring_rows import check_choices
from models.drafts import drop_draft, sheet_key
from models.enums import SessionStatus
from models.errors import WrongMomentError
from models.forms import ScoreSheetForm
from models.process import Scope
from models.process.kinds import StepKind
from models.subjects import subject_of
from models.tables import CouncilMember, Recusal, ScoreSheet, SessionProduct, WorkItem
from models.work_items.locking import lock_meeting
from models.work_items.opening import Addressee, open_item
from models.work_items.terms import Budget


def hand_in_sheet(session: Session, item: WorkItem, form: ScoreSheetForm, who: Actor, now: datetime) -> None:
    """Lock one member's sheet for the current scoring, or record the recusal.

    Raises:
        WrongMomentError: this scoring is closed or the session concluded.
        InputError: a criterion is missing or a choice is no option.
    """
    product = _product_of(session, item)
    member = session.scalars(
        select(CouncilMember).where(
            CouncilMember.council_id == product.session.council_id,
            CouncilMember.person_id == who.person_id,
        )
    ).one()
    lock_meeting(session, product.session, shared=True)
    if product.session.status is not SessionStatus.CALLED or product.scoring != item.turn:
        raise WrongMomentError(
            "Phiên chấm này đã đóng.", field="item", remedy="Liên hệ thư ký hội đồng nếu cần chấm lại."
        )
    drop_draft(session, sheet_key(who, product.id, item.turn))
    if form.outcome == "recused":
        product.recusals.append(Recusal(member=member, reason=form.reason, recorded_at=now))
        return
    product.sheets.append(
        ScoreSheet(
            member=member,
            scoring=item.turn,
            choices=dict(form.choices),
            total=check_choices(product, member, form.choices),
            opinion=form.opinion,
            submitted_at=now,
        )
    )


def open_sheets(session: Session, item: WorkItem, product: SessionProduct, now: datetime) -> None:
    meeting = product.session
    recused = {recusal.member_id for recusal in product.recusals}
    for member in meeting.council.members:
        if member.id in recused or member.id in meeting.absent:
            continue
        open_item(
            session,
            StepKind.SCORE_SHEET,
            subject_of(Scope.SHEET, product.id),
            office=item.owner_office,
            round_id=item.round_id,
            to=Addressee(person_id=member.person_id),
            budget=Budget(0, "date", "Ngày họp hội đồng", meeting.held_on),
            now=now,
            turn=product.scoring,
            attempt_id=product.attempt_id,
            member_id=member.id,
        )


def handed_in(product: SessionProduct) -> set[int]:
    return {sheet.member_id for sheet in product.sheets if sheet.scoring == product.scoring}


def _product_of(session: Session, item: WorkItem) -> SessionProduct:
    return session.get_one(SessionProduct, int(item.subject.partition(":")[2]))
