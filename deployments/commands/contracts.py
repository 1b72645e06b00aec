"""The four contracts with other tools: `score`, `due`, `regime`, `certificate`. No database, no Prefect.

Each prints JSON, one object a line, whatever the options; they start fast because they import little.
"""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.options import STDIN, Day, Number


def score(file: Annotated[str, Parameter(help="Tệp JSON hoặc JSON Lines; «-»: đọc từ đầu vào.")] = STDIN, /) -> Answer:
    """Chấm điểm, xếp hạng sao từ phiếu của hội đồng: mỗi hồ sơ một đối tượng JSON, trả lời mỗi hồ sơ một dòng."""
    from deployments.commands.files import read_text
    from deployments.commands.score import score_stream

    answers, bad = score_stream(read_text(file, errors="surrogateescape"))
    return Answer(lines=tuple(answers), status=2 if bad else 0)


def due(
    *,
    from_: Annotated[Day, Parameter("--from", help="Ngày xảy ra sự kiện; ngày đầu được tính là ngày hôm sau.")],
    working_days: Annotated[Number | None, Parameter(help="Số ngày làm việc.")] = None,
    days: Annotated[Number | None, Parameter(help="Số ngày theo lịch.")] = None,
) -> Answer:
    """Tính hạn theo ngày làm việc (trừ ngày nghỉ, tính ngày làm bù) hoặc theo ngày lịch."""
    from models.calendar import OfficeCalendar, due_answer

    return Answer(lines=(due_answer(from_, working_days=working_days, days=days, calendar=OfficeCalendar()),))


def regime(
    *,
    received: Annotated[Day, Parameter(help="Ngày nhận hồ sơ.")],
    kind: Annotated[
        Literal["first", "upgrade", "renewal"], Parameter(help="Loại hồ sơ: lần đầu, nâng hạng, đánh giá lại.")
    ],
    pending_on: Annotated[Day | None, Parameter(help="Ngày mà hồ sơ còn chưa được đánh giá.")] = None,
) -> Answer:
    """Quy định áp dụng cho hồ sơ: cấp công nhận từng hạng sao, thời hạn, thành phần hồ sơ."""
    from models.regimes import DossierKind, regime_answer

    return Answer(lines=(regime_answer(received, DossierKind(kind), pending_on),))


certificate = App(name="certificate", help="Hiệu lực và các mốc của giấy chứng nhận.")


@certificate.default
def certificate_dates(
    *,
    issued: Annotated[Day, Parameter(help="Ngày cấp.")],
    on: Annotated[Day | None, Parameter(help="Ngày cần xem (mặc định: hôm nay).")] = None,
) -> Answer:
    """Hiệu lực và các mốc của giấy chứng nhận theo quy định đang áp dụng vào ngày cần xem."""
    from models.certificates.life import certificate_answer
    from models.clock import SystemClock

    return Answer(lines=(certificate_answer(issued, on or SystemClock().today()),))


certificate.command("deployments.commands.certificate:list_", name="list", help="Sổ giấy chứng nhận.")
certificate.command("deployments.commands.certificate:enter", name="enter", help="Ghi giấy chứng nhận cấp trước đây.")
certificate.command("deployments.commands.certificate_import:import_", name="import", help="Ghi giấy từ sổ cũ (Excel).")
certificate.command("deployments.commands.certificate:show", name="show", help="Một giấy chứng nhận từ đầu đến nay.")
certificate.command("deployments.commands.certificate:renew", name="renew", help="Nộp hồ sơ đánh giá lại.")
certificate.command("deployments.commands.certificate:inspect", name="inspect", help="Yêu cầu kiểm tra đột xuất.")
certificate.command("deployments.commands.certificate:revoke", name="revoke", help="Ghi phát hiện, thu hồi.")
certificate.command("deployments.commands.certificate:sweep", name="sweep", help="Rà các mốc, mở việc đến kỳ.")
