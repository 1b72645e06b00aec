"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import items, registrations
from portal.acts.base import Act

ACTS: list[Act] = [*items.ACTS, *registrations.ACTS]
