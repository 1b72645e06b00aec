"""`ocop notify`: channels, the inbox, trying a channel, the digest and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.call import Answer, this_call
from deployments.commands.data import current_settings, reading_desk, writing_desk
from deployments.commands.options import Number
from deployments.commands.tables import draw
from models.actors import SYSTEM
from models.clock import VN_TZ
from models.enums import Takes
from models.errors import InputError
from models.notifications.calendar_feed import calendar_of, calendar_token
from models.notifications.channels import (
    ChannelRow,
    add_channel,
    channel_rows,
    channels_of,
    owner_by_code,
    owner_name,
    remove_channel,
)
from models.notifications.digest import digest as make_digests
from models.notifications.inbox import inbox as inbox_of
from models.notifications.inbox import mark_read, person_by_code, sending_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

app = App(name="notify", help="Thông báo: kênh nhận, hộp thư đến, gửi thử, bản tổng hợp, lịch.")
channel = App(name="channel", help="Kênh nhận thông báo của người hoặc đơn vị.")
app.command(channel)

PersonCode = Annotated[str | None, Parameter("--person", help="Mã người dùng.")]
OfficeCode = Annotated[str | None, Parameter("--office", help="Mã đơn vị.")]

COLUMNS = ["Số", "Của", "Địa chỉ", "Nhận", "Tình trạng", "Đang chờ"]


@channel.command(name="add")
def add(
    url: Annotated[
        str, Parameter(help="Địa chỉ kênh (Apprise), ví dụ mailto://…, tgram://TOKEN/CHAT, json://máy-chủ/…")
    ],
    /,
    *,
    person: PersonCode = None,
    office: OfficeCode = None,
    takes: Annotated[str, Parameter(help="all (cả hai), at_once (chỉ thông báo ngay), digest (chỉ tổng hợp).")] = "all",
) -> Answer:
    """Thêm kênh cho một người hoặc một đơn vị. Thêm lại địa chỉ đã có là bật lại kênh. (Người cài đặt, không cần --as)

    Thư điện tử ghi trong danh mục người dùng là kênh sẵn có khi đã đặt OCOP_SMTP_URL. Zalo: zalo://TOKEN@user_id.
    """
    with writing_desk() as desk:
        owner = owner_by_code(desk.session, person, office)
        added = add_channel(desk.session, owner, url, _takes(takes), SYSTEM, desk.now)
        row = next(row for row in channel_rows(desk.session) if row.id == added.id)
    return Answer(
        row, f"Đã thêm kênh số {row.id} của {row.owner}: {row.address}. Gửi thử: ocop notify test --channel {row.id}"
    )


@channel.command(name="list")
def list_() -> Answer:
    """Liệt kê các kênh; mật khẩu và mã bí mật trong địa chỉ không được hiện."""
    with reading_desk() as desk:
        rows = channel_rows(desk.session)
    return Answer(rows, _table("Kênh thông báo", rows))


@channel.command
def remove(number: Annotated[Number, Parameter("CHANNEL", help="Số của kênh.")], /) -> Answer:
    """Gỡ một kênh và xóa địa chỉ; thông báo đang chờ vẫn nằm trong hộp thư đến. (Người cài đặt, không cần --as)"""
    with writing_desk() as desk:
        removed = remove_channel(desk.session, number, SYSTEM, desk.now)
        words = f"Đã gỡ kênh số {removed.id} của {owner_name(removed)}."
    return Answer({"channel": number, "removed": True}, words)


@app.command(name="test")
def try_(
    person: Annotated[str | None, Parameter("PERSON", help="Mã người dùng: thử mọi kênh của người đó.")] = None,
    /,
    *,
    number: Annotated[Number | None, Parameter("--channel", help="Chỉ thử kênh số này.")] = None,
) -> Answer:
    """Gửi một thông báo thử qua từng kênh và cho biết kết quả; kênh đang hỏng mà gửi được thì coi như đã sửa xong."""
    from deployments.channel_trial import try_channel

    found = current_settings()
    with writing_desk() as desk:
        if person is None and number is None:
            raise InputError("Nêu người hoặc kênh cần thử.", field="PERSON", remedy="Ví dụ: ocop notify test dieu-phoi")
        owner = person_by_code(desk.session, person) if person is not None else None
        wanted = {c.id for c in channels_of(desk.session, owner)} if owner is not None else {number}
        ids = sorted(row.id for row in channel_rows(desk.session) if row.id in wanted and number in {None, row.id})
    if not ids:
        raise InputError(
            "Không có kênh nào để thử.",
            field="PERSON",
            remedy="Đặt OCOP_SMTP_URL và ghi thư điện tử của người đó, hoặc thêm kênh: ocop notify channel add.",
        )
    results = [try_channel(found, each) for each in ids]
    cells = [(r.channel, r.owner, r.address, "đã gửi" if r.sent else f"không gửi được: {r.error}") for r in results]
    table = draw("Gửi thử", ["Kênh", "Của", "Địa chỉ", "Kết quả"], cells, [not r.sent for r in results])
    return Answer(results, table, status=0 if all(r.sent for r in results) else 3)


@app.command
def status() -> Answer:
    """Tình hình gửi: đang chờ, đã gửi, kênh nào hỏng, ai chưa có kênh nào."""
    with reading_desk() as desk:
        found = sending_status(desk.session)

    def show(console: Console) -> None:
        console.print(
            f"{found.sent} lượt đã gửi, {found.waiting} đang chờ gửi, {found.skipped} không gửi vì không còn cần; "
            f"{found.not_spread} thông báo chưa phân phát, {found.unread} mục chưa đọc trong các hộp thư đến."
        )
        for fault in found.faults:
            console.print(f"⚠ Chưa phân phát được: {fault}")
        if found.without_channel:
            console.print(f"⚠ Chỉ có hộp thư đến, chưa có kênh nào: {', '.join(found.without_channel)}")
        troubled = [row for row in found.channels if row.last_error]
        console.print(
            f"{len(found.channels)} kênh, {sum(r.broken_since is not None for r in troubled)} kênh đang hỏng."
        )
        if troubled:
            _table("Kênh gửi lỗi", troubled)(console)

    return Answer(found, show)


@app.command
def inbox(
    person: Annotated[str | None, Parameter("PERSON", help="Mã người dùng (mặc định: người của --as).")] = None,
    /,
    *,
    unread: Annotated[bool, Parameter(help="Chỉ mục chưa đọc.")] = False,
    read: Annotated[bool, Parameter(help="Đánh dấu tất cả là đã đọc.")] = False,
) -> Answer:
    """Hộp thư đến của một người: mọi thông báo, kể cả khi không kênh nào gửi được."""
    code = person or this_call().as_code
    if code is None:
        raise InputError("Chưa nêu người.", field="PERSON", remedy="Ví dụ: ocop notify inbox dieu-phoi")
    with writing_desk() if read else reading_desk() as desk:
        found = person_by_code(desk.session, code)
        rows = inbox_of(desk.session, found, unread_only=unread)
        if read:
            mark_read(desk.session, found, desk.now)
        title = f"Hộp thư đến của {found.name}"
    cells = [(r.told_on, "" if r.read else "mới", r.subject, r.sent) for r in rows]
    return Answer(rows, draw(title, ["Ngày", "", "Nội dung", "Gửi"], cells))


@app.command
def digest() -> Answer:
    """Lập bản tổng hợp của hôm nay ngay bây giờ (mỗi người một bản một ngày, không lập vào ngày nghỉ) rồi gửi."""
    current_settings()
    with writing_desk() as desk:
        made_on = desk.today
    from tasks.sending import send_all, spread_all

    spread_all()
    with writing_desk() as desk:
        made = make_digests(desk.session, desk.now, datetime.now(UTC))
    sent = send_all()
    cells = [(one.recipient, one.news, one.open) for one in made]
    table = draw(f"Bản tổng hợp ngày {made_on:%d/%m/%Y}", ["Người nhận", "Thông báo mới", "Việc đang chờ"], cells)
    return Answer({"on": made_on, "digests": made, "sent": sent.sent, "put_off": sent.put_off}, table)


@app.command
def send() -> Answer:
    """Gửi ngay mọi thông báo đang chờ, không cần Prefect (bình thường hệ thống tự gửi khi đang chạy)."""
    current_settings()
    with writing_desk():
        pass  # the same refusals as for every command: no data, data of another version
    from tasks.sending import send_all

    sent = send_all()
    words = f"Phân phát {sent.spread} thông báo, gửi {sent.sent}, lùi lại {sent.put_off}."
    return Answer(sent, words)


@app.command
def calendar(
    person: Annotated[str, Parameter("PERSON", help="Mã người dùng.")],
    /,
    *,
    token: Annotated[bool, Parameter(help="In mã riêng của địa chỉ lịch (cho cổng thông tin) thay cho lịch.")] = False,
    renew: Annotated[bool, Parameter(help="Đổi mã riêng; địa chỉ cũ không dùng được nữa.")] = False,
) -> Answer:
    """Lịch của một người (iCalendar): hạn các việc đang chờ và các phiên họp; ghi ra tệp bằng «> lich.ics»."""
    with writing_desk() as desk:
        found = person_by_code(desk.session, person)
        if token or renew:
            secret = calendar_token(desk.session, found, renew=renew)
            return Answer({"person": found.code, "token": secret}, secret)
        text = calendar_of(desk.session, found, desk.now)
    return Answer({"person": found.code, "calendar": text}, text.replace("\r\n", "\n").rstrip("\n"))


def _takes(name: str) -> Takes:
    found = next((one for one in Takes if one.value == name.replace("-", "_")), None)
    if found is None:
        known = ", ".join(one.value for one in Takes)
        raise InputError(f"Không có lựa chọn «{name}».", field="--takes", remedy=f"Chọn một trong: {known}.")
    return found


def _table(title: str, rows: list[ChannelRow]) -> Callable[[Console], None]:
    cells = [(r.id, r.owner, r.address, r.takes_label, _state(r), r.waiting or "") for r in rows]
    return draw(title, COLUMNS, cells, [r.broken_since is not None for r in rows])


def _state(row: ChannelRow) -> str:
    if row.broken_since is not None:
        return f"⚠ hỏng từ {row.broken_since.astimezone(VN_TZ):%H:%M %d/%m/%Y}: {row.last_error}"
    if row.last_error:
        return f"lần gửi cuối lỗi: {row.last_error}"
    return (
        f"gửi được lúc {row.last_sent_at.astimezone(VN_TZ):%H:%M %d/%m/%Y}" if row.last_sent_at else "chưa gửi lần nào"
    )
