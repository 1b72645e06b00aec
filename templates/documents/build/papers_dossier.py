"""Templates of a dossier: forms 01, 02 and 03, request to supplement, score sheet."""

from __future__ import annotations

from templates.documents.build.layout import Column, Page, fix_widths, into, keep_whole, repeat_on_every_page, write
from templates.documents.build.parts import END, head, letter, national_head, signature, title


def _form(page: Page, number: str) -> None:
    page.text(f"Mẫu {number}", "right", size=12, bold=True, before=0)
    national_head(page)


def _signed_by_producer(page: Page) -> None:
    page.keep_last()
    page.center("", size=8, keep_next=True)
    table = page.grid([page.width / 2, page.width / 2])
    keep_whole(table.rows[0]._tr)
    right = table.rows[0].cells[1]
    into(right, "{{ place_and_date }}", "center", first=True, italic=True, keep_next=True)
    into(right, "{{ signature.post }}", "center", bold=True, keep_next=True)
    into(right, "(Ký, ghi rõ họ tên, đóng dấu nếu có)", "center", size=12, italic=True, keep_next=True)
    for _ in range(4):
        into(right, "", keep_next=True)
    into(right, "{{ signature.name }}", "center", bold=True)


def _producer(page: Page) -> None:
    page.filled("producer", "1. Tên chủ thể:", "{{ producer }}")
    page.filled("form", "2. Loại hình tổ chức:", "{{ form }}")
    page.filled(
        "registration",
        "3. Giấy đăng ký kinh doanh:",
        "số {{ registration }}{% if registered_on %}, cấp ngày {{ registered_on }}{% endif %}",
    )
    page.filled("address", "4. Địa chỉ:", "{{ address }}")
    page.filled(
        "phone or email", "5. Điện thoại, thư điện tử:", "{{ phone }}{% if phone and email %}; {% endif %}{{ email }}"
    )
    page.filled(
        "representative",
        "6. Người đại diện theo pháp luật:",
        "{{ representative }}{% if representative_post %}, {{ representative_post }}{% endif %}",
    )
    page.filled("representative_sex", "Giới tính:", "{{ representative_sex }}")
    page.filled("representative_ethnic_group", "Dân tộc:", "{{ representative_ethnic_group }}")


def registration_form() -> Page:
    """Form 01."""
    page = Page("Phiếu đăng ký đánh giá, phân hạng sản phẩm OCOP (mẫu 01)", body=13)
    _form(page, "01")
    title(page, "PHIẾU ĐĂNG KÝ", "Đánh giá, phân hạng sản phẩm OCOP {{ round_title|lower }}")
    letter(page)
    page.text("**I. THÔNG TIN CHỦ THỂ**", keep_next=True)
    _producer(page)
    page.text("**II. SẢN PHẨM ĐĂNG KÝ**", before=10, keep_next=True)
    page.text("1. Tên sản phẩm: **{{ product }}**")
    page.text("2. Ngành – nhóm – phân nhóm: {{ branch }} – {{ group }}{% if subgroup %} – {{ subgroup }}{% endif %}")
    page.text("3. Bộ tiêu chí: {{ set_name }}")
    page.text("4. Loại hồ sơ: {{ kind_name }}; hạng đăng ký: {{ target }}")
    page.filled("samples", "5. Mẫu sản phẩm kèm theo:", "{{ samples }}")
    page.text("6. Giấy tờ kèm theo:", after=4, keep_next=True)
    page.table(
        "a in attachments",
        (
            Column("TT", 0.9, "{{ a.no }}", "center"),
            Column("Loại", 4.4, "{{ a.kind }}"),
            Column("Tên, số giấy tờ", 4.9, "{{ a.title }}{% if a.number %} ({{ a.number }}){% endif %}"),
            Column("Ngày cấp", 2.1, "{{ a.issued_on }}", "center"),
            Column("Hết hạn", 2.1, "{{ a.expires_on }}", "center"),
            Column("Trang", 1.6, "{{ a.pages }}", "center"),
        ),
        size=11,
    )
    page.text(
        "Chúng tôi cam đoan các thông tin, giấy tờ trong hồ sơ là đúng sự thật và chịu trách nhiệm trước pháp luật"
        + END,
        before=8,
    )
    _signed_by_producer(page)
    return page


def self_assessment() -> Page:
    """Form 02."""
    page = Page("Tự đánh giá sản phẩm OCOP (mẫu 02)", body=13)
    _form(page, "02")
    title(page, "BÁO CÁO TỰ ĐÁNH GIÁ", "Sản phẩm {{ product }}")
    page.text("**I. THÔNG TIN CHUNG**", keep_next=True)
    _producer(page)
    page.text("7. Hồ sơ {{ dossier }}: {{ kind_name }}; bộ tiêu chí {{ set_name }}.")
    page.text("**II. KẾT QUẢ SẢN XUẤT, KINH DOANH**", before=10, keep_next=True)
    page.tag("if results")
    page.each("one in results", "- {{ one }}", before=3)
    page.tag("else")
    page.dotted("", 3)
    page.tag("endif")
    page.text("**III. TỰ CHẤM ĐIỂM**", before=10, after=4, keep_next=True)
    columns = (
        Column("Mã", 1.2, "{{ r.code }}", "center"),
        Column("Tiêu chí", 6.4, "{{ r.name }}"),
        Column("Tối đa", 1.5, "{{ r.most }}", "center"),
        Column("Tự chấm", 1.7, "{{ r.own }}", "center"),
        Column("Minh chứng", 5.2, "{{ r.proof }}"),
    )
    _leveled(
        page,
        columns,
        {"part": {"bold": True, "keep_next": True}, "criterion": {}},
        size=11,
        loop="r in rows",
        level="r.level",
    )
    page.filled("total", "Tổng điểm tự chấm:", "**{{ total }}** điểm.")
    page.text("**IV. KẾ HOẠCH PHÁT TRIỂN SẢN PHẨM**", before=10, keep_next=True)
    page.tag("if plan")
    page.each("one in plan", "- {{ one }}", before=3)
    page.tag("else")
    page.dotted("", 3)
    page.tag("endif")
    _signed_by_producer(page)
    return page


def _leveled(
    page: Page, columns: tuple[Column, ...], levels: dict[str, dict[str, bool]], *, size: float, loop: str, level: str
) -> None:
    """A table whose rows look by their level."""
    count = 1 + 1 + 2 * len(levels) + 1 + 1
    table = page.document.add_table(rows=count, cols=len(columns))
    table.style = "Table Grid"
    fix_widths(table, [column.width for column in columns])
    repeat_on_every_page(table.rows[0]._tr)
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        write(cell.paragraphs[0], f"**{column.heading}**", "center", size=size, before=2, after=2)
    table.rows[1].cells[0].text = "{%tr for " + loop + " %}"
    at = 2
    for number, (name, look) in enumerate(levels.items()):
        table.rows[at].cells[0].text = "{%tr " + ("if" if number == 0 else "elif") + f" {level} == '{name}' %}}"
        for cell, column in zip(table.rows[at + 1].cells, columns, strict=True):
            write(cell.paragraphs[0], column.field, column.align, size=size, before=1, after=1, **look)
        keep_whole(table.rows[at + 1]._tr)
        at += 2
    table.rows[at].cells[0].text = "{%tr endif %}"
    table.rows[at + 1].cells[0].text = "{%tr endfor %}"


def commune_report() -> Page:
    """Form 03."""
    page = Page("Báo cáo đánh giá sản phẩm OCOP của UBND cấp xã (mẫu 03)")
    page.text("Mẫu 03", "right", size=12, bold=True, before=0)
    head(page)
    title(page, "BÁO CÁO", "Đánh giá sản phẩm đăng ký tham gia Chương trình OCOP")
    letter(page)
    page.text("**I. THÔNG TIN CHUNG**", keep_next=True)
    _producer(page)
    page.text(
        "7. Sản phẩm: **{{ product }}**; bộ tiêu chí {{ set_name }}; hồ sơ {{ dossier }} ({{ kind_name|lower }})."
    )
    page.text("**II. KẾT QUẢ ĐÁNH GIÁ BỐN NỘI DUNG**", before=10, after=4, keep_next=True)
    page.table(
        "t in topics",
        (
            Column("TT", 1.0, "{{ t.no }}", "center"),
            Column("Nội dung", 3.8, "{{ t.topic }}"),
            Column("Chủ thể mô tả", 4.2, "{{ t.described }}"),
            Column("Kết quả đánh giá tại địa bàn", 4.8, "{{ t.found }}"),
            Column("So với mô tả", 2.2, "{{ t.agrees }}", "center"),
        ),
    )
    page.when("note", "Ghi chú: {{ note }}")
    page.text("**III. ĐỀ NGHỊ**", before=10, keep_next=True)
    page.tag("if proposes")
    page.text(
        "{{ committee }} đề nghị {{ addressees[0] }} xem xét, tổ chức đánh giá, phân hạng sản phẩm {{ product }}" + END
    )
    page.tag("else")
    page.text("{{ committee }} chưa đề nghị đánh giá, phân hạng sản phẩm {{ product }} trong đợt này" + END)
    page.tag("endif")
    signature(page)
    return page


def supplement_request() -> Page:
    """The letter that asks a producer to supplement the dossier."""
    page = Page("Yêu cầu bổ sung hồ sơ sản phẩm OCOP")
    head(page, about="V/v bổ sung hồ sơ sản phẩm {{ product }}")
    letter(page)
    page.tag("if case == 'returned'")
    page.text(
        "Qua kiểm tra hồ sơ {{ dossier }}, sản phẩm **{{ product }}**, đăng ký {{ round_title|lower }}, hồ sơ chưa đủ "
        "thành phần theo quy định và được trả lại để bổ sung:"
    )
    page.tag("else")
    page.text(
        "Qua làm việc với chủ thể về hồ sơ {{ dossier }}, sản phẩm **{{ product }}**, {{ round_title|lower }}, hồ sơ còn "
        "các điểm phải bổ sung, hoàn thiện trước khi trình Hội đồng:"
    )
    page.tag("endif")
    page.listed("one in requests", "{{ one }}")
    page.when("findings", "Hiện trạng, ghi chú: {{ findings }}.")
    page.tag("if until")
    page.text(
        "Đề nghị {{ producer }} bổ sung và gửi về chậm nhất hết {{ until }}. Vướng mắc xin liên hệ để được hướng dẫn"
        + END
    )
    page.tag("else")
    page.text("Đề nghị {{ producer }} bổ sung và gửi về. Vướng mắc xin liên hệ để được hướng dẫn" + END)
    page.tag("endif")
    signature(page)
    return page


def score_sheet() -> Page:
    """The score sheet of any set."""
    page = Page("Phiếu chấm điểm sản phẩm OCOP", body=12)
    national_head(page)
    title(page, "PHIẾU ĐÁNH GIÁ, CHẤM ĐIỂM SẢN PHẨM OCOP", "Bộ số {{ set_number }}: {{ set_name }}", rule=3)
    page.center(
        "(Theo Quyết định số {{ source }}; ngành: {{ branch }}; nhóm: {{ group }})", italic=True, size=11, after=4
    )
    page.when("cases", "Trường hợp của cả phiếu (đánh dấu X vào một ô):")
    page.each("one in cases", "{{ one.box }} {{ one.name }}")
    page.filled("product", "Tên sản phẩm:", "**{{ product }}**")
    page.filled("dossier", "Mã hồ sơ:", "{{ dossier }}{% if scoring > 1 %}; chấm lần {{ scoring }}{% endif %}")
    page.filled("producer", "Chủ thể:", "{{ producer }}")
    page.filled("phone", "Điện thoại:", "{{ phone }}")
    page.filled("address", "Địa chỉ:", "{{ address }}")
    page.text("Chọn một mức cho mỗi tiêu chí, đánh dấu X ở cột “Chọn”.", "left", italic=True, before=4, after=4)
    columns = (
        Column("Mã", 1.3, "{{ r.code }}", "center"),
        Column("Tiêu chí và các mức", 10.3, "{{ r.text }}"),
        Column("Điểm", 1.5, "{{ r.points }}", "center"),
        Column("Chọn", 1.4, "{{ r.chosen }}", "center"),
        Column("Chấm", 1.5, "{{ r.given }}", "center"),
    )
    looks: dict[str, dict[str, bool]] = {
        "option": {},
        "criterion": {"bold": True, "keep_next": True},
        "note": {"italic": True, "keep_next": True},
        "group": {"bold": True, "keep_next": True},
        "subgroup": {"bold": True, "italic": True, "keep_next": True},
        "part": {"bold": True, "keep_next": True},
    }
    _leveled(page, columns, looks, size=10.5, loop="r in rows", level="r.level")
    page.filled("total", "Tổng điểm:", "**{{ total }}** trên tối đa {{ most }} điểm.")
    page.filled("opinion", "Ý kiến của người đánh giá:", "{{ opinion }}", 2)
    page.keep_last()
    page.center("", size=8, keep_next=True)
    table = page.grid([page.width / 2, page.width / 2])
    keep_whole(table.rows[0]._tr)
    right = table.rows[0].cells[1]
    into(
        right,
        "{% if place %}{{ place }}, {{ day }}{% else %}……………, {{ day }}{% endif %}",
        "center",
        first=True,
        italic=True,
        keep_next=True,
    )
    into(right, "NGƯỜI ĐÁNH GIÁ", "center", bold=True, keep_next=True)
    into(right, "{% if post %}({{ post }}){% endif %}", "center", size=11, italic=True, keep_next=True)
    for _ in range(3):
        into(right, "", keep_next=True)
    into(right, "{{ member }}", "center", bold=True)
    return page
