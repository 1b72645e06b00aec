"""`ocop dossier`: handing in, again, withdrawing, listing and showing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.correcting import correct_item, item_of_dossier
from deployments.commands.data import Desk, current_settings, reading_desk, writing_desk
from deployments.commands.files import path_of, read_record
from deployments.commands.options import STDIN, Number
from deployments.commands.paper_files import local_papers
from deployments.commands.tables import cell, draw
from models.dossiers.comparing import CHANGES, compare
from models.dossiers.handing_in import resubmit as hand_in_again
from models.dossiers.handing_in import submit as hand_in
from models.dossiers.handing_in import withdraw as take_back
from models.dossiers.listing import dossier_rows
from models.dossiers.queries import AttemptDetail, DossierDetail, StepRow, dossier_detail
from models.enums import Role
from models.errors import InputError
from models.forms.words import outcome_in_words
from models.rounds.queries import round_by_code
from models.tables import DossierAttempt

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="dossier", help="Hồ sơ sản phẩm.")

Code = Annotated[str, Parameter(help="Mã hồ sơ, ví dụ 2024-001.")]
WHO = (Role.COORDINATOR, Role.COMMUNE_OFFICER, Role.PRODUCER)


@app.command
def submit(file: Annotated[str, Parameter(help="Tệp hồ sơ (JSON hoặc YAML); «-»: JSON từ đầu vào.")], /) -> Answer:
    """Nộp hồ sơ lần đầu trong đợt. (Chủ thể, UBND xã hoặc văn phòng điều phối)

    Giấy tờ ghi «path: đường-dẫn-tệp» thì tệp đó (PDF, ảnh, Word, Excel) được kiểm tra và đưa vào kho.
    """
    found = current_settings()
    with local_papers(read_record(file), file, found) as papers, writing_desk() as desk:
        who = acting(desk, *WHO)
        data = papers.keep(desk.session, who, desk.now, found.files_dir)
        return _received(desk, hand_in(desk.session, data, who, desk.now))


@app.command
def resubmit(
    code: Code,
    file: Annotated[str | None, Parameter(help="Tệp thay đổi (JSON hoặc YAML); «-»: JSON từ đầu vào.")] = None,
    /,
) -> Answer:
    """Nộp lại hồ sơ bị trả, rút, bị loại hoặc chưa được công nhận: giấy tờ còn hạn được mang sang."""
    given, found = ({} if file is None else read_record(file)), current_settings()
    with local_papers(given, file or STDIN, found) as papers, writing_desk() as desk:
        who = acting(desk, *WHO)
        data = papers.keep(desk.session, who, desk.now, found.files_dir)
        return _received(desk, hand_in_again(desk.session, code, data, who, desk.now))


@app.command
def diff(
    code: Code,
    /,
    *,
    attempts: Annotated[str | None, Parameter(help="Hai lần nộp, ví dụ 1,2 (mặc định: hai lần cuối).")] = None,
) -> Answer:
    """So hai lần nộp của một hồ sơ: giấy tờ thêm, bỏ, thay, mang sang; phiếu, báo cáo xã, kết quả đổi gì."""
    numbers = _two_numbers(attempts) if attempts is not None else None
    with reading_desk() as desk:
        found = compare(desk.session, code, numbers)
    cells = [(d.part, d.what, CHANGES[d.change], d.before, d.after) for d in found.lines]
    columns = ["Phần", "Mục", "Thay đổi", f"Lần {found.before}", f"Lần {found.after}"]
    return Answer(found, draw(f"Hồ sơ {code}", columns, cells))


def _two_numbers(text: str) -> tuple[int, int]:
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) != len(("before", "after")) or not all(n.isascii() and n.isdigit() for n in numbers):
        raise InputError(f"«{text}» không phải hai lần nộp.", field="--attempts", remedy="Ví dụ: --attempts 1,2.")
    return int(numbers[0]), int(numbers[1])


@app.command
def withdraw(code: Code, /, *, reason: Annotated[str, Parameter(help="Lý do rút hồ sơ.")]) -> Answer:
    """Rút hồ sơ đang xử lý."""
    if not reason.strip():
        raise InputError("Rút hồ sơ phải ghi lý do.", field="--reason", remedy="Ghi lý do trong dấu ngoặc kép.")
    with writing_desk() as desk:
        take_back(desk.session, code, reason.strip(), acting(desk, *WHO), desk.now)
        detail = dossier_detail(desk.session, code, desk.today)
    return Answer(detail, f"Đã rút hồ sơ {code} ({detail.dossier.product}).")


@app.command
def correct(
    code: Code,
    file: Annotated[str, Parameter(help="Tệp các mục cần sửa (JSON hoặc YAML); «-»: JSON từ đầu vào.")],
    /,
    *,
    reason: Annotated[str, Parameter(help="Lý do đính chính.")],
    item: Annotated[Number | None, Parameter(help="Số của việc (xem: ocop dossier show).")] = None,
    step: Annotated[str | None, Parameter(help="Hoặc tên bước, ví dụ commune_assessment.")] = None,
    turn: Annotated[Number, Parameter(help="Lượt của bước.")] = 1,
) -> Answer:
    """Đính chính kết quả đã ghi của một bước: giữ cả hai bản, chỉ mở lại đúng những bước dựa vào kết quả đó."""
    data = read_record(file)
    with writing_desk() as desk:
        return correct_item(desk, item_of_dossier(desk, code, item, step, turn), data, reason)


@app.command
def export(
    code: Code,
    /,
    *,
    out: Annotated[str, Parameter(help="Tệp ZIP sẽ ghi.")],
    scores: Annotated[bool, Parameter(help="Kèm phiếu chấm và kết quả của các lượt chấm đã kết thúc.")] = False,
) -> Answer:
    """Xuất cả hồ sơ thành một tệp ZIP kèm mã băm từng mục.

    (Văn phòng điều phối của hồ sơ, kiểm toán; chủ thể xuất hồ sơ của mình, không kèm phiếu chấm.)
    """
    from deployments.commands.package import write_out
    from models.dossiers.package import dossier_package
    from models.files.zip_stream import stream_zip

    found = current_settings()
    with writing_desk() as desk:
        who = acting(desk, Role.COORDINATOR, Role.AUDITOR, Role.PRODUCER)
        parts = dossier_package(
            desk.session, code, who, desk.now, scores=scores, folder=found.files_dir, home=found.home
        )
    target = write_out(stream_zip(parts, desk.now), out)
    data = {"dossier": code, "file": str(target), "entries": len(parts), "bytes": target.stat().st_size}
    return Answer(data, f"Đã xuất hồ sơ {code}: {target} ({len(parts)} mục). Kiểm tra: ocop dossier verify {target}")


@app.command
def verify(file: Annotated[str, Parameter(help="Tệp ZIP đã xuất.")], /) -> Answer:
    """Kiểm tra một tệp ZIP đã xuất: đủ mục, nội dung không đổi. Mã kết thúc 1 khi có sai lệch."""
    from models.files.zip_stream import verify_zip

    checked, faults = verify_zip(path_of(file))
    lines = [f"{fault.name}: {fault.problem}" for fault in faults]
    words = "Kết luận: có sai lệch." if faults else f"Kết luận: tốt, {checked} mục đúng mã băm."
    data = {"ok": not faults, "checked": checked, "faults": faults}
    return Answer(data, "\n".join([*lines, words]), status=1 if faults else 0)


@app.command(name="list")
def list_(*, round_: Annotated[str | None, Parameter("--round", help="Chỉ các hồ sơ của đợt này.")] = None) -> Answer:
    """Liệt kê hồ sơ."""
    with reading_desk() as desk:
        round_id = round_by_code(desk.session, round_).id if round_ else None
        rows = dossier_rows(desk.session, round_id)
    cells = [
        (
            r.code,
            r.product,
            r.commune,
            r.kind_label,
            f"{r.target_stars}★",
            r.round,
            r.attempt,
            r.received_on,
            r.status_label,
        )
        for r in rows
    ]
    columns = ["Mã", "Sản phẩm", "Xã", "Loại", "Đăng ký", "Đợt", "Lần", "Nhận ngày", "Trạng thái"]
    return Answer(rows, draw("Hồ sơ", columns, cells))


@app.command
def show(code: Code, /) -> Answer:
    """Xem một hồ sơ qua các lần nộp: giấy tờ, các bước, kết quả."""
    with reading_desk() as desk:
        detail = dossier_detail(desk.session, code, desk.today)
    return Answer(detail, lambda console: _draw(console, detail))


def _received(desk: Desk, attempt: DossierAttempt) -> Answer:
    detail = dossier_detail(desk.session, attempt.dossier.code, desk.today)
    row = detail.dossier
    words = f"Đã nhận hồ sơ {row.code} ({row.product}), lần {row.attempt}, đợt {row.round}, theo {attempt.regime}."
    latest = detail.attempts[-1]
    for step in latest.steps:
        if step.carried_from:
            words += f"\n{step.label}: mang sang từ lần {step.carried_from}."
    if latest.reported_anew:
        words += f"\nUBND xã phải đánh giá lại: {latest.reported_anew}."
    return Answer(detail, f"{words}\nCòn thiếu: {'; '.join(latest.missing)}." if latest.missing else words)


def _draw(console: Console, detail: DossierDetail) -> None:
    row = detail.dossier
    console.print(f"Hồ sơ {row.code} · {row.product} · {row.commune} · {row.producer}")
    console.print(f"{row.kind_label}, đăng ký {row.target_stars}★ · {row.status_label}")
    for attempt in detail.attempts:
        _draw_attempt(console, attempt)


def _draw_attempt(console: Console, attempt: AttemptDetail) -> None:
    title = f"Lần {attempt.number} · đợt {attempt.round} · nhận {attempt.received_on:%d/%m/%Y}"
    console.print(f"\n{title} · {attempt.regime}, bộ {attempt.criteria_set} · {attempt.status_label}")
    if attempt.ended_because:
        console.print(f"Lý do: {attempt.ended_because}")
    if attempt.missing:
        console.print(f"Còn thiếu: {'; '.join(attempt.missing)}")
    if attempt.finish_by:
        console.print(f"Chuyển tiếp: phải xong theo quy định cũ chậm nhất {attempt.finish_by:%d/%m/%Y}")
    for missed, to in attempt.carried_rounds:
        console.print(f"Chưa kịp hội đồng đợt {missed}: {f'chuyển sang đợt {to}' if to else 'chờ đợt kế tiếp'}")
    links = [f"{words}: {n}" for words, n in (("lần trước", attempt.previous), ("lần sau", attempt.next)) if n]
    if links:
        console.print(" · ".join(links).capitalize())
    if attempt.reported_anew:
        console.print(f"UBND xã đánh giá lại vì: {attempt.reported_anew}")
    for line in attempt.changes:
        console.print(f"Khác lần {attempt.previous}: {line.part} · {line.what}: {CHANGES[line.change]}")
    steps = [(s.item, s.label, s.turn, s.opened_on, s.due_on, s.closed_on, _outcome(s)) for s in attempt.steps]
    columns = ["Việc", "Bước", "Lượt", "Mở", "Hạn", "Đóng", "Kết quả"]
    draw("Các bước", columns, steps, [s.late for s in attempt.steps])(console)
    papers = [(p.label, p.title, p.issued_on, p.expires_on, _pages(p.page_from, p.page_to)) for p in attempt.papers]
    draw("Giấy tờ", ["Loại", "Tên", "Cấp", "Hết hạn", "Trang"], papers)(console)
    made = [
        (d.label, d.number, d.dated, d.version, "đã ban hành" if d.frozen else "dự thảo", "; ".join(d.signed), d.file)
        for d in attempt.documents
    ]
    if made:
        draw("Giấy tờ đã làm", ["Tên", "Số", "Ngày", "Bản", "Tình trạng", "Bản ký", "Tệp"], made)(console)
    for result in attempt.results:
        console.print(f"Hội đồng: {result.explanation}")
    for code in attempt.certificates:
        console.print(f"Giấy chứng nhận: {code}")


def _outcome(step: StepRow) -> str:
    notes = [f"mang sang từ lần {step.carried_from}" if step.carried_from else "", ""]
    if step.outcome and step.versions > 1 and not step.carried_from:
        notes[1] = f"bản {step.versions}"
    said = ", ".join(filter(None, notes))
    return f"{outcome_in_words(step.outcome) if step.outcome else step.status}{f' ({said})' if said else ''}"


def _pages(first: int | None, last: int | None) -> str:
    return f"{cell(first)}–{cell(last)}" if first or last else ""
