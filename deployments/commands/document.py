"""`ocop document`: the office's papers: listing, rendering by hand, signing, the package for the level above."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from deployments.commands import signing
from deployments.commands.call import Answer
from deployments.commands.data import Desk, reading_desk
from deployments.commands.tables import draw
from models.documents.framing import Making
from models.documents.issuing import write_file
from models.documents.kinds import kind_named
from models.documents.making_all import content, one_of_each, rows
from models.documents.package import forwarding_package, stored_content
from models.documents.pdf import to_pdf
from models.documents.rendering import render as render_paper
from models.documents.subjects import file_name
from models.documents.templates import template_of
from models.documents.waiting import Awaited, waiting_papers
from models.errors import WrongMomentError
from models.paging import every_page
from models.rounds.queries import round_by_code
from models.settings import settings

app = App(name="document", help="Giấy tờ của văn phòng.")
signing.register(app)

Out = Annotated[Path, Parameter("--out", help="Thư mục để ghi tệp.")]
AsPdf = Annotated[bool, Parameter("--pdf", help="Làm thêm bản PDF (cần LibreOffice).")]


@app.command(name="list")
def list_(
    *,
    kind: Annotated[str | None, Parameter(help="Chỉ một loại, ví dụ decision.")] = None,
    waiting: Annotated[
        Literal["number", "signature"] | None, Parameter(help="Chỉ giấy tờ chờ ghi số, hoặc chờ bản đã ký.")
    ] = None,
) -> Answer:
    """Liệt kê giấy tờ làm được từ dữ liệu hiện có, bản đã làm và bản đã ban hành."""
    if waiting is not None:
        return _waiting(Awaited(waiting), kind)
    with reading_desk() as desk:
        found = rows(_making(desk), (kind_named(kind),) if kind else ())
    cells = [
        (r.kind, r.id, r.label, r.number, r.dated, r.version, "đã ban hành" if r.frozen else "dự thảo") for r in found
    ]
    columns = ["Loại", "Mã", "Tên", "Số", "Ngày", "Bản", "Tình trạng"]
    return Answer(found, draw("Giấy tờ", columns, cells))


def _waiting(awaited: Awaited, kind: str | None) -> Answer:
    with reading_desk() as desk:
        found = list(every_page(lambda asked: waiting_papers(desk.session, None, awaited, asked)))
    chosen = [line for line in found if kind is None or line.kind == kind_named(kind).code]
    cells = [(p.kind, p.subject, p.label, p.number, p.dated, p.version) for p in chosen]
    return Answer(chosen, draw("Giấy tờ cần xử lý", ["Loại", "Mã", "Tên", "Số", "Ngày", "Bản"], cells))


@app.command
def render(
    kind: Annotated[str, Parameter(help="Loại giấy tờ, ví dụ decision.")],
    id_: Annotated[str, Parameter("ID", help="Mã, xem: ocop document list.")],
    /,
    *,
    out: Out,
    pdf: AsPdf = False,
) -> Answer:
    """Làm một giấy tờ: <loại>__<mã>.docx. Giấy đã có số là bản đã ban hành."""
    with reading_desk() as desk:
        chosen = kind_named(kind)
        made = content(_making(desk), chosen, id_, settings().home)
        if made is None:
            raise WrongMomentError(
                f"Chưa có gì để làm {chosen.label[:1].lower()}{chosen.label[1:]} cho «{id_}».",
                field="id",
                remedy=f"Xem các mã dùng được: ocop document list --kind {kind}.",
            )
    return _written({file_name(kind, id_): made}, out, pdf)


@app.command
def render_all(*, out: Out, pdf: AsPdf = False) -> Answer:
    """Làm mỗi loại, mỗi trường hợp một bản để xem, kể cả phiếu chấm để trống của 52 bộ tiêu chí."""
    home = settings().home
    with reading_desk() as desk:
        found = one_of_each(_making(desk))
        files = {file_name(p.kind.code, p.subject): render_paper(template_of(p.kind, home), p.paper) for p in found}
    return _written(files, out, pdf)


@app.command
def package(round_: Annotated[str, Parameter("ROUND", help="Mã đợt.")], /, *, out: Out) -> Answer:
    """Gói hồ sơ chuyển lên cấp trên: một tệp ZIP theo đúng thứ tự danh mục."""
    with reading_desk() as desk:
        row = round_by_code(desk.session, round_)
        packed = forwarding_package(_making(desk), row, settings().home, stored_content(desk.session))
    return _written({f"chuyen-cap-tren__{round_}.zip": packed}, out, pdf=False)


def _making(desk: Desk) -> Making:
    return Making(desk.session, desk.today)


def _written(files: dict[str, bytes], out: Path, pdf: bool) -> Answer:
    paths = [out / name for name in files]
    for path, made in zip(paths, files.values(), strict=True):
        write_file(path, made)
    if pdf:
        paths += to_pdf(paths, out)
    names = [str(path) for path in paths]
    return Answer({"files": names}, "\n".join(names))
