"""Who brings the signed original of which paper: whoever issues it, and the office that keeps the papers [ours]."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.acting import one_of
from models.actors import Actor, Held
from models.documents.kinds import By, Kind
from models.documents.seeing import VisiblePaper, sees_draft
from models.enums import Role
from models.errors import NotAllowedError
from models.tables import Person

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


def keepers(session: Session, held: Iterable[Held], paper: VisiblePaper) -> list[Held]:
    """In which of these capacities somebody may add a signed original of the paper: it is theirs to work on."""
    roles = keepers_of(paper.kind)
    able = [one for one in held if one.capacity.role in roles and sees_draft(session, one.capacity, paper)]
    return sorted(able, key=lambda one: roles.index(one.capacity.role))


def keeper(session: Session, person: Person, held: Iterable[Held], paper: VisiblePaper) -> Actor:
    """The person in the nearest of these capacities.

    Raises:
        NotAllowedError: there is none.
    """
    able = keepers(session, held, paper)
    if not able:
        roles = ", ".join(role.label for role in keepers_of(paper.kind))
        raise NotAllowedError(
            f"{person.name} không được ký hay nộp bản ký của «{paper.kind.label}».",
            field="actor",
            remedy=f"Nhờ người có vai trò: {roles}, của đúng đơn vị.",
        )
    nearest = able[0].capacity.role
    return one_of(person, [one for one in able if one.capacity.role is nearest]).actor
