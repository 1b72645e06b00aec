"""The board of a round as a table artifact in Prefect's UI: product, commune, stage, waiting for, due, days left."""

from __future__ import annotations

import json
import re
from typing import Any

from prefect.artifacts import Artifact, acreate_table_artifact
from sqlalchemy import select

from models.database import reading
from models.office_clock import clock_for
from models.rounds.board import Board, BoardRow, board
from models.settings import settings
from models.tables import EngineRun, Round


async def publish_board(round_id: int) -> None:
    """Write the board of the round as it is now; Prefect keeps the earlier ones as versions of the artifact."""
    key, title, table = _printed(round_id)
    await acreate_table_artifact(table=table, key=key, description=title)


async def refresh_board(round_id: int) -> None:
    """Write the board anew when it no longer says what is so: days pass and due dates move while no run moves."""
    key, title, table = _printed(round_id)
    last = await Artifact.aget(key)
    if last is None or last.description != title or json.loads(str(last.data)) != table:
        await acreate_table_artifact(table=table, key=key, description=title)


def _printed(round_id: int) -> tuple[str, str, list[dict[str, Any]]]:
    with reading() as session:
        round_ = session.get_one(Round, round_id)
        current = board(session, round_, clock_for(session, settings()).today())
        subjects = [row.subject for row in current.rows if row.subject]
        query = select(EngineRun.subject, EngineRun.flow_run_id).where(EngineRun.subject.in_(subjects))
        runs = {row.subject: row.flow_run_id for row in session.execute(query)}
        key = f"ocop-{round_.plan.year}-dot-{round_.number}"
    return key, _title(current), [_line(row, runs.get(row.subject or "")) for row in current.rows]


def _title(current: Board) -> str:
    late = f", {current.late} việc quá hạn" if current.late else ""
    return f"Bảng theo dõi {current.title}: {current.status_label}{late} (ngày {current.today:%d/%m/%Y})"


def _line(row: BoardRow, run_id: str | None) -> dict[str, Any]:
    limit = f" (xong trước hết {row.finish_by:%d/%m/%Y})" if row.finish_by else ""
    return {
        "Sản phẩm": plain(row.product),
        "Địa bàn": plain(row.commune),
        "Chặng": plain(row.stage + limit),
        "Chờ": plain(row.waiting_for or ""),
        "Hạn": f"{row.due_on:%d/%m/%Y}" if row.due_on else "",
        "Còn (ngày)": "" if row.days_left is None else row.days_left,
        "Lượt chạy": f"[mở](/runs/flow-run/{run_id})" if run_id else "",
    }


def plain(text: str) -> str:
    """`text` so that Prefect's page, which reads every cell as Markdown, shows it as it is ("5. Hội đồng")."""
    return re.sub(r"([\\`*_\[\]<>#|]|^\d+(?=\.))", _shielded, text)


def _shielded(found: re.Match[str]) -> str:
    return found[0] + "\\" if found[0].isdigit() else "\\" + found[0]
