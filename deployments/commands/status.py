"""`ocop status`: the board of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.commands.call import Answer
from deployments.commands.data import reading_desk
from deployments.commands.tables import days_left, draw
from models.errors import NotFoundError
from models.notifications.channels import ChannelRow, broken_channels
from models.rounds.board import Board, board, rounds_to_watch
from models.rounds.queries import round_by_code

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ["Hồ sơ", "Sản phẩm", "Xã", "Bước", "Chờ", "Hạn", "Còn lại"]


def status(
    round_: Annotated[str | None, Parameter("ROUND", help="Mã đợt (mặc định: các đợt đang chạy).")] = None, /
) -> Answer:
    """Bảng theo dõi của đợt: sản phẩm ở bước nào, chờ ai, hạn nào, trễ hay không."""
    with reading_desk() as desk:
        rounds = [round_by_code(desk.session, round_)] if round_ else rounds_to_watch(desk.session)
        if not rounds:
            raise NotFoundError(
                "Chưa có đợt nào được mở.",
                field="round",
                remedy="Xem các đợt: ocop round list; mở đợt: ocop round open MÃ.",
            )
        boards = [board(desk.session, row, desk.today) for row in rounds]
        broken = broken_channels(desk.session)
    return Answer(boards, lambda console: _draw(console, boards, broken))


def _draw(console: Console, boards: list[Board], broken: list[ChannelRow]) -> None:
    for shown in boards:
        late = f", {shown.late} việc quá hạn" if shown.late else ""
        title = f"{shown.title} ({shown.round}) · {shown.status_label} · ngày {shown.today:%d/%m/%Y}{late}"
        rows = [
            (
                f"{row.dossier} lần {row.attempt}" if row.dossier else "",
                row.product,
                row.commune,
                f"{row.stage} · xong trước hết {row.finish_by:%d/%m/%Y}" if row.finish_by else row.stage,
                row.waiting_for,
                row.due_on,
                days_left(row.days_left, row.late),
            )
            for row in shown.rows
        ]
        draw(title, COLUMNS, rows, [row.late for row in shown.rows])(console)
    if broken:
        named = ", ".join(f"{row.owner} ({row.address})" for row in broken)
        console.print(f"⚠ {len(broken)} kênh thông báo đang hỏng: {named}. Xem: ocop notify status.")
