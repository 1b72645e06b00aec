"""The audit trail, for auditors: who did what, when, in which capacity, and why."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from models.audit_list import AuditFilter, AuditPage, audit_page
from models.audit_words import ACT_WORDS
from models.enums import Role
from models.offices.people import person_of_code
from portal import asked
from portal.access import of
from portal.desk import Desk
from portal.menu import KEEPING, MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
AUDITORS = of(Role.AUDITOR)
ASKED = ("person", "subject", "act", "since", "until")
MENU.append(Link("Nhật ký", "/audit", AUDITORS, order=88, group=KEEPING))


def lines_of(desk: Desk, asked_for: Mapping[str, str], before: str, size: int = 50) -> AuditPage:
    """The lines that the address asks for.

    Raises:
        InputError: a day or number that is none.
        NotFoundError: no such person.
    """
    typed = {name: asked_for.get(name, "").strip() for name in ASKED}
    wanted = AuditFilter(
        person_id=person_of_code(desk.session, typed["person"]).id if typed["person"] else None,
        subject=typed["subject"] or None,
        act=typed["act"] or None,
        since=asked.day(typed["since"], "since"),
        until=asked.day(typed["until"], "until"),
    )
    return audit_page(desk.session, wanted, asked.number(before, "before"), size)


@page(router, "/audit", AUDITORS)
def show(
    view: View,
    person: str = "",
    subject: str = "",
    act: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
) -> Response:
    """The latest acts first."""
    asked_for = {"person": person, "subject": subject, "act": act, "since": since, "until": until}
    found = lines_of(view.desk, asked_for, before)
    acts = sorted(ACT_WORDS.items(), key=lambda one: one[1])
    return view.page(
        "audit/list.html.j2", title="Nhật ký kiểm toán", found=found, asked=asked_for, acts=acts, later=before
    )
