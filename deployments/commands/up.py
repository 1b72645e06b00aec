"""`ocop up`: the whole installation on one machine, until Ctrl-C."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console

from deployments.data_folder import ROOM_TO_GO_ON, check_room, locked_folder
from deployments.stop_signals import end_like_ctrl_c
from models.settings import Settings

POLL_SECONDS = 0.5
RESTARTS_IN_A_ROW = 5
CALM_SECONDS = 60.0
NO_ADDRESS = "Chưa đặt OCOP_PORTAL_URL (địa chỉ máy khác mở được): mã QR trên giấy chứng nhận chỉ ghi mã sản phẩm."


def run_up(chosen: Settings, console: Console) -> None:
    """Start server, worker and portal over the data folder; keep them running until Ctrl-C, SIGTERM or a hang-up.

    Raises:
        PersonError: the folder is in use by another instance, or the port is taken.
        RetryableError: the server does not start, or something keeps dying.
    """
    end_like_ctrl_c()
    with locked_folder(chosen.home):
        from deployments.commands.deploy import running_by_itself
        from deployments.stack import Stack

        stack = Stack(chosen, portal=True)
        try:
            with console.status("Đang khởi động máy chủ Prefect, tiến trình xử lý và cổng làm việc…"):
                stack.start()
            console.print(f"Dữ liệu:            {chosen.home}")
            console.print(f"Cổng làm việc:      {stack.portal_url}")
            console.print(f"Giao diện Prefect:  {stack.url}")
            if chosen.public_url is None:
                console.print(f"[yellow]{NO_ADDRESS}[/yellow]")
            for line in running_by_itself(stack.deployed):
                console.print(line)
            console.print("Đang chạy; nhấn Ctrl-C để dừng.")
            _keep_running(stack, console)
        except KeyboardInterrupt:
            console.print("Đang dừng…")
        finally:
            stack.stop()


def _keep_running(stack: Any, console: Console) -> None:
    """Start again what dies; the domain data are whole and the flows are re-entrant."""
    deaths: list[float] = []
    while True:
        time.sleep(POLL_SECONDS)
        why = stack.died()
        if why is None:
            continue
        check_room(stack.settings.home, ROOM_TO_GO_ON)
        deaths = [t for t in deaths if time.monotonic() - t < CALM_SECONDS] + [time.monotonic()]
        if len(deaths) > RESTARTS_IN_A_ROW:
            raise stack.gave_up(why)
        console.print(f"[yellow]{why}. Đang khởi động lại…[/yellow]", soft_wrap=True)  # a path is copied whole
        stack.restart_dead()
