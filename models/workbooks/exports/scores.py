"""The scores of a session: one sheet a product, with live formulas, so that a member can add up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from models.councils.scoring_rows import evaluate_product
from models.councils.sessions import still_on_agenda
from models.criteria import CriteriaSet, load_set
from models.criteria.schema import Group
from models.enums import SessionStatus
from models.errors import WrongMomentError
from models.scoring.result import Result
from models.tables import CouncilSession, Person, ScoreSheet, SessionProduct
from models.workbooks.exports.sheet_names import sheet_names
from models.workbooks.writing import HEADER_ROW, Book, new_book

FIRST = 4
"""The column of the first member: code, criterion, maximum and levels stand before it."""

WIDTHS = (8, 50, 8, 20)
MEMBER_WIDTH = 15
SUMMARY = "Tổng hợp"


@dataclass
class _Page:
    """One product's sheet while it is written: which rows hold what."""

    product: SessionProduct
    sheets: list[ScoreSheet]
    criteria: CriteriaSet
    scored: Result
    name: str
    groups: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    row: int = HEADER_ROW
    total: int = 0

    @property
    def columns(self) -> range:
        return range(FIRST, FIRST + len(self.sheets))

    def range(self, row: int) -> str:
        """The cells of all members in a row."""
        return f"{xl_rowcol_to_cell(row, FIRST)}:{xl_rowcol_to_cell(row, FIRST + len(self.sheets) - 1)}"


def check_concluded(meeting: CouncilSession) -> None:
    """Refuse the sheets of a session that is not concluded.

    Raises:
        WrongMomentError: it is not.
    """
    if meeting.status is not SessionStatus.CONCLUDED:
        raise WrongMomentError(
            "Phiên họp chưa kết luận nên chưa xuất được phiếu điểm của các thành viên.",
            field="round",
            remedy="Xuất sau khi thư ký đóng phiên chấm.",
        )


def export_scores(meeting: CouncilSession, path: Path, now: datetime) -> int:
    """Write the sheets of a concluded session; the number of products. Values in the cells are the engine's.

    Raises:
        WrongMomentError: the scoring is not closed: no member sees another's sheet before [local].
    """
    check_concluded(meeting)
    products = still_on_agenda(meeting)
    names = sheet_names([product.attempt.dossier.product.name for product in products])
    pages = [_page(product, name) for product, name in zip(products, names, strict=True)]
    with new_book(path, now, f"Phiếu điểm {meeting.round.title}") as book:
        members = _members(meeting, pages)
        summary = book.sheet(SUMMARY, _summary_widths(members), frozen=2)
        for page in pages:
            _write_page(book, page)
        _write_summary(book, summary, meeting, pages, members)
    return len(pages)


def _page(product: SessionProduct, name: str) -> _Page:
    scored = evaluate_product(product)
    sheets = [
        sheet
        for sheet in product.sheets
        if sheet.scoring == product.scoring and sheet.member.person.code in scored.totals
    ]
    seats = {member.id: at for at, member in enumerate(product.session.council.members)}
    sheets.sort(key=lambda sheet: seats[sheet.member_id])
    attempt = product.attempt
    return _Page(product, sheets, load_set(attempt.criteria_source, attempt.criteria_set), scored, name)


def _write_page(book: Book, page: _Page) -> None:
    widths = [*WIDTHS, *(MEMBER_WIDTH for _ in page.sheets)]
    sheet = book.sheet(page.name, widths, frozen=2)
    product, attempt = page.product.attempt.dossier.product, page.product.attempt
    note = (
        f"Hồ sơ {attempt.dossier.code} · {product.producer.name} · Bộ {page.criteria.number}: {page.criteria.name} · "
        f"chấm lần {page.product.scoring}. Sửa một ô màu vàng, các tổng và điểm trung bình tự tính lại."
    )
    members = [sheet_.member.person.name for sheet_ in page.sheets]
    book.heading(sheet, product.name, note, ["Mã", "Tiêu chí", "Tối đa", "Các mức", *members])
    for part in page.criteria.parts:
        start = len(page.groups)
        for group in part.groups:
            _write_group(book, sheet, page, group)
        rows = page.groups[start:]
        _write_sum(book, sheet, page, f"Phần {part.code}", part.name, part.max, rows)
        page.parts.append(page.row)
    most = sum(part.max for part in page.criteria.parts)
    _write_sum(book, sheet, page, "", "TỔNG ĐIỂM", most, page.parts)
    page.total = page.row
    _write_result(book, sheet, page)


def _write_group(book: Book, sheet: Worksheet, page: _Page, group: Group) -> None:
    first = page.row + 1
    case = page.product.attempt.case if page.criteria.cases else None
    for criterion in group.criteria:
        page.row += 1
        allowed = criterion.allowed_points(case)
        cells = [criterion.code, criterion.name, criterion.max, " / ".join(map(str, allowed))]
        points = [sheet_.choices[criterion.code] for sheet_ in page.sheets]
        styles = ["text", "text", "whole", "text", *("given" for _ in points)]
        book.row(sheet, page.row, [*cells, *points], WIDTHS, styles)
        if page.sheets:
            area = (page.row, page.columns.start, page.row, page.columns.stop - 1)
            words = f"Chọn một trong: {', '.join(map(str, allowed))}."
            check = {"validate": "list", "source": [str(points) for points in allowed], "error_message": words}
            sheet.data_validation(*area, {**check, "error_title": "Không có mức này"})
    rows = list(range(first, page.row + 1))
    _write_sum(book, sheet, page, group.code, f"Cộng nhóm {group.code}: {group.name}", group.max, rows, block=True)
    page.groups.append(page.row)


def _write_sum(
    book: Book,
    sheet: Worksheet,
    page: _Page,
    code: str,
    words: str,
    most: int,
    rows: Sequence[int],
    *,
    block: bool = False,
) -> None:
    """A row that adds up rows above it: a block of them, or one by one; no row is counted twice."""
    page.row += 1
    book.row(sheet, page.row, [code, words, most, ""], WIDTHS, ["label", "label", "sum", "label"])
    for at, column in enumerate(page.columns):
        letter = xl_col_to_name(column)
        cells = f"{letter}{rows[0] + 1}:{letter}{rows[-1] + 1}" if block else ",".join(f"{letter}{r + 1}" for r in rows)
        sheet.write_formula(page.row, column, f"=SUM({cells})", book.style("sum"), _value(page, at, code))


def _value(page: _Page, at: int, code: str) -> int:
    """What a sum is: of a group, of a part ("Phần A"), or of all ("")."""
    choices = page.sheets[at].choices
    if not code:
        return int(page.scored.totals[page.sheets[at].member.person.code])
    for part in page.criteria.parts:
        if code == f"Phần {part.code}":
            return sum(choices[c.code] for group in part.groups for c in group.criteria)
    group = next(group for group in page.criteria.groups if group.code == code)
    return sum(choices[c.code] for c in group.criteria)


def mean_formula(cells: str) -> str:
    """The mean with two decimals, cut off and never rounded up; whole numbers only, so that nothing is lost."""
    return f"=INT(SUM({cells})*100/COUNT({cells}))/100"


def cut_value(mean: Fraction) -> float:
    """The mean as the formula gives it."""
    return (mean.numerator * 100 // mean.denominator) / 100


def _write_result(book: Book, sheet: Worksheet, page: _Page) -> None:
    scored, result = page.scored, page.product.result
    if scored.mean is not None and scored.spread is not None:
        cells = page.range(page.total)
        _formula(book, sheet, page, "Điểm trung bình", mean_formula(cells), cut_value(scored.mean), "mean")
        spread = f"=MAX({cells})-MIN({cells})"
        _formula(book, sheet, page, "Chênh lệch giữa các thành viên", spread, int(scored.spread), "sum")
        mean_cell = xl_rowcol_to_cell(page.row - 1, FIRST)
        same = f'=IF({mean_cell}={cut_value(scored.mean)},"khớp","khác: điểm đã bị sửa trong tệp này")'
        _formula(book, sheet, page, f"So với phần mềm ({_comma(scored.mean)})", same, "khớp", "text")
    stars = result.stars if result is not None else scored.stars
    _line(book, sheet, page, "Hạng sao hội đồng đề xuất", f"{stars} sao" if stars else "không xếp hạng")
    if result is not None and result.override_reason:
        _line(book, sheet, page, "Lý do hội đồng quyết khác", result.override_reason)
    absent = [m.person.name for m in page.product.session.council.members if m.person.code not in scored.totals]
    if absent:
        _line(book, sheet, page, "Vắng mặt hoặc từ chối chấm", "; ".join(absent))


def _formula(
    book: Book, sheet: Worksheet, page: _Page, words: str, formula: str, value: float | str, style: str
) -> None:
    page.row += 1
    book.row(sheet, page.row, ["", words, "", ""], WIDTHS, ["label"] * 4)
    sheet.write_formula(page.row, FIRST, formula, book.style(style), value)


def _line(book: Book, sheet: Worksheet, page: _Page, words: str, text: str) -> None:
    page.row += 1
    wide = (*WIDTHS, max(len(page.sheets), 1) * MEMBER_WIDTH)
    book.row(sheet, page.row, ["", words, "", "", text], wide, ["label"] * 4)
    if len(page.sheets) > 1:
        sheet.merge_range(page.row, FIRST, page.row, page.columns.stop - 1, text, book.style("text"))


def _comma(mean: Fraction) -> str:
    whole, rest = divmod(mean.numerator * 100 // mean.denominator, 100)
    return f"{whole},{rest:02d}"


def _members(meeting: CouncilSession, pages: list[_Page]) -> list[Person]:
    """Who scored any of the products, in the order of the seats."""
    codes = {sheet.member.person.code for page in pages for sheet in page.sheets}
    return [member.person for member in meeting.council.members if member.person.code in codes]


def _summary_widths(members: list[Person]) -> list[int]:
    return [5, 34, *(13 for _ in members), 12, 12, 14]


def _write_summary(
    book: Book, sheet: Worksheet, meeting: CouncilSession, pages: list[_Page], members: list[Person]
) -> None:
    """All products on one page: totals come from their sheets."""
    headings = ["TT", "Sản phẩm", *(person.name for person in members), "Điểm trung bình", "Chênh lệch", "Hạng sao"]
    note = f"{meeting.council.name}; họp ngày {meeting.held_on:%d/%m/%Y} tại {meeting.place}. Ô trống: không chấm."
    book.heading(sheet, f"TỔNG HỢP ĐIỂM {meeting.round.title.upper()}", note, headings)
    for number, page in enumerate(pages, start=1):
        _summary_row(book, sheet, page, number, members)


def _summary_row(book: Book, sheet: Worksheet, page: _Page, number: int, members: list[Person]) -> None:
    row, product, result = HEADER_ROW + number, page.product.attempt.dossier.product, page.product.result
    stars = f"{result.stars} sao" if result is not None and result.stars else "không xếp hạng"
    values = [number, product.name, *("" for _ in members), "", "", stars]
    book.row(sheet, row, values, _summary_widths(members))
    quoted = page.name.replace("'", "''")
    for at, member_sheet in enumerate(page.sheets):
        cell, code = xl_rowcol_to_cell(page.total, FIRST + at), member_sheet.member.person.code
        column = 2 + [person.code for person in members].index(code)
        sheet.write_formula(row, column, f"='{quoted}'!{cell}", book.style("sum"), int(page.scored.totals[code]))
    mean, spread = page.scored.mean, page.scored.spread
    if mean is None or spread is None:
        return
    cells = f"{xl_rowcol_to_cell(row, 2)}:{xl_rowcol_to_cell(row, 1 + len(members))}"
    sheet.write_formula(row, 2 + len(members), mean_formula(cells), book.style("mean"), cut_value(mean))
    sheet.write_formula(row, 3 + len(members), f"=MAX({cells})-MIN({cells})", book.style("sum"), int(spread))
