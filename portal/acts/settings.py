"""What offices set for themselves (terms, reminders, papers, days off), and the channels of people and units."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy import select

from models.actors import Actor
from models.calendar.office_days import OfficeDay, OfficeDays
from models.dossiers.checklist import OWN, SETTING, OwnEntry, set_checklist
from models.enums import Labelled, Role, Rung, Takes
from models.errors import InputError, Problem
from models.notifications.channels import owner_by_code, owner_name
from models.notifications.keeping import channel_by_id, check_may_keep, give_channel, owner_of, take_channel, try_out
from models.offices.own_settings import (
    ItemChange,
    TermLine,
    calendar_changes,
    check_may_set,
    may_set,
    office_by_code,
    own_days,
    rungs_changes,
    set_calendar,
    set_rungs,
    set_terms,
    terms_of,
)
from models.regimes import EvidenceKind, TermKey
from models.tables import Office, Person
from models.work_items.rungs import MOST_DAYS, rungs_of
from models.work_items.terms import OwnTerm
from portal.access import of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import first_that, passes
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options

KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
OFFICE: Mapping[str, type] = {"office": str}
CHANNEL: Mapping[str, type] = {"channel_id": int}
TAG, CHANNELS = "Cài đặt", "Kênh thông báo"
MOST_TOLD = 12
COMPACT = "settings/form.html.j2"
SEEN = "Đã xem những việc sẽ đổi"
SEEN_HINT = "Chỉ cần chọn «Có» khi danh sách việc sẽ đổi đã hiện ra."


class TermUnit(Labelled):
    """In which days a term is counted."""

    WORKING = "working", "Ngày làm việc"
    CALENDAR = "calendar", "Ngày liên tục"


class TermForm(ActForm):
    """One term; without days the regime's holds."""

    days: int | None = Field(default=None, ge=1, le=1000, title="Số ngày", description="Để trống: theo mặc định.")
    unit: TermUnit = Field(default=TermUnit.WORKING, title="Tính theo")


class TermsForm(ActForm):
    """The office's own terms, by step."""

    terms: dict[TermKey, TermForm] = Field(default_factory=dict, title="Thời hạn của từng bước")


class RemindersForm(ActForm):
    """The ladder, in working days before and after the due date."""

    before: int = Field(ge=1, le=MOST_DAYS, title="Nhắc trước hạn (ngày làm việc)")
    escalated_head: int = Field(ge=1, le=MOST_DAYS, title="Báo thủ trưởng đơn vị sau hạn (ngày làm việc)")
    escalated_coordinator: int = Field(ge=1, le=MOST_DAYS, title="Báo văn phòng điều phối sau hạn (ngày làm việc)")
    escalated_leader: int = Field(ge=1, le=MOST_DAYS, title="Báo lãnh đạo UBND sau hạn (ngày làm việc)")
    seen: bool = Field(default=False, title=SEEN, description=SEEN_HINT)

    @property
    def rungs(self) -> dict[str, int]:
        """As the office's settings keep them."""
        after = (Rung.ESCALATED_HEAD, Rung.ESCALATED_COORDINATOR, Rung.ESCALATED_LEADER)
        return {Rung.DUE_SOON.value: -self.before, **{rung.value: getattr(self, rung.value) for rung in after}}


class Need(Labelled):
    """Whether a paper is mandatory in this office."""

    REGIME = "regime", "Theo quy định"
    YES = "yes", "Bắt buộc"
    NO = "no", "Không bắt buộc"


class PaperForm(ActForm):
    """What the office says of one kind of paper."""

    need: Need = Field(default=Need.REGIME, title="Có bắt buộc không")
    note: str = Field(default="", max_length=1000, title="Hướng dẫn của văn phòng")


class ChecklistForm(ActForm):
    """The office's own words on the papers of a dossier."""

    papers: dict[EvidenceKind, PaperForm] = Field(default_factory=dict, title="Giấy tờ")


class DayForm(ActForm):
    """One day and why."""

    date: date
    reason: str = Field(min_length=1, title="Lý do")


DayForm.model_fields["date"].title = "Ngày"


class DaysForm(ActForm):
    """The office's own days, over those of the state."""

    days_off: list[DayForm] = Field(default_factory=list, title="Ngày nghỉ riêng")
    working_days: list[DayForm] = Field(default_factory=list, title="Ngày làm bù (thứ Bảy, Chủ nhật)")
    seen: bool = Field(default=False, title=SEEN, description=SEEN_HINT)

    @property
    def days(self) -> OfficeDays:
        """As the calendar reads them.

        Raises:
            InputError: a day stands twice.
        """
        every = [row.date for row in (*self.days_off, *self.working_days)]
        twice = sorted({day for day in every if every.count(day) > 1})
        if twice:
            named = ", ".join(f"{day:%d/%m/%Y}" for day in twice)
            raise InputError(f"ngày nêu hai lần: {named}", field="days_off", remedy="Bỏ bớt một dòng.")
        rows = [[OfficeDay(date=r.date, reason=r.reason) for r in part] for part in (self.days_off, self.working_days)]
        return OfficeDays(days_off=tuple(rows[0]), working_days=tuple(rows[1]))


class ChannelForm(ActForm):
    """A channel of one person or one unit."""

    person: str = Field(default="", title="Của người", description="Chọn một người hoặc một đơn vị.")
    office: str = Field(default="", title="Của đơn vị")
    url: str = Field(
        min_length=1, title="Địa chỉ kênh",
        description="Ví dụ mailto://…, tgram://TOKEN/CHAT, json://máy-chủ/đường-dẫn. Mã bí mật không hiện lại nữa.",
    )  # fmt: skip
    takes: Takes = Field(default=Takes.ALL, title="Nhận gì")


class NoMore(ActForm):
    """Nothing to fill in."""


def setter(desk: Desk, office: Office) -> Actor:
    """The visitor in a capacity that may change the office's settings.

    Raises:
        NotAllowedError: there is none.
    """
    who = first_that(desk, KEEPERS, lambda one: may_set(one, office))
    check_may_set(who, office)
    return who


def settings_page(ids: Ids) -> str:
    """The page of the office's settings."""
    return f"/settings/{ids['office']}"


def _check(desk: Desk, ids: Ids) -> None:
    setter(desk, office_by_code(desk.session, ids["office"]))


def _version(setting: str) -> Callable[[Desk, Ids], str]:
    def etag(desk: Desk, ids: Ids) -> str:
        value = office_by_code(desk.session, ids["office"]).settings.get(setting)
        return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]

    return etag


def ask_first(changes: Sequence[ItemChange], *, seen: bool) -> None:
    """Show what would change, and do it only once that was seen.

    Raises:
        InputError: something would change, and `seen` is not set.
    """
    if not changes or seen:
        return
    told = [f"việc số {one.item.id} ({one.item.about}): {one.words}" for one in changes[:MOST_TOLD]]
    rest = f"; và {len(changes) - MOST_TOLD} việc nữa" if len(changes) > MOST_TOLD else ""
    raise InputError.of(
        [
            Problem("", f"Chưa ghi. Sẽ đổi {len(changes)} việc đang chờ: {'; '.join(told)}{rest}.", "Xem kỹ."),
            Problem("seen", f"có {len(changes)} việc sẽ đổi (xem ở trên)", "Chọn «Có» rồi ghi lại nếu đồng ý."),
        ]
    )


def _set_terms(desk: Desk, ids: Ids, form: TermsForm) -> Done:
    office = office_by_code(desk.session, ids["office"])
    own = {
        key: OwnTerm(days=term.days, unit="working" if term.unit is TermUnit.WORKING else "calendar")
        for key, term in form.terms.items()
        if term.days is not None
    }
    set_terms(desk.session, office, own, setter(desk, office), desk.now)
    words = "Đã ghi. Thời hạn mới dùng cho việc giao từ nay; việc đang chờ giữ hạn cũ."
    return Done(words, settings_page(ids), {"terms": office.settings.get("terms")})


def _set_reminders(desk: Desk, ids: Ids, form: RemindersForm) -> Done:
    office = office_by_code(desk.session, ids["office"])
    who = setter(desk, office)
    changes = rungs_changes(desk.session, office, form.rungs, desk.today)
    ask_first(changes, seen=form.seen)
    set_rungs(desk.session, office, form.rungs, who, desk.now)
    return Done(f"Đã ghi bậc nhắc; {len(changes)} việc được báo thêm.", settings_page(ids), {"rungs": form.rungs})


def _set_papers(desk: Desk, ids: Ids, form: ChecklistForm) -> Done:
    office = office_by_code(desk.session, ids["office"])
    means = {Need.REGIME: None, Need.YES: True, Need.NO: False}
    own = {kind.value: {"mandatory": means[one.need], "note": one.note} for kind, one in form.papers.items()}
    set_checklist(desk.session, office, own, setter(desk, office), desk.now)
    words = "Đã ghi. Danh mục mới dùng cho lần kiểm tra hồ sơ từ nay."
    return Done(words, settings_page(ids), {"checklist": office.settings.get(SETTING)})


def _set_days(desk: Desk, ids: Ids, form: DaysForm) -> Done:
    office = office_by_code(desk.session, ids["office"])
    who, days = setter(desk, office), form.days
    ask_first(calendar_changes(desk.session, office, days, desk.today), seen=form.seen)
    changed = set_calendar(desk.session, office, days, who, desk.now)
    return Done(f"Đã ghi lịch; tính lại hạn của {len(changed)} việc.", settings_page(ids), {"changed": len(changed)})


def _terms_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    lines = _free(desk, ids)
    return {"terms": {x.key.value: {"days": x.own.days if x.own else "", "unit": _unit(x)} for x in lines}}


def _free(desk: Desk, ids: Ids) -> list[TermLine]:
    lines = terms_of(office_by_code(desk.session, ids["office"]))
    return [line for line in lines if not line.is_fixed]


def _unit(line: TermLine) -> str:
    if line.own is not None:
        return str(line.own.unit)
    return line.regimes[-1][1].unit if line.regimes else TermUnit.WORKING.value


def _free_terms(desk: Desk, ids: Ids) -> Options:
    """Only the steps whose term at least one regime leaves open, with what holds without an own one."""
    return {"terms": [Option(x.key.value, f"{x.key.label} (mặc định: {_default(x)})") for x in _free(desk, ids)]}


def _default(line: TermLine) -> str:
    told = list(dict.fromkeys(f"{t.days} {TermUnit(t.unit).label.lower()}" for _, t in line.regimes if not t.is_law))
    return "; ".join(told)


def _rungs_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    found = {rung.value: days for rung, days in rungs_of(office_by_code(desk.session, ids["office"])).items()}
    return {"before": -found[Rung.DUE_SOON], "seen": False, **found}


def _papers_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    own = OWN.validate_python(office_by_code(desk.session, ids["office"]).settings.get(SETTING) or {})
    needs = {None: Need.REGIME, True: Need.YES, False: Need.NO}
    return {
        "papers": {
            kind.value: {"need": needs[one.mandatory], "note": one.note}
            for kind in EvidenceKind
            for one in [own.get(kind, OwnEntry())]
        }
    }


def _days_now(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    days = own_days(office_by_code(desk.session, ids["office"]))
    return days.model_dump(mode="json") | {"seen": False}


def _owners(desk: Desk, _ids: Ids) -> Options:
    people = desk.session.execute(select(Person.code, Person.name).where(Person.active).order_by(Person.name))
    offices = desk.session.execute(select(Office.code, Office.name).order_by(Office.name))
    return {
        "person": [Option(code, f"{name} ({code})") for code, name in people],
        "office": [Option(code, name) for code, name in offices],
    }


def channel_keeper(desk: Desk, owner: Person | Office) -> Actor:
    """The visitor in a capacity that may keep the owner's channels.

    Raises:
        NotAllowedError: there is none.
    """

    def check(who: Actor) -> None:
        check_may_keep(desk.session, owner, who, desk.today)

    who = first_that(desk, KEEPERS, passes(check))
    check(who)
    return who


def _add_channel(desk: Desk, _ids: Ids, form: ChannelForm) -> Done:
    owner = owner_by_code(desk.session, form.person or None, form.office or None)
    channel = give_channel(desk.session, owner, form.url, form.takes, channel_keeper(desk, owner), desk.now)
    return Done(f"Đã thêm kênh số {channel.id} của {owner.name}.", "/channels", {"channel": channel.id})


def _remove_channel(desk: Desk, ids: Ids, _form: NoMore) -> Done:
    channel = channel_by_id(desk.session, ids["channel_id"])
    take_channel(desk.session, channel.id, channel_keeper(desk, owner_of(channel)), desk.now)
    return Done(f"Đã gỡ kênh số {channel.id} của {owner_name(channel)}.", "/channels", {"channel": channel.id})


def _try_channel(desk: Desk, ids: Ids, _form: NoMore) -> Done:
    channel = channel_by_id(desk.session, ids["channel_id"])
    try_out(desk.session, channel.id, channel_keeper(desk, owner_of(channel)), desk.now)
    words = f"Đang gửi thử kênh số {channel.id}; tải lại trang sau ít giây để xem kết quả."
    return Done(words, "/channels", {"channel": channel.id})


def _check_channel(desk: Desk, ids: Ids) -> None:
    channel_keeper(desk, owner_of(channel_by_id(desk.session, ids["channel_id"])))


TERMS = Act(
    name="office.terms", title="Thời hạn các bước", path="/settings/{office}/terms", ids=OFFICE, access=of(*KEEPERS),
    form=TermsForm, run=_set_terms, check=_check, prefill=_terms_now, options=_free_terms, back=settings_page, tag=TAG,
    etag=_version("terms"), template=COMPACT,
    explanation="Chỉ những bước mà luật không ấn định. Việc đang chờ giữ hạn cũ; việc giao từ nay theo thời hạn mới.",
)  # fmt: skip
REMINDERS = Act(
    name="office.reminders", title="Bậc nhắc việc", path="/settings/{office}/reminders", ids=OFFICE,
    access=of(*KEEPERS), form=RemindersForm, run=_set_reminders, check=_check, prefill=_rungs_now, back=settings_page,
    tag=TAG, etag=_version("rungs"), template=COMPACT,
    explanation="Việc quá hạn từ ngày sau hạn; các bậc sau tăng dần. Nếu có việc bị báo ngay, danh sách hiện ra trước.",
)  # fmt: skip
PAPERS = Act(
    name="office.checklist", title="Danh mục giấy tờ", path="/settings/{office}/checklist", ids=OFFICE,
    access=of(*KEEPERS), form=ChecklistForm, run=_set_papers, check=_check, prefill=_papers_now, back=settings_page,
    tag=TAG, etag=_version(SETTING), template=COMPACT,
    explanation="Giấy tờ của hồ sơ khi văn phòng kiểm tra; hồ sơ đã tiếp nhận không bị trả lại vì đổi danh mục.",
)  # fmt: skip
DAYS = Act(
    name="office.days", title="Ngày nghỉ, ngày làm bù", path="/settings/{office}/days", ids=OFFICE,
    access=of(*KEEPERS), form=DaysForm, run=_set_days, check=_check, prefill=_days_now, back=settings_page, tag=TAG,
    etag=_version("calendar"), template=COMPACT,
    explanation="Ngày lễ và hoán đổi của nhà nước có sẵn. Hạn của việc đang chờ được tính lại; danh sách hiện trước.",
)  # fmt: skip
ADD_CHANNEL = Act(
    name="channel.add", title="Thêm kênh thông báo", path="/channels/new", access=of(*KEEPERS), form=ChannelForm,
    run=_add_channel, options=_owners, prefill=lambda _desk, _ids: {"takes": Takes.ALL},
    back=lambda _ids: "/channels", button="Thêm kênh", tag=CHANNELS,
)  # fmt: skip
REMOVE_CHANNEL = Act(
    name="channel.remove", title="Gỡ kênh thông báo", path="/channels/{channel_id}/removal", ids=CHANNEL,
    access=of(*KEEPERS), form=NoMore, run=_remove_channel, check=_check_channel, back=lambda _ids: "/channels",
    button="Gỡ kênh", danger=True, tag=CHANNELS,
    explanation="Địa chỉ bị xóa; thông báo đang chờ vẫn nằm trong hộp thư đến của người nhận.",
)  # fmt: skip
TRY_CHANNEL = Act(
    name="channel.try", title="Gửi thử", path="/channels/{channel_id}/trial", ids=CHANNEL, access=of(*KEEPERS),
    form=NoMore, run=_try_channel, check=_check_channel, back=lambda _ids: "/channels", button="Gửi thử",
    tag=CHANNELS, explanation="Một thông báo thử được gửi ngay; kênh hỏng mà gửi được thì coi như đã sửa.",
)  # fmt: skip

ACTS: list[Act] = [TERMS, REMINDERS, PAPERS, DAYS, ADD_CHANNEL, REMOVE_CHANNEL, TRY_CHANNEL]
