"""Step 5, between the sheets and the conclusion: the scoring is closed, and only then seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.councils.sessions import latest_session, still_on_agenda
from models.enums import ItemStatus, SessionStatus
from models.errors import ConflictError, WrongMomentError
from models.process import Scope
from models.process.kinds import StepKind
from models.steps.council_checks import absent_seats, check_day_has_come, check_sheets_in
from models.subjects import subject_of
from models.tables import CouncilSession, WorkItem
from models.work_items.authority import check_may_close
from models.work_items.locking import lock_meeting, locked
from models.work_items.opening import cancel_open_items


def close_scoring(session: Session, item_id: int, absent: Sequence[str], who: Actor, now: datetime) -> CouncilSession:
    """Take no more sheets in the session of this item; from now on its figures may be seen and discussed.

    `absent`: codes of the people who did not come. Closing is not undone: who has seen the others' points scores no
    more, save in a second scoring [ours].

    Raises:
        WrongMomentError: the item is no session's, or closed; the day of the meeting has not come; or sheets of people
            present are missing.
        ConflictError: somebody closed the scoring before.
        InputError: an unknown person, or one whose sheets are all in.
    """
    item = locked(session, item_id)
    check_may_close(session, item, who, vn_date(now))
    if item.kind is not StepKind.COUNCIL_SESSION or item.status is not ItemStatus.OPEN:
        raise WrongMomentError("Không có phiên họp đang mở ở việc này.", field="item", remedy="Mở lại từ danh sách.")
    meeting = latest_session(session, item.round.id)
    lock_meeting(session, meeting)
    if meeting.status is not SessionStatus.CALLED:
        raise ConflictError(
            "Chấm điểm của phiên này đã được đóng.", field="item", remedy="Mở lại trang để xem kết quả và kết luận."
        )
    _close(session, item, meeting, list(absent), who, now)
    return meeting


def _close(
    session: Session, item: WorkItem, meeting: CouncilSession, absent: list[str], who: Actor, now: datetime
) -> None:
    check_day_has_come(meeting, vn_date(now))
    products = still_on_agenda(meeting)
    meeting.absent = absent_seats(meeting, absent, products)
    check_sheets_in(meeting, products)
    for product in products:
        sheets = subject_of(Scope.SHEET, product.id)
        cancel_open_items(session, sheets, "Phiên chấm đã đóng, thành viên vắng mặt.", who, now)
    meeting.status = SessionStatus.SCORED
    item.version += 1
    data = {"meeting": meeting.id, "absent": list(dict.fromkeys(absent))}
    audit.record(session, who, "council.scoring-closed", item.subject, now, data=data)
