"""The portal over a database with every kind of case, and somebody of each role: what a walk over all routes needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.access.items import items_visible
from models.database import transaction
from models.enums import Role, TokenScope
from models.offices.setup import give_role
from models.tables import (
    ApiToken,
    Base,
    Capacity,
    Certificate,
    Dossier,
    Office,
    Person,
    PortalSession,
    Producer,
    Round,
    WorkItem,
)
from portal.access import PEOPLE, RouteAccess, access_table
from portal.app import create_app
from tests.portal_client import real_now, sign_in, token_for

ROLES = sorted(PEOPLE)
MADE_OF = re.compile(r"\{(\w+)(?::\w+)?\}")


@cache
def application() -> FastAPI:
    return create_app()


def routes() -> list[RouteAccess]:
    """Every route but the static files, whichever page it belongs to."""
    return [line for line in access_table(application()) if "…" not in line.path]


@dataclass
class Everybody:
    """One portal with somebody of each role in it: their cookies, and tokens that allow everything they may have."""

    client: TestClient
    url: str
    people: dict[Role, str] = field(default_factory=dict)
    cookies: dict[Role, str] = field(default_factory=dict)
    tokens: dict[Role, dict[str, str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Find or make somebody of each role, and sign all of them in."""
        for role in ROLES:
            with transaction(self.url) as session:
                self.people[role] = holder(session, role)
            sign_in(self.client, self.url, self.people[role], real_now())
            self.cookies[role] = self.client.cookies["ocop_session"]
            scopes = [s for s in TokenScope if s is not TokenScope.ADMIN or role is Role.ADMINISTRATOR]
            self.tokens[role] = token_for(self.url, self.people[role], real_now(), *scopes)
        self.client.cookies.clear()

    def ask(self, line: RouteAccess, path: str, role: Role | None) -> Any:
        """The route asked for by somebody of this role, or by nobody; a form comes without its token."""
        headers = {}
        if role is not None and path.startswith("/api/"):
            headers = self.tokens[role]
        elif role is not None:
            headers = {"Cookie": f"ocop_session={self.cookies[role]}"}
        self.client.cookies.clear()
        return self.client.request(line.method, path, headers=headers, follow_redirects=False)


def holder(session: Session, role: Role) -> str:
    """Somebody who is this and nothing else; made where there is nobody."""
    others = select(Capacity.person_id).where(Capacity.role != role)
    query = select(Person).join(Capacity).where(Capacity.role == role, Person.id.not_in(others), Person.active)
    person = session.scalars(query.order_by(Person.id)).first()
    if person is None:
        person = Person(code=f"nguoi-{role}", name=f"Người {role.label}")
        session.add(person)
        unit: dict[str, Any] = {"producer_id": session.scalar(select(Producer.id))} if role is Role.PRODUCER else {}
        if role not in {Role.PRODUCER, Role.ADMINISTRATOR, Role.AUDITOR}:
            unit = {"office": session.scalars(select(Office).order_by(Office.id)).first()}
        give_role(session, person, role, date(2020, 1, 1), **unit)
    return person.code


def ids_for(session: Session, path: str, role: Role | None = None) -> str:
    """The path with ids that exist; of items one that this role sees, where there is one."""
    return MADE_OF.sub(lambda found: str(_id(session, path, found.group(1), role)), path)


def _id(session: Session, path: str, name: str, role: Role | None) -> Any:
    if name == "item_id":
        return _item(session, role)
    if name == "token_id":
        return session.scalar(select(func.max(ApiToken.id)))
    if name == "session_id" and path.removeprefix("/api/v1").startswith("/account"):
        return session.scalar(select(func.max(PortalSession.id)))
    by_code = {"rounds": Round, "dossiers": Dossier, "certificates": Certificate, "people": Person}
    before = path.partition("{" + name)[0].rstrip("/").rpartition("/")[2]
    if before in by_code and hasattr(by_code[before], "code"):
        return session.scalar(select(by_code[before].code).limit(1))  # type: ignore[attr-defined]
    table = Base.metadata.tables.get(f"{name.removesuffix('_id')}s")
    return session.scalar(select(func.min(table.c.id))) if table is not None else 1


_ITEMS: dict[Role | None, int] = {}


def _item(session: Session, role: Role | None) -> int:
    # Asked once a role: the database that is walked through does not change.
    if role not in _ITEMS:
        _ITEMS[role] = _find_item(session, role)
    return _ITEMS[role]


def _find_item(session: Session, role: Role | None) -> int:
    if role is not None:
        held = session.scalars(select(Capacity).where(Capacity.role == role)).all()
        found = session.scalar(select(WorkItem.id).where(items_visible(session, held)).limit(1))
        if found is not None:
            return found
    return session.scalars(select(WorkItem.id).limit(1)).one()
