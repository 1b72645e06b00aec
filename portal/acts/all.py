"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import (
    account,
    accounts,
    certificates,
    claims,
    correcting,
    councils,
    inbox,
    items,
    many_items,
    papers,
    people,
    registrations,
    rounds,
    settings,
    workbooks,
)
from portal.acts.base import Act

ACTS: list[Act] = [
    *items.ACTS,
    *claims.ACTS,
    *many_items.ACTS,
    *councils.ACTS,
    *correcting.ACTS,
    *inbox.ACTS,
    *rounds.ACTS,
    *registrations.ACTS,
    *papers.ACTS,
    *workbooks.ACTS,
    *certificates.ACTS,
    *settings.ACTS,
    *people.ACTS,
    *account.ACTS,
    *accounts.ACTS,
]
