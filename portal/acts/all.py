"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import account, accounts, claims, councils, items, many_items
from portal.acts.base import Act

ACTS: list[Act] = [
    *items.ACTS,
    *councils.ACTS,
    *claims.ACTS,
    *many_items.ACTS,
    *account.ACTS,
    *accounts.ACTS,
]
