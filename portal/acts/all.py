"""Every act of the portal: pages and API are made of this list."""

from __future__ import annotations

from portal.acts import certificates, items, people, settings
from portal.acts.base import Act

ACTS: list[Act] = [*items.ACTS, *certificates.ACTS, *settings.ACTS, *people.ACTS]
