"""What a notification is about: the rows that its payload names, and whether it still holds today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.enums import ItemStatus, OfficeKind, SessionStatus
from models.errors import FinalError
from models.offices.ending import in_force
from models.offices.owning import office_of
from models.tables import (
    Certificate,
    CouncilSession,
    CyclePlan,
    DossierAttempt,
    Office,
    Product,
    Round,
    WorkItem,
)


@dataclass(frozen=True)
class Matter:
    """The rows behind a payload; `office` is the coordination office, whose calendar and people count."""

    office: Office
    item: WorkItem | None = None
    attempt: DossierAttempt | None = None
    round: Round | None = None
    certificate: Certificate | None = None
    meeting: CouncilSession | None = None

    @property
    def product(self) -> Product | None:
        """The product concerned, when it is about one."""
        if self.certificate is not None:
            return self.certificate.product
        return self.attempt.dossier.product if self.attempt is not None else None


def matter_of(session: Session, payload: dict[str, Any], on: date) -> Matter:
    """The rows that the payload names; the office is the one in force on the day `on`.

    Raises:
        FinalError: there is no coordination office: nobody could be told of anything.
        sqlalchemy.exc.NoResultFound: a row that it names is not there.
    """
    if "item" in payload:
        item = session.get_one(WorkItem, payload["item"])
        office = _in_force(session, item.owner_office, on)
        return Matter(office, item=item, attempt=item.attempt, round=item.of_round, certificate=item.certificate)
    if "attempt" in payload:
        attempt = session.get_one(DossierAttempt, payload["attempt"])
        return Matter(_in_force(session, attempt.round.plan.office, on), attempt=attempt, round=attempt.round)
    if "round" in payload:
        round_ = session.get_one(Round, payload["round"])
        meeting = session.get_one(CouncilSession, payload["meeting"]) if "meeting" in payload else None
        return Matter(_in_force(session, round_.plan.office, on), round=round_, meeting=meeting)
    if "certificate" in payload:
        return _of_certificate(session, session.get_one(Certificate, payload["certificate"]), on)
    return Matter(_of_the_office(session, payload, on))


def _of_the_office(session: Session, payload: dict[str, Any], on: date) -> Office:
    if "plan" in payload:
        return _in_force(session, session.get_one(CyclePlan, payload["plan"]).office, on)
    if "office" in payload:
        return _in_force(session, session.get_one(Office, payload["office"]), on)
    return coordination_office(session, on)


def coordination_office(session: Session, on: date) -> Office:
    """The coordination office with the latest plan, else the first one; where that has ended, its successor.

    Raises:
        FinalError: none is set up.
    """
    planned = select(Office).join(CyclePlan, CyclePlan.office_id == Office.id).order_by(CyclePlan.year.desc())
    every = select(Office).where(Office.kind == OfficeKind.COORDINATION).order_by(Office.id)
    offices = [*session.scalars(planned.order_by(Office.id)), *session.scalars(every)]
    if not offices:
        raise FinalError(
            "Chưa khai báo văn phòng điều phối.", field="offices", remedy="Nhập danh mục: ocop office import."
        )
    heirs = (in_force(session, office, on) for office in offices)
    return next((heir for heir in heirs if heir is not None), offices[0])


def _in_force(session: Session, office: Office, on: date) -> Office:
    return in_force(session, office, on) or office


def _of_certificate(session: Session, certificate: Certificate, on: date) -> Matter:
    # The dossier's office follows the units (decision 0005); a certificate of before the software has no dossier.
    attempt = session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id is not None else None
    office = office_of(session, certificate.product)
    if attempt is not None and attempt.dossier.office.kind is OfficeKind.COORDINATION:
        office = attempt.dossier.office
    return Matter(_in_force(session, office, on), certificate=certificate)


def no_longer_true(payload: dict[str, Any], matter: Matter, today: date) -> str:
    """Why it need not be told any more, in words; empty while it holds."""
    if matter.item is not None and payload["what"] in {"rung", "step-opened"}:
        return _item_moved_on(payload, matter.item)
    if matter.meeting is not None:
        return _meeting_moved_on(payload, matter.meeting, today)
    if matter.certificate is not None and "milestone" in payload:
        return _certificate_over(matter.certificate)
    return ""


def _item_moved_on(payload: dict[str, Any], item: WorkItem) -> str:
    if item.status is not ItemStatus.OPEN:
        on = f" ngày {vn_date(item.closed_at):%d/%m/%Y}" if item.closed_at else ""
        return f"Việc {item.status.label[0].lower()}{item.status.label[1:]}{on}."
    if "rung" not in payload:
        return ""
    if item.due_on.isoformat() != payload["due_on"]:
        return f"Hạn đã đổi sang ngày {item.due_on:%d/%m/%Y}."
    if item.suspended_on is not None:
        return f"Hạn tạm dừng từ ngày {item.suspended_on:%d/%m/%Y}."
    return ""


def _meeting_moved_on(payload: dict[str, Any], meeting: CouncilSession, today: date) -> str:
    if (meeting.held_on.isoformat(), meeting.place) != (payload["held_on"], payload["place"]):
        return "Phiên họp đã đổi ngày hoặc nơi; có giấy mời mới."
    if meeting.status is SessionStatus.CONCLUDED or meeting.held_on < today:
        return f"Phiên họp ngày {meeting.held_on:%d/%m/%Y} đã diễn ra."
    return ""


def _certificate_over(certificate: Certificate) -> str:
    if certificate.revoked_on is not None:
        return f"Giấy chứng nhận đã bị thu hồi ngày {certificate.revoked_on:%d/%m/%Y}."
    if certificate.replaced_on is not None:
        return f"Giấy chứng nhận đã được thay bằng giấy mới ngày {certificate.replaced_on:%d/%m/%Y}."
    return ""
