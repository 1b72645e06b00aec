"""Who brings the signed original of which paper: whoever issues it, and the office that keeps the papers [ours]."""

from __future__ import annotations

from models.documents.kinds import By, Kind
from models.enums import Role

KEEPERS: dict[By, tuple[Role, ...]] = {
    By.OFFICE: (Role.COORDINATOR, Role.LEADER),
    By.AUTHORITY: (Role.LEADER, Role.COORDINATOR),
    By.COMMUNE: (Role.COMMUNE_OFFICER, Role.LEADER, Role.COORDINATOR),
    By.COUNCIL: (Role.COUNCIL_SECRETARY, Role.COORDINATOR, Role.LEADER),
    By.ADVISORY: (Role.ADVISORY_MEMBER, Role.COORDINATOR),
    By.NOBODY: (Role.PRODUCER, Role.COORDINATOR, Role.COMMUNE_OFFICER, Role.COUNCIL_MEMBER),
}

ALL = tuple(dict.fromkeys(role for roles in KEEPERS.values() for role in roles))
"""Every role that keeps some paper."""


def keepers_of(kind: Kind) -> tuple[Role, ...]:
    """The roles that may add the signed original of a paper of this kind, the nearest first."""
    return KEEPERS[kind.by]
