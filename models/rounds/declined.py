"""Products that a round expects for their re-evaluation and whose producers will not have them evaluated again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.process.kinds import StepKind
from models.subjects import item_key
from models.tables import RenewalCandidate
from models.work_items.closing import find_item

DECLINED = "Không đánh giá lại"


def declined_in(session: Session, round_id: int) -> frozenset[int]:
    """The ids of the products of a round whose producers said no; nobody waits for their dossiers."""
    rows = session.scalars(select(RenewalCandidate).where(RenewalCandidate.round_id == round_id))
    return frozenset(row.certificate.product_id for row in rows if _said_no(session, row))


def _said_no(session: Session, row: RenewalCandidate) -> bool:
    item = find_item(session, item_key(row.subject, StepKind.RENEWAL_FILING, 1))
    return item is not None and item.outcome is not None and item.outcome.code == "not_renewing"
