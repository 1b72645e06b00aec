"""Templates of a certificate's life: certificate, expiry notice, revocation decision."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from templates.documents.build.layout import Page, into, keep_whole
from templates.documents.build.parts import END, MOTTO, STATE, bases, head, letter, signature, title

LONG, VERY_LONG = 60, 140
"""From how many letters on a text is printed smaller, so that the certificate stays on one page."""


def certificate() -> Page:
    """The certificate, on one landscape page."""
    page = Page("Giấy chứng nhận sản phẩm OCOP", landscape=True)
    section = page.document.sections[0]
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(18)
    _border(page)
    page.center(STATE, size=13, bold=True)
    page.center(MOTTO, size=14, bold=True, underline=True, after=6)
    page.center("{{ granted_by }}", size=16, bold=True, before=10)
    page.center("chứng nhận", size=14, italic=True, before=4)
    _fitted(page, "Sản phẩm:", "product", (24, 18, 12), bold=True, before=8, after=4)
    _fitted(page, "Chủ thể:", "producer", (16, 13, 11))
    _fitted(page, "Địa chỉ:", "address", (14, 12, 10), before=2, after=6)
    page.center("GIẤY CHỨNG NHẬN SẢN PHẨM OCOP ĐẠT {{ stars }} SAO", size=22, bold=True, before=8)
    stars = page.center("{{ '★' * stars }}", size=30)
    stars.runs[0].font.name = "DejaVu Sans"
    page.center("Mã sản phẩm: **{{ code }}**", size=13)
    page.center("({{ decision }}; có giá trị đến hết {{ valid_until }})", size=13, italic=True, after=8)
    _foot(page)
    return page


def _fitted(page: Page, label: str, field: str, sizes: tuple[int, int, int], **format_: object) -> None:
    """A line whose size (points) is by the length of what it says."""
    lengths = (
        f"{field}|length <= {LONG}",
        f"{LONG} < {field}|length <= {VERY_LONG}",
        f"{field}|length > {VERY_LONG}",
    )
    for condition, size in zip(lengths, sizes, strict=True):
        page.when(condition, f"{label} {{{{ {field} }}}}", "center", size=size, **format_)


def _foot(page: Page) -> None:
    table = page.grid([page.width * 0.4, page.width * 0.6])
    keep_whole(table.rows[0]._tr)
    left, right = table.rows[0].cells
    into(left, "{{ qr }}", "center", first=True)
    into(left, "Tra cứu hiệu lực", "center", size=10, italic=True)
    into(right, "{{ place_and_date }}", "center", first=True, size=13, italic=True, keep_next=True)
    into(right, "{%p for line in signature.before %}", keep_next=True)
    into(right, "{{ line }}", "center", size=13, bold=True, keep_next=True)
    into(right, "{%p endfor %}", keep_next=True)
    into(right, "{{ signature.post }}", "center", size=13, bold=True, keep_next=True)
    for _ in range(3):
        into(right, "", size=11, keep_next=True)
    into(right, "{{ signature.name }}", "center", size=14, bold=True)
    last = page.document.add_paragraph()  # Word asks for a paragraph after a table
    last.paragraph_format.line_spacing = Pt(1)


def _border(page: Page) -> None:
    """A double line around the page."""
    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "page")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "double"), ("sz", "12"), ("space", "24"), ("color", "C00000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = page.document.sections[0]._sectPr
    properties.find(qn("w:pgMar")).addnext(borders)


def expiry_notice() -> Page:
    """The notice that a certificate will end."""
    page = Page("Thông báo giấy chứng nhận sản phẩm OCOP sắp hết hiệu lực")
    head(page)
    title(page, "THÔNG BÁO", "Giấy chứng nhận sản phẩm OCOP sắp hết hiệu lực")
    letter(page)
    page.text(
        "Giấy chứng nhận số **{{ code }}** cấp cho sản phẩm **{{ product }}** ({{ stars }}) của {{ producer }} theo "
        "{{ decision }} có giá trị đến hết {{ valid_until }}."
    )
    page.text(
        "{% if still %}Thời hạn nộp hồ sơ đánh giá lại ({{ file_by }}) đã qua. {{ still }}"
        "{% else %}Để tiếp tục được công nhận, đề nghị chủ thể nộp hồ sơ đánh giá lại chậm nhất {{ file_by }}{% endif %}"
        "{% if round_title %} ({{ round_title|lower }}){% endif %}. Hồ sơ bắt đầu từ hồ sơ cũ; giấy tờ còn hạn được dùng lại."
    )
    page.tag("if to_renew")
    page.text("Giấy tờ phải làm mới vì hết hạn trước ngày họp Hội đồng:", keep_next=True)
    page.listed("one in to_renew", "{{ one }}", before=3)
    page.tag("endif")
    page.text(
        "Nếu không đánh giá lại, đề nghị chủ thể báo bằng văn bản. Sau ngày hết hiệu lực, chủ thể không được sử dụng biểu "
        "trưng OCOP và kết quả phân hạng trên sản phẩm" + END
    )
    signature(page)
    return page


def revocation_decision() -> Page:
    """The decision that revokes a certificate."""
    page = Page("Quyết định thu hồi giấy chứng nhận sản phẩm OCOP")
    head(page)
    title(page, "QUYẾT ĐỊNH", "Thu hồi Giấy chứng nhận sản phẩm OCOP")
    page.center("{{ authority|upper }}", bold=True, before=6, after=6)
    bases(page)
    page.center("QUYẾT ĐỊNH:", bold=True, before=8, after=4)
    page.text(
        "**Điều 1.** Thu hồi Giấy chứng nhận sản phẩm OCOP số {{ code }}, cấp theo {{ decision }} cho sản phẩm "
        "**{{ product }}** ({{ stars }}) của {{ producer }}, địa chỉ: {{ address }}."
    )
    page.text("Căn cứ thu hồi: {{ ground }}. Nội dung phát hiện ({{ found_on }}): {{ finding }}.")
    page.text(
        "**Điều 2.** {{ producer }} nộp lại Giấy chứng nhận và ngừng sử dụng biểu trưng OCOP, kết quả phân hạng đối với "
        "sản phẩm này kể từ ngày Quyết định có hiệu lực. {{ office }} cập nhật sổ và công khai việc thu hồi."
    )
    page.text(
        "**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký. {{ office }}; {{ commune }}; {{ producer }} và các tổ chức, "
        "cá nhân liên quan chịu trách nhiệm thi hành Quyết định này" + END
    )
    signature(page)
    return page
