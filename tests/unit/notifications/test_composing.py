"""The words: every kind rendered for its cases, complete, in Vietnamese, harmless whatever a name holds."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.certificates.issuing import register_old
from models.certificates.sweeping import sweep
from models.clock import vn_date
from models.enums import ItemStatus, Level, Rung
from models.notifications.composing import Composed, compose
from models.notifications.kinds import load_kinds
from models.notifications.links import note_server_port
from models.notifications.templates import template_of
from models.notifications.words import calendar_days_left, day_in_words, shortened, time_left
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Certificate, WorkItem
from models.work_items import extend, suspend
from models.work_items.ladder import climb
from tests.factories import CAKE, CALLED, CHECKED, accepted, at, coordinator, opened, producer_of, session_with
from tests.unit.notifications.conftest import Configure

NASTY = "<b>&{{ 7*7 }}{% raw %}"
ACCENTED = re.compile(r"[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệóòỏõọốồổỗộớờởỡợúùủũụứừửữựíìỉĩịýỳỷỹỵ]", re.I)
LEFT_EMPTY = re.compile(r"\{\{|\{%|None|Undefined|^- [^:]*: *$|\(\)|«»", re.M)


class _Checker(HTMLParser):
    """Every tag that is opened is closed, in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def check(found: Composed) -> None:
    """Complete in all three forms."""
    message = found.message
    parser = _Checker()
    parser.feed(message.html)
    assert not parser.open
    for text in (message.subject, message.text, parser.text):
        assert ACCENTED.search(text)
        assert not LEFT_EMPTY.search(text.replace(NASTY, "tên")), text
    assert "\n" not in message.subject
    assert found.link in message.text
    assert found.link in message.html


def late_item(session: Session) -> WorkItem:
    """Due on 23/07/2024."""
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)


def rung_of(item: WorkItem, rung: str) -> dict[str, Any]:
    return {"what": "rung", "item": item.id, "rung": rung, "due_on": item.due_on.isoformat()}


def certificate(session: Session, issued_on: date = date(2022, 7, 15)) -> Certificate:
    return register_old(
        session,
        product_by_name(session, CAKE),
        stars=3,
        decision_number="2101/QĐ-UBND",
        issued_on=issued_on,
        level=Level.PROVINCE,
    )


@pytest.mark.parametrize("rung", list(Rung))
@pytest.mark.parametrize("day", ["2024-07-18", "2024-07-23", "2024-07-27", "2024-08-02"])
def test_reminder_names_product_step_due_date_days_and_what_to_do(
    session: Session, configured: Configure, rung: Rung, day: str
) -> None:
    item = late_item(session)

    found = compose(session, rung_of(item, rung.value), "Lê Thị Mai", at(day))

    check(found)
    over = rung is Rung.DUE_SOON and vn_date(at(day)) > item.due_on
    assert found.void == ("Việc đã quá hạn, có thông báo mới hơn." if over else "")
    for fact in (CAKE, "xã Thọ Diên", "Đánh giá cấp xã", "thứ Ba 23/07/2024", "Việc cần làm: ", "Kính gửi Lê Thị Mai"):
        assert fact in found.message.text
    assert CAKE in found.message.subject


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-07-18", "còn 3 ngày làm việc"),
        ("2024-07-23", "hết hạn hôm nay"),
        ("2024-07-24", "quá hạn 1 ngày làm việc"),
        ("2024-07-29", "quá hạn 4 ngày làm việc"),
    ],
)
def test_days_are_those_of_the_moment_of_sending(session: Session, configured: Configure, day: str, words: str) -> None:
    item = late_item(session)

    found = compose(session, rung_of(item, "overdue"), "Lê Thị Mai", at(day))

    assert words in found.message.subject.lower()
    assert words in found.message.html


def test_days_left_skip_days_off() -> None:
    calendar = OfficeCalendar()

    assert time_left(calendar, date(2024, 7, 22), date(2024, 7, 19)) == "còn 1 ngày làm việc"
    assert (
        time_left(calendar, date(2024, 7, 21), date(2024, 7, 20))
        == "hạn rơi vào ngày nghỉ, không còn ngày làm việc nào"
    )
    assert time_left(calendar, date(2024, 7, 19), date(2024, 7, 21)) == "đã qua hạn, chưa sang ngày làm việc mới"
    assert calendar_days_left(date(2024, 7, 19), date(2024, 7, 21)) == "đã hết 2 ngày (ngày lịch)"


@pytest.mark.parametrize("kind", [k for k, v in load_kinds().kinds.items() if v.template == "certificate"])
def test_every_milestone_of_a_certificate_has_its_words(session: Session, configured: Configure, kind: str) -> None:
    held = certificate(session)

    found = compose(session, {"what": kind, "certificate": held.id}, "Chủ cơ sở", at("2025-06-10"))

    check(found)
    assert load_kinds().kinds[kind].lead in found.message.text
    assert "hiệu lực đến thứ Ba 15/07/2025" in found.message.text
    assert held.code in found.message.html


def filing_item(session: Session) -> WorkItem:
    """The producer has to file the renewal of a certificate that ends on 15/07/2027, weeks before its end."""
    held = certificate(session, date(2024, 7, 15))
    sweep(session, at("2027-02-01"))
    found = select(WorkItem).where(WorkItem.certificate_id == held.id, WorkItem.kind == StepKind.RENEWAL_FILING)
    item = session.scalars(found).one()
    assert item.due_on != held.valid_until
    return item


@pytest.mark.parametrize("what", ["step-opened", *Rung])
def test_work_on_a_certificate_has_its_own_deadline_not_the_end_of_the_certificate(
    session: Session, configured: Configure, what: str
) -> None:
    item = filing_item(session)
    day = item.due_on - timedelta(days=1) if what in {"step-opened", Rung.DUE_SOON} else item.due_on + timedelta(days=9)
    payload = rung_of(item, what) if what in set(Rung) else {"what": what, "item": item.id}

    found = compose(session, payload, "Chủ cơ sở", at(day.isoformat()))

    check(found)
    left = time_left(OfficeCalendar(), item.due_on, day)
    due = f"{day_in_words(item.due_on)} – {left}"
    lines = [line for line in found.message.text.splitlines() if line.startswith(("- Hạn: ", "- Hiệu lực"))]
    assert lines == [f"- Hạn: {due}"]
    assert "(3 sao, 2101/QĐ-UBND, hiệu lực đến 15/07/2027)" in found.message.text
    assert due in found.message.html
    told = f"hạn {day_in_words(item.due_on)}" if what == "step-opened" else left
    assert told.lower() in found.message.subject.lower()


def test_new_work_is_announced(session: Session, configured: Configure) -> None:
    item = late_item(session)

    found = compose(session, {"what": "step-opened", "item": item.id}, "Lê Thị Mai", CHECKED)

    check(found)
    assert found.message.subject == f"Việc mới: Đánh giá cấp xã – {CAKE} (xã Thọ Diên), hạn thứ Ba 23/07/2024"


def test_kind_without_template_is_told_in_its_own_text(session: Session, configured: Configure) -> None:
    attempt = accepted(session)
    text = "Hồ sơ được chuyển sang đợt 3. Lý do: chưa xong tư vấn."

    found = compose(session, {"what": "dossier-carried", "attempt": attempt.id, "text": text}, "A", CHECKED)

    check(found)
    assert found.message.subject == f"Hồ sơ được chuyển sang đợt 3 – {CAKE}"
    assert text in found.message.text


def test_template_is_that_of_the_kind_or_of_its_name_or_the_general_one() -> None:
    assert template_of({"what": "window-open"}) == "certificate"
    assert template_of({"what": "rung"}) == "rung"
    assert template_of({"what": "run-failed"}) == "general"
    assert template_of({"what": "../../etc/passwd"}) == "general"


@pytest.mark.parametrize("payload", ["rung", "step-opened", "council-convened"])
def test_name_with_markup_and_template_signs_is_harmless(session: Session, configured: Configure, payload: str) -> None:
    meeting = session_with(session)
    attempt = meeting.products[0].attempt
    attempt.dossier.product.name = NASTY
    item = opened(session, attempt, StepKind.COUNCIL_EVALUATION, CALLED)
    payloads: dict[str, dict[str, Any]] = {
        "rung": rung_of(item, "overdue"),
        "step-opened": {"what": payload, "item": item.id},
        "council-convened": {
            "what": payload,
            "round": meeting.round_id,
            "meeting": meeting.id,
            "sequence": 0,
            "held_on": meeting.held_on.isoformat(),
            "place": meeting.place,
        },
    }

    found = compose(session, payloads[payload], "Lê <i>Mai</i>\r\nBcc: x@y", CALLED)

    check(found)
    assert NASTY in found.message.text
    assert "&lt;b&gt;&amp;{{ 7*7 }}{% raw %}" in found.message.html
    assert "<b>" not in found.message.html
    assert "<i>" not in found.message.html
    assert "\r" not in found.message.subject


def test_link_leads_to_the_server_that_runs_over_the_data(session: Session, configured: Configure) -> None:
    payload = rung_of(late_item(session), "overdue")
    for port in (40123, 40124):
        note_server_port(session, port)

    assert compose(session, payload, "A", CHECKED).link == "http://127.0.0.1:40124/runs"
    configured(portal_url="https://ocop.thoxuan.gov.vn/")
    assert compose(session, payload, "A", CHECKED).link.startswith("https://ocop.thoxuan.gov.vn/")


def test_link_leads_to_the_portal_once_there_is_one(session: Session, configured: Configure) -> None:
    item = late_item(session)
    payload = rung_of(item, "overdue")
    assert compose(session, payload, "A", CHECKED).link == "http://127.0.0.1:4200/runs"

    configured(portal_url="https://ocop.thoxuan.gov.vn/")

    assert compose(session, payload, "A", CHECKED).link == f"https://ocop.thoxuan.gov.vn/items/{item.id}"


def test_reminder_of_closed_work_is_void(session: Session, configured: Configure) -> None:
    item = late_item(session)
    payload = rung_of(item, "overdue")
    item.status, item.closed_at = ItemStatus.DONE, at("2024-07-24")

    assert compose(session, payload, "A", at("2024-07-25")).void == "Việc đã xong ngày 24/07/2024."


def test_reminder_of_an_extended_or_suspended_term_is_void(session: Session, configured: Configure) -> None:
    item = late_item(session)
    payload = rung_of(item, "due_soon")
    office = item.round.plan.office

    suspend(session, item.id, "Chờ giấy", coordinator(session), at("2024-07-19"))
    assert compose(session, payload, "A", at("2024-07-20")).void == "Hạn tạm dừng từ ngày 19/07/2024."
    item.suspended_on = None
    extend(session, item.id, 2, "Xã bận", coordinator(session), at("2024-07-22"), office=office)
    assert compose(session, payload, "A", at("2024-07-22")).void.startswith("Hạn đã đổi sang ngày ")


def test_rung_on_its_way_is_void_once_a_higher_one_told_the_same_people(
    session: Session, configured: Configure
) -> None:
    item = filing_item(session)
    producer_of(session, product_by_name(session, CAKE))
    payload = rung_of(item, "overdue")
    assert compose(session, payload, "A", at("2027-03-22")).void == ""

    list(climb(session, at("2027-03-22"), date(2027, 3, 22)))  # the head: a producer has nobody above

    assert compose(session, payload, "A", at("2027-03-22")).void == "Đã có thông báo mới hơn: báo thủ trưởng đơn vị."


def test_rung_on_its_way_still_holds_when_the_higher_ones_told_others(session: Session, configured: Configure) -> None:
    item = late_item(session)
    list(climb(session, at("2024-08-05"), date(2024, 8, 5)))

    assert compose(session, rung_of(item, "overdue"), "A", at("2024-08-05")).void == ""


def test_milestone_of_a_revoked_certificate_is_void(session: Session, configured: Configure) -> None:
    held = certificate(session)
    payload = {"what": "window-open", "certificate": held.id, "milestone": "window_open"}
    assert compose(session, payload, "A", at("2025-06-10")).void == ""

    held.revoked_on = date(2025, 6, 1)

    assert compose(session, payload, "A", at("2025-06-10")).void == "Giấy chứng nhận đã bị thu hồi ngày 01/06/2025."


def test_long_subject_is_cut_at_a_word() -> None:
    assert shortened("một  hai\nba bốn", 11) == "một hai ba…"
    assert shortened("một hai", 20) == "một hai"
