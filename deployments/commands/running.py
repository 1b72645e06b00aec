"""`ocop up` and `ocop demo`: starting the whole installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from deployments.commands.call import this_call
from deployments.commands.data import current_settings
from deployments.commands.options import Day, Number
from models.errors import InputError

FIRST_PORT, LAST_PORT = 1024, 65535


def up(
    *,
    prefect_port: Annotated[
        Number | None, Parameter(help="Cổng của giao diện Prefect (mặc định 4200 hoặc OCOP_PREFECT_PORT).")
    ] = None,
    portal_port: Annotated[
        Number | None, Parameter(help="Cổng của trang làm việc (mặc định 8000 hoặc OCOP_PORTAL_PORT).")
    ] = None,
) -> None:
    """Chạy cả hệ thống trên máy này cho đến khi nhấn Ctrl-C."""
    from deployments.commands.up import run_up

    found = current_settings()
    ports = {
        "prefect_port": _port(prefect_port) or found.prefect_port,
        "portal_port": _port(portal_port, "--portal-port") or found.portal_port,
    }
    run_up(found.model_copy(update=ports), Console())


def demo(
    facts: Annotated[Path | None, Parameter(help="Tệp JSON ghi số liệu (viết: --json TỆP).")] = None,
    /,
    *,
    seed: Annotated[Number, Parameter(help="Số khởi đầu; cùng số cho cùng số liệu.")] = 2024,
    reset: Annotated[bool, Parameter(help="Xóa dữ liệu của lần trình diễn trước.")] = False,
    keep: Annotated[bool, Parameter(help="Giữ giao diện Prefect chạy đến khi nhấn Ctrl-C.")] = False,
    until: Annotated[Day | None, Parameter(help="Dừng diễn biến sau ngày này, ví dụ 2024-09-04.")] = None,
    prefect_port: Annotated[Number | None, Parameter(help="Cổng của giao diện Prefect (mặc định: cổng trống).")] = None,
) -> None:
    """Diễn lại kế hoạch năm 2024 của Thọ Xuân trên máy chủ thật, thời gian giả lập.

    Dữ liệu nằm ở ~/.ocop-demo (đổi bằng --home); mọi lệnh khác thử được trên đó.
    """
    import os

    from deployments.commands.demo import DEFAULT_HOME, run_demo

    if this_call().json and facts is None:
        raise InputError("Thiếu tên tệp sau --json.", field="--json", remedy="Ví dụ: ocop demo --json so-lieu.json")
    home = Path(os.environ.get("OCOP_HOME") or DEFAULT_HOME).expanduser().absolute()
    run_demo(
        home=home,
        seed=seed,
        port=_port(prefect_port),
        facts_file=facts,
        reset=reset,
        keep=keep,
        until=until,
        console=Console(),
    )


def _port(number: int | None, option: str = "--prefect-port") -> int | None:
    if number is not None and not FIRST_PORT <= number <= LAST_PORT:
        raise InputError(
            f"Cổng {number} không dùng được.",
            field=option,
            remedy=f"Chọn số từ {FIRST_PORT} đến {LAST_PORT}.",
        )
    return number
