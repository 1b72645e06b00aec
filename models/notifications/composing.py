"""Composing: the facts of a matter as a reader needs them today, put into the template of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.clock import vn_date
from models.notifications.invitations import invitation
from models.notifications.kinds import kind_of
from models.notifications.links import link_to
from models.notifications.matters import Matter, matter_of
from models.notifications.superseding import void_because
from models.notifications.templates import Message, render
from models.notifications.words import calendar_days_left, day_in_words, time_left
from models.process import step_definition
from models.tables import WorkItem
from models.work_items.authority import addressee
from models.work_items.terms import office_calendar

NOTHING: dict[str, Any] = dict.fromkeys(
    ("title", "product", "producer", "commune", "round", "dossier", "step", "due", "left", "rule", "waiting_for"), ""
) | {"item": None, "late": False, "rung": "", "lead": "", "todo": "", "text": "", "meeting": None, "certificate": None}
"""What every template may name, for matters that have none of it."""


@dataclass(frozen=True)
class Composed:
    """A message as it stands today with its link; `void`: why it need not be told any more (then that is its text)."""

    message: Message
    link: str
    void: str = ""


def compose(session: Session, payload: dict[str, Any], recipient: str, now: datetime) -> Composed:
    """The message of an outbox row for one recipient (a name), by the latest state."""
    today = vn_date(now)
    matter = matter_of(session, payload, today)
    link = link_to(session, matter)
    message = render(payload, facts_of(session, payload, matter, recipient, today) | {"link": link})
    void = void_because(session, payload, matter, today)
    if matter.meeting is not None and not void:
        calendar = invitation(session, matter.meeting, int(payload["sequence"]), link, now)
        message = Message(message.subject, message.text, message.html, calendar)
    return Composed(message, link, void)


def facts_of(session: Session, payload: dict[str, Any], matter: Matter, recipient: str, today: date) -> dict[str, Any]:
    """The facts that templates name, all as words; the payload's own facts under `facts`."""
    found = _facts(session, payload, matter, recipient, today)
    return found | {"rows": _rows(found)}


def _rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The facts as lines with their labels; empty ones are left out by the templates."""
    held, work = found["certificate"], found["item"] is not None
    ends = "Ngày họp" if found["meeting"] else "Hiệu lực đến" if held and not work else "Hạn"
    due = f"{found['due']} – {found['left']}" if found["due"] else ""
    return [
        ("Sản phẩm", found["product"]),
        ("Chủ thể", found["producer"]),
        ("Địa bàn", found["commune"]),
        ("Đợt", found["round"]),
        ("Hồ sơ", found["dossier"]),
        ("Bước", found["step"]),
        ("Chờ", found["waiting_for"]),
        ("Nơi họp", found["meeting"]["place"] if found["meeting"] else ""),
        ("Giấy chứng nhận", _paper_in_words(held, with_end=work) if held else ""),
        (ends, due),
        ("Căn cứ hạn", found["rule"]),
    ]


def _paper_in_words(held: dict[str, Any], *, with_end: bool) -> str:
    """The certificate on one line; its end where the line of the due date tells of the work and not of it."""
    end = f", hiệu lực đến {held['valid_until']}" if with_end else ""
    return f"{held['code']} ({held['stars']} sao, {held['decision']}{end})"


def _facts(session: Session, payload: dict[str, Any], matter: Matter, recipient: str, today: date) -> dict[str, Any]:
    kind = kind_of(payload)
    calendar = office_calendar(matter.office)
    return (
        NOTHING
        | {"recipient": recipient, "office": matter.office.name, "today": f"{today:%d/%m/%Y}", "what": payload["what"]}
        | {"lead": kind.lead, "todo": kind.todo, "text": str(payload.get("text", "")), "facts": payload}
        | {"instead_of": payload.get("instead_of", ""), "rung": payload.get("rung", "")}
        | _product_facts(matter)
        | (_item_facts(session, matter.item, calendar, today) if matter.item is not None else {})
        | _meeting_facts(matter, calendar, today)
        | _certificate_facts(matter, today)
    )


def item_title(item: WorkItem) -> str:
    """What an item is about in a few words: product and commune, or the round."""
    product = item.certificate.product if item.certificate is not None else None
    if item.attempt is not None:
        product = item.attempt.dossier.product
    if product is None:
        return item.round.title
    return f"{product.name} ({product.place.title})"


def _product_facts(matter: Matter) -> dict[str, Any]:
    found: dict[str, Any] = {"round": matter.round.title if matter.round is not None else ""}
    if matter.attempt is not None:
        found["dossier"] = f"{matter.attempt.dossier.code}, nộp lần {matter.attempt.number}"
    if matter.product is not None:
        found |= {
            "product": matter.product.name,
            "producer": matter.product.producer.name,
            "commune": matter.product.place.title,
        }
    found["title"] = f"{found['product']} ({found['commune']})" if matter.product is not None else found["round"]
    return found


def _item_facts(session: Session, item: WorkItem, calendar: OfficeCalendar, today: date) -> dict[str, Any]:
    definition = step_definition(item.kind)
    return {
        "item": item.id,
        "step": definition.label,
        "todo": definition.todo,
        "due": day_in_words(item.due_on),
        "left": time_left(calendar, item.due_on, today),
        "late": item.due_on < today,
        "rule": item.clock[0].rule if item.clock else "",
        "waiting_for": addressee(session, item),
    }


def _meeting_facts(matter: Matter, calendar: OfficeCalendar, today: date) -> dict[str, Any]:
    meeting = matter.meeting
    if meeting is None:
        return {}
    names = [(p.attempt.dossier.product.name, p.attempt.dossier.product.place.title) for p in meeting.products]
    return {
        "due": day_in_words(meeting.held_on),
        "left": time_left(calendar, meeting.held_on, today),
        "meeting": {"council": meeting.council.name, "place": meeting.place, "products": names},
    }


def _certificate_facts(matter: Matter, today: date) -> dict[str, Any]:
    certificate = matter.certificate
    if certificate is None:
        return {}
    held = {
        "code": certificate.code,
        "stars": certificate.stars,
        "decision": certificate.decision_number,
        "issued_on": f"{certificate.issued_on:%d/%m/%Y}",
        "valid_until": f"{certificate.valid_until:%d/%m/%Y}",
    }
    if matter.item is not None:  # the deadline is that of the work, which is not the certificate's end
        return {"certificate": held}
    end = {
        "due": day_in_words(certificate.valid_until),
        "left": calendar_days_left(certificate.valid_until, today),
        "late": certificate.valid_until < today,
    }
    return end | {"certificate": held}
