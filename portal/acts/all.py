"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import certificates, correcting, councils, inbox, items, people, registrations, rounds, settings
from portal.acts.base import Act

ACTS: list[Act] = [
    *items.ACTS,
    *councils.ACTS,
    *correcting.ACTS,
    *inbox.ACTS,
    *rounds.ACTS,
    *registrations.ACTS,
    *certificates.ACTS,
    *settings.ACTS,
    *people.ACTS,
]
