"""`ocop demo`: the plan of 2024 played on a real server and worker, in simulated time."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from deployments.data_folder import locked_folder, mark_demo_folder, prepare_demo_folder
from deployments.demo.mailbox import Mailbox, receiving
from deployments.prefect_server import free_port
from deployments.stop_signals import end_like_ctrl_c
from models.settings import Settings

DEFAULT_HOME = Path.home() / ".ocop-demo"


def run_demo(
    *,
    home: Path,
    seed: int,
    port: int | None,
    facts_file: Path | None,
    reset: bool,
    keep: bool,
    until: date | None,
    console: Console,
) -> dict[str, Any]:
    """Play the year in the folder `home` and give the facts.

    Raises:
        PersonError: the folder holds other data, is in use, or the port is taken.
        RetryableError: server or worker did not come up or stopped.
    """
    end_like_ctrl_c()
    with locked_folder(home):
        prepare_demo_folder(home, reset=reset)
        mark_demo_folder(home)
        # Only the demo's own receiver: what is played must not reach a real person.
        with receiving(home) as (mail, smtp_url):
            chosen = Settings(
                home=home,
                prefect_port=port or free_port(),
                portal_port=free_port(),
                database_url=None,
                portal_url=None,
                smtp_url=smtp_url,
            )
            return _play(chosen, mail, seed, facts_file, keep, until, console)


def _play(
    chosen: Settings,
    mail: Mailbox,
    seed: int,
    facts_file: Path | None,
    keep: bool,
    until: date | None,
    console: Console,
) -> dict[str, Any]:
    # Prefect takes seconds to import; the folder was checked before.
    from deployments.stack import Stack

    begun = time.monotonic()
    stack = Stack(chosen)
    console.print(f"Dữ liệu: {chosen.home}   Prefect: {stack.url}")
    with console.status("Đang khởi động máy chủ Prefect và tiến trình xử lý…"):
        stack.start(scheduled=False)
    try:
        from deployments.demo.engine_counts import engine_counts
        from deployments.demo.facts import collect
        from deployments.demo.runner import Runner
        from deployments.demo.summary import print_summary

        with console.status("Năm 2024") as status:

            def tell(words: str, on: date) -> None:
                console.print(f"[dim]{on:%d/%m/%Y}[/dim]  {words}")
                status.update(f"{on:%d/%m/%Y}  {words}")

            runner = Runner(stack, seed, tell)
            runner.play(until)
        with runner.transaction() as session:
            facts = collect(session, runner.clock.today(), engine_counts(f"{stack.url}/api"), runner.worker_kills)
            facts["mailbox"] = {"path": str(mail.path), **mail.counts()}
        if facts_file is not None:
            facts_file.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print_summary(facts, console)
        console.print(f"Thời gian: {time.monotonic() - begun:.0f} giây.")
        if keep:
            _keep(stack, console)
        else:
            console.print("Xem trên giao diện Prefect: chạy lại với --reset --keep, hoặc «ocop up» trên thư mục này.")
        return facts
    finally:
        stack.stop()


def _keep(stack: Any, console: Console) -> None:
    stack.start_portal()
    console.print(f"Giao diện Prefect: {stack.url}/runs   (Ctrl-C để dừng)")
    console.print(f"Cổng làm việc: {stack.portal_url}")
    console.print(
        f"Vào cổng: «ocop --home {stack.settings.home} user add dieu-phoi» cho mật khẩu của cán bộ điều phối."
    )
    try:
        while stack.died() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        console.print("Đang dừng…")
