"""The cases of a certificate's life: renewal, inspection, revocation. Their items open and end together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.register import attempt_certificates_over
from models.clock import vn_date
from models.enums import ItemStatus
from models.process.kinds import StepKind
from models.signals import signal
from models.steps.advancing import open_step
from models.steps.whose import CASE_TABLES, CertificateCaseRow, of_certificate
from models.subjects import attempt_subject, item_key
from models.tables import Certificate, WorkItem
from models.work_items.closing import find_item
from models.work_items.locking import locked_open_items
from models.work_items.opening import cancel_item, cancel_open_items


def open_in_case(session: Session, row: CertificateCaseRow, kind: StepKind, now: datetime) -> WorkItem:
    """Open a step of the case, once, and start its run if there is none yet."""
    known = item_in_case(session, row, kind)
    if known is not None:
        return known
    item = open_step(session, kind, of_certificate(session, row), now)
    signal(session, row.subject, f"opened:{item.id}")
    return item


def item_in_case(session: Session, row: CertificateCaseRow, kind: StepKind) -> WorkItem | None:
    """The item of this step of the case, if it was ever opened."""
    return find_item(session, item_key(row.subject, kind, 1))


def lock_case(session: Session, row: CertificateCaseRow) -> None:
    """Lock what is open in the case, then the case, as closing an item does: nobody waits in a ring."""
    locked_open_items(session, row.subject)
    session.refresh(row, with_for_update=True)


def is_open(item: WorkItem | None) -> bool:
    """Whether somebody still has to close it."""
    return item is not None and item.status is ItemStatus.OPEN


def mark_ended(row: CertificateCaseRow, because: str, now: datetime) -> None:
    """Note that the case ended by the outcome of its last item, whose run ends by itself."""
    if row.closed_on is None:
        row.closed_on, row.closed_because = vn_date(now), because


def end_case(session: Session, row: CertificateCaseRow, because: str, who: Actor, now: datetime) -> None:
    """End a case that is under way: nobody has to do anything more, its run ends."""
    if row.closed_on is not None:
        return
    mark_ended(row, because, now)
    session.flush()
    cancel_open_items(session, row.subject, because, who, now)
    if session.scalar(select(WorkItem.id).where(WorkItem.subject == row.subject).limit(1)) is not None:
        signal(session, row.subject, "ended")


def end_all(
    session: Session,
    certificate: Certificate,
    because: str,
    who: Actor,
    now: datetime,
    *,
    but: CertificateCaseRow | None = None,
) -> None:
    """End all cases of a certificate that is over (lapsed, revoked, replaced), and its dossier's own inspection."""
    _end_dossier_inspection(session, certificate, because, who, now)
    for table in CASE_TABLES.values():
        query = select(table).where(table.certificate_id == certificate.id, table.closed_on.is_(None))
        for row in cast(Sequence[CertificateCaseRow], session.scalars(query.order_by(table.id)).all()):
            if row is not but:
                end_case(session, row, because, who, now)


def _end_dossier_inspection(
    session: Session, certificate: Certificate, because: str, who: Actor, now: datetime
) -> None:
    """Cancel the inspection that ends the dossier's run; the attempt stays recognised, its run ends.

    Not while the attempt has another certificate that counts.
    """
    if certificate.attempt_id is None or not attempt_certificates_over(session, certificate.attempt_id, vn_date(now)):
        return
    subject = attempt_subject(certificate.attempt_id)
    waiting = [item for item in locked_open_items(session, subject) if item.kind is StepKind.INSPECTION]
    for item in waiting:
        cancel_item(session, item, because, who, now)
        signal(session, subject, f"certificate-over:{certificate.id}")
