"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import correcting, councils, inbox, items, papers, registrations, rounds, workbooks
from portal.acts.base import Act

ACTS: list[Act] = [
    *items.ACTS,
    *councils.ACTS,
    *correcting.ACTS,
    *inbox.ACTS,
    *rounds.ACTS,
    *registrations.ACTS,
    *papers.ACTS,
    *workbooks.ACTS,
]
