"""The command `ocop`: what commands there are, and the one place where answers and errors leave the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Group, Parameter

from deployments.commands.call import Call, calling
from deployments.commands.leaving import closed_pipe, print_answer, print_problems, speak_utf8
from deployments.commands.options import hyphen_for_stdin
from deployments.commands.words import VietnameseHelp
from models.errors import OcopError

LOOK_UP = Group.create_ordered("Tra cứu và tính (không cần dữ liệu)")
WORK = Group.create_ordered("Công việc của chu trình")
SET_UP = Group.create_ordered("Cài đặt và dữ liệu")
COMMON = Group("Tùy chọn chung (đặt trước hoặc sau lệnh)", sort_key=9)

RUN = Group.create_ordered("Chạy hệ thống")

COMMANDS: tuple[tuple[str, str, Group, str], ...] = (
    ("score", "contracts:score", LOOK_UP, "Chấm điểm, xếp hạng sao từ phiếu của hội đồng (JSON)."),
    ("due", "contracts:due", LOOK_UP, "Tính hạn theo ngày làm việc hoặc ngày lịch."),
    ("regime", "contracts:regime", LOOK_UP, "Quy định áp dụng cho hồ sơ theo ngày nhận và loại hồ sơ."),
    ("certificate", "contracts:certificate", LOOK_UP, "Hiệu lực và các mốc của giấy chứng nhận."),
    ("criteria", "criteria:app", LOOK_UP, "Các bộ tiêu chí."),
    ("status", "status:status", WORK, "Bảng theo dõi của đợt: sản phẩm ở bước nào, chờ ai, hạn nào."),
    ("plan", "plan:app", WORK, "Kế hoạch năm."),
    ("product", "product:app", WORK, "Danh mục sản phẩm, chủ thể."),
    ("round", "rounds:app", WORK, "Đợt đánh giá."),
    ("dossier", "dossier:app", WORK, "Hồ sơ sản phẩm."),
    ("task", "task:app", WORK, "Việc đang chờ người làm."),
    ("deadlines", "deadlines:deadlines", WORK, "Hạn của các việc và cách tính."),
    ("watch", "deadlines:watch", WORK, "Rà hạn một lần: ghi bậc nhắc, đặt thông báo (không cần Prefect)."),
    ("report", "report:app", WORK, "Báo cáo."),
    ("document", "document:app", WORK, "Giấy tờ: liệt kê, làm bản Word và PDF, gói hồ sơ chuyển cấp trên."),
    ("template", "template:app", SET_UP, "Mẫu Word của văn phòng: kiểm tra."),
    ("export", "export:app", WORK, "Xuất bảng theo dõi, sổ, phiếu điểm, bảng báo cáo, dữ liệu mở."),
    ("notify", "notify:app", WORK, "Thông báo: kênh nhận, hộp thư đến, gửi thử, bản tổng hợp, lịch."),
    ("up", "running:up", RUN, "Chạy cả hệ thống trên máy này cho đến khi nhấn Ctrl-C."),
    ("deploy", "deploy:deploy", RUN, "Tạo, cập nhật deployment, lịch chạy và automation trong Prefect."),
    ("demo", "running:demo", RUN, "Diễn lại kế hoạch năm 2024 trên máy chủ thật, thời gian giả lập."),
    ("flows", "flows:app", RUN, "Luồng xử lý."),
    ("office", "office:app", SET_UP, "Danh mục đơn vị, hội đồng."),
    ("person", "person:app", SET_UP, "Người dùng và vai trò."),
    ("user", "user:app", SET_UP, "Tài khoản vào cổng làm việc."),
    ("delegate", "delegate:app", SET_UP, "Ủy quyền: làm thay mặt nhau trong một thời gian."),
    ("db", "db:app", SET_UP, "Cơ sở dữ liệu."),
)
"""Name, place of the code under `deployments.commands`, panel of the help page, help. A new command is one line."""

CONTRACTS = {"score", "due", "regime", "certificate"}
"""Commands whose output is a contract with other tools: always JSON, errors too."""

HELP = """Điều hành chu trình OCOP (Mỗi xã một sản phẩm).

Mã kết thúc: 0 xong; 1 «db check» thấy sai; 2 cần sửa thông tin đưa vào; 3 trục trặc nhất thời, làm lại được; \
4 lỗi phần mềm hoặc dữ liệu."""


def build() -> App:
    """The application with its commands; each one's code is imported when it is called."""
    app = App(
        name="ocop",
        help=HELP,
        version=lambda: f"ocop {version('ocop-cycle')}",
        default_parameter=Parameter(negative=(), show_default=False),
        help_formatter=VietnameseHelp(),
        help_format="plaintext",
    )
    for name, place, group, help_ in COMMANDS:
        app.command(f"deployments.commands.{place}", name=name, group=group, help=help_)
    for flag, help_ in (("--help", "Hiện hướng dẫn này."), ("--version", "Hiện phiên bản.")):
        app[flag].help = help_
        app[flag].group = (COMMON,)
    app.meta.default(_launch)
    return app


def _launch(
    *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
    as_: Annotated[str | None, Parameter("--as", group=COMMON, env_var="OCOP_AS", help="Mã người thực hiện.")] = None,
    role: Annotated[
        str | None, Parameter("--role", group=COMMON, help="Vai trò, khi người đó giữ nhiều vai trò.")
    ] = None,
    home: Annotated[
        Path | None, Parameter("--home", group=COMMON, help="Thư mục dữ liệu (thay cho OCOP_HOME).")
    ] = None,
    json: Annotated[bool, Parameter("--json", group=COMMON, help="In kết quả bằng JSON.")] = False,
) -> Any:
    if home is not None:
        os.environ["OCOP_HOME"] = str(home.expanduser().absolute())
    with calling(Call(as_code=as_ or None, role=role or None, json=json)):
        return APP(hyphen_for_stdin(tokens), exit_on_error=False, print_error=False, result_action="return_value")


APP = build()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit status."""
    speak_utf8()
    given = sys.argv[1:] if argv is None else argv
    as_json = ("--json" in given and "demo" not in given) or _is_contract(given)
    try:
        answer = APP.meta(given, exit_on_error=False, print_error=False, result_action="return_value")
        return print_answer(answer, as_json)
    except BrokenPipeError:
        return closed_pipe()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    except Exception as error:
        return _report(error, as_json)


def _is_contract(tokens: Sequence[str]) -> bool:
    names = {name for name, *_ in COMMANDS}
    at = next((i for i, token in enumerate(tokens) if token in names), None)
    if at is None or tokens[at] not in CONTRACTS:
        return False
    # `certificate` has a contract of its own; its subcommands are ordinary commands
    return tokens[at] != "certificate" or all(token.startswith("-") for token in tokens[at + 1 : at + 2])


def _report(error: Exception, as_json: bool) -> int:
    from deployments.commands.problems import problems_and_status

    if os.environ.get("OCOP_DEBUG") and not isinstance(error, (OcopError, CycloptsError)):
        raise error
    problems, status = problems_and_status(error)
    try:
        print_problems(problems, as_json)
    except BrokenPipeError:
        return closed_pipe()
    return status


if __name__ == "__main__":
    sys.exit(main())
