"""`ocop deploy`: our deployments, schedules and automations in Prefect."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deployments.commands.call import Answer
from deployments.commands.data import current_settings
from deployments.commands.tables import draw
from deployments.keeping import Standing
from models.database import reading
from models.notifications.links import prefect_address
from models.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from deployments.bringing_up import Overview


def deploy(
    *,
    reset_schedules: Annotated[
        bool, Parameter(help="Đặt lại cả lịch và automation đã sửa hoặc xóa trong Prefect.")
    ] = False,
) -> Answer:
    """Tạo, cập nhật deployment, lịch chạy và automation trong Prefect; chạy lại thì không đổi gì.

    Máy chủ Prefect lấy theo PREFECT_API_URL, rồi cổng OCOP_PREFECT_PORT của máy này; không đặt cả hai thì lấy máy chủ
    đã khởi động gần nhất trên dữ liệu này (ocop up).
    Lịch đã sửa trong Prefect được giữ.
    """
    import os

    from deployments.database_upgrade import upgrade
    from deployments.prefect_env import use_server

    found = current_settings()
    upgrade(found.domain_url)
    use_server(os.environ.get("PREFECT_API_URL") or f"{_server(found)}/api")
    from deployments.bringing_up import bring_up

    overview = bring_up(reset=reset_schedules)
    return Answer(_data(overview), lambda console: show(console, overview))


def _server(found: Settings) -> str:
    """The server on this machine: of the port that was set for this call, else the one that runs over the data."""
    if "prefect_port" in found.model_fields_set:
        return f"http://127.0.0.1:{found.prefect_port}"
    with reading(found.domain_url) as session:
        return prefect_address(session)


def show(console: Console, overview: Overview) -> None:
    """The overview as people read it."""
    from deployments.next_run import in_words, next_run

    rows = [
        (line.flow, line.slug, in_words(line.facts), next_run(line.facts), line.standing.label)
        for line in overview.schedules
    ]
    draw("Lịch chạy", ["Deployment", "Lịch", "Khi nào", "Lần tới", ""], rows)(console)
    automations = [(a.name, "bật" if a.enabled else "tắt", a.standing.label) for a in overview.automations]
    draw("Automation", ["Tên", "", ""], automations)(console)
    if not any("cảnh báo" in a.name for a in overview.automations):
        console.print(
            "Chưa đặt OCOP_ALERT_URL: Prefect không gửi cảnh báo ra ngoài; mọi nhắc việc vẫn đi theo hộp gửi."
        )
    if overview.opening:
        console.print(opening_words(overview))


def running_by_itself(overview: Overview | None) -> list[str]:
    """The schedules that are on, one line a deployment, for `ocop up`."""
    if overview is None or not overview.schedules:
        return []
    from deployments.next_run import STOPPED, next_moment, shown_moment

    lines = ["Chạy theo lịch (lần tới):"]
    for flow in dict.fromkeys(line.flow for line in overview.schedules):
        ours = [line for line in overview.schedules if line.flow == flow]
        times = sorted(filter(None, (next_moment(line.facts) for line in ours)))
        more = f", và {len(times) - 1} lịch khác" if len(times) > 1 else ""
        changed = any(line.standing is Standing.CHANGED_BY_PERSON for line in ours)
        note = f" ({Standing.CHANGED_BY_PERSON.label})" if changed else ""
        lines.append(f"  {flow:<18} {shown_moment(times[0]) if times else STOPPED}{more}{note}")
    return [*lines, opening_words(overview)] if overview.opening else lines


def opening_words(overview: Overview) -> str:
    """Which rounds' mornings have passed without a run: each is being opened, or told when its window is past."""
    return f"Đã qua ngày mở, đang xử lý bù: đợt {', '.join(overview.opening)}."


def _data(overview: Overview) -> dict[str, Any]:
    from deployments.next_run import next_moment

    lines = [asdict(line) | {"next": next_moment(line.facts)} for line in overview.schedules]
    return {"schedules": lines, "automations": overview.automations, "opening": overview.opening}
