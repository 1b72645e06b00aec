"""Products that a round expects for their re-evaluation and whose producers will not have them evaluated again."""

from __future__ import annotations

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session, aliased

from models.enums import ItemStatus
from models.process.kinds import Scope, StepKind
from models.tables import Certificate, Outcome, RenewalCandidate, WorkItem

DECLINED = "Không đánh giá lại"


def declined_in(session: Session, round_id: int) -> frozenset[int]:
    """The ids of the products of a round whose producers said no; nobody waits for their dossiers."""
    corrected = aliased(Outcome)
    later = select(corrected.id).where(corrected.item_id == Outcome.item_id, corrected.version > Outcome.version)
    query = (
        select(Certificate.product_id)
        .join(RenewalCandidate, RenewalCandidate.certificate_id == Certificate.id)
        .join(WorkItem, WorkItem.certificate_id == Certificate.id)
        .join(Outcome, Outcome.item_id == WorkItem.id)
        .where(
            RenewalCandidate.round_id == round_id,
            WorkItem.subject == literal(f"{Scope.RENEWAL}:") + cast(RenewalCandidate.id, String),
            WorkItem.kind == StepKind.RENEWAL_FILING,
            WorkItem.status == ItemStatus.DONE,
            Outcome.code == "not_renewing",
            ~later.exists(),
        )
    )
    return frozenset(session.scalars(query))
