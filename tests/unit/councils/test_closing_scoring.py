"""Closing the scoring before the conclusion, and keeping a council."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.councils.keeping import NewSeat, change_rules, set_up_anew
from models.councils.scoring_rows import own_rules
from models.enums import CouncilRole, ItemStatus, Role, SessionStatus
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.process.kinds import StepKind
from models.steps.council_scoring import close_scoring
from models.subjects import item_key, round_subject
from models.tables import AuditEntry, Council, CouncilSession, WorkItem
from models.work_items import complete, find_item
from tests.factories import (
    CONCLUDED,
    HELD,
    MEMBERS,
    SECOND_SCORING,
    close_meeting,
    concluded,
    council,
    hand_in,
    score,
    session_with,
    sheet_item,
    sheet_of,
    sign,
    someone,
)


def secretary(session: Session) -> Actor:
    return someone(session, "thu-ky", Role.COUNCIL_SECRETARY, HELD)


def meeting_item(session: Session, meeting: CouncilSession) -> WorkItem:
    item = find_item(session, item_key(round_subject(meeting.round_id), StepKind.COUNCIL_SESSION, 1))
    assert item is not None
    return item


def shut(session: Session, meeting: CouncilSession, *absent: str) -> None:
    close_scoring(session, meeting_item(session, meeting).id, absent, secretary(session), HELD)


def test_scoring_closed_takes_no_sheet_and_is_on_the_trail(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60, members=MEMBERS[:6])

    shut(session, meeting, "hd-vp")

    assert meeting.status is SessionStatus.SCORED
    assert sheet_item(session, meeting.products[0], "hd-vp").status is ItemStatus.CANCELLED
    with pytest.raises(WrongMomentError):
        hand_in(session, meeting.products[0], "hd-vp", sheet_of(60))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "council.scoring-closed")).one()
    assert entry.data == {"meeting": meeting.id, "absent": ["hd-vp"]}


def test_scoring_is_closed_once_and_by_the_secretary(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    item = meeting_item(session, meeting)
    with pytest.raises(NotAllowedError):
        close_scoring(session, item.id, [], someone(session, "hd-pho", Role.COUNCIL_MEMBER, HELD), HELD)

    shut(session, meeting)

    with pytest.raises(ConflictError, match="đã được đóng"):
        shut(session, meeting)


def test_conclusion_follows_the_closed_scoring(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    shut(session, meeting)

    close_meeting(session, meeting)

    assert meeting.status is SessionStatus.CONCLUDED


def test_second_scoring_takes_sheets_again(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [60] * 6 + [75])
    shut(session, meeting)

    close_meeting(session, meeting, **SECOND_SCORING)
    score(session, product, 60, scoring=2)

    assert (meeting.status, len(product.sheets)) == (SessionStatus.CALLED, 14)


def test_rules_change_after_the_decision_and_are_on_the_trail(session: Session) -> None:
    meeting = concluded(session, 60)
    with pytest.raises(WrongMomentError, match="chưa ra quyết định"):
        change_rules(session, council(session), {"quorum": "0.8"}, secretary(session), HELD)
    sign(session, meeting)

    change_rules(session, council(session), {"quorum": "0.8"}, secretary(session), HELD)

    assert own_rules(council(session).rules).quorum == own_rules({"quorum": "0.8"}).quorum
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "council.rules-changed")).one()
    assert entry.data["after"] == {"quorum": "0.8"}


def test_rule_out_of_its_bounds_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="quorum"):
        change_rules(session, council(session), {"quorum": "1.5"}, secretary(session), HELD)


def test_rules_of_a_council_are_its_own_peoples(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="không do anh/chị quản lý"):
        change_rules(session, council(session), {}, someone(session, "hd-pho", Role.COUNCIL_MEMBER, HELD), HELD)


def composed(session: Session, members: tuple[str, ...] = MEMBERS, **changed: Any) -> Council:
    seats = [NewSeat(code, CouncilRole.MEMBER if row else CouncilRole.CHAIR, "") for row, code in enumerate(members)]
    facts: dict[str, Any] = {
        "decision_number": "12/QĐ-UBND",
        "decided_on": HELD.date(),
        "secretary": "thu-ky",
        "seats": seats,
    }
    return set_up_anew(session, council(session), who=secretary(session), now=HELD, **(facts | changed))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ((*MEMBERS, "thu-ky"), "không giữ vai trò"),
        ((*MEMBERS, "hd-pho"), "có hai ghế"),
        ((), "đúng một chủ tịch"),
    ],
    ids=["secretary as member", "one person twice", "nobody"],
)
def test_faulty_composition_is_refused(session: Session, members: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        composed(session, members)


def test_decision_that_is_not_later_is_refused(session: Session) -> None:
    with pytest.raises(InputError, match="decided_on: không sau quyết định đang hiệu lực"):
        composed(session, decided_on=council(session).decided_on)


def test_new_composition_keeps_the_rules(session: Session) -> None:
    before = dict(council(session).rules)

    new = composed(session, MEMBERS[1:])

    assert (new.rules, [seat.person.code for seat in new.members]) == (before, list(MEMBERS[1:]))


def test_scoring_is_not_closed_before_the_day_of_the_meeting(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    day_before = HELD - timedelta(days=1)

    with pytest.raises(WrongMomentError, match="triệu tập ngày 12/09/2024, chưa tới ngày họp"):
        close_scoring(session, meeting_item(session, meeting).id, [], secretary(session), day_before)
    with pytest.raises(WrongMomentError, match="chưa tới ngày họp"):
        complete(session, meeting_item(session, meeting).id, CONCLUDED, secretary(session), day_before)

    assert meeting.status is SessionStatus.CALLED
