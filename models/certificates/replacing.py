"""Several certificates of one product: the later issued replaces the earlier, whichever was entered first."""

from __future__ import annotations

import itertools
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.certificates.cases import end_all
from models.certificates.register import standing
from models.tables import Certificate, Product


def settle_replacements(session: Session, product: Product, now: datetime) -> list[Certificate]:
    """Let each certificate be replaced by the next issued, unless it was over by that day; idempotent.

    Of several of one day that with more stars is the later [ours]. What waited for anybody about a replaced one ends.
    Gives those that were newly replaced, or by another one than before.
    """
    query = select(Certificate).where(Certificate.product_id == product.id)
    rows = session.scalars(query.order_by(Certificate.issued_on, Certificate.stars, Certificate.id)).all()
    changed = [earlier for earlier, later in itertools.pairwise(rows) if _replaced(session, earlier, later)]
    session.flush()
    codes = {certificate.id: certificate.code for certificate in rows}
    for earlier in changed:
        because = f"Được thay thế bởi giấy chứng nhận {codes[earlier.replaced_by_id or 0]}."
        end_all(session, earlier, because, SYSTEM, now)
    return changed


def _replaced(session: Session, earlier: Certificate, later: Certificate) -> bool:
    if earlier.replaced_by_id == later.id or standing(session, earlier, later.issued_on).state.is_over:
        return False
    earlier.replaced_on, earlier.replaced_by_id = later.issued_on, later.id
    return True
