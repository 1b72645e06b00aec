"""Templates of step 6: submission letter, decision, forwarding letter, notices of results."""

from __future__ import annotations

from templates.documents.build.layout import Column, Page
from templates.documents.build.parts import END, annex, bases, head, letter, signature, title

RESULTS = (
    Column("TT", 1.0, "{{ row.no }}", "center"),
    Column("Tên sản phẩm", 4.2, "{{ row.product }}"),
    Column("Chủ thể", 4.0, "{{ row.producer }}"),
    Column("Địa chỉ", 3.4, "{{ row.address }}"),
    Column("Điểm", 1.6, "{{ row.points }}", "center"),
    Column("Hạng sao", 1.8, "{{ row.stars }}", "center"),
)


def decision() -> Page:
    """The decision with its annex of results."""
    page = Page("Quyết định công nhận kết quả đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "QUYẾT ĐỊNH", "Công nhận kết quả đánh giá, phân hạng sản phẩm OCOP\n{{ round_title|lower }}")
    page.center("{{ authority|upper }}", bold=True, before=6, after=6)
    bases(page)
    page.center("QUYẾT ĐỊNH:", bold=True, before=8, after=4)
    page.text(
        "**Điều 1.** Công nhận kết quả đánh giá, phân hạng {{ count }} sản phẩm OCOP {{ round_title|lower }} "
        "({{ stars }}), có Phụ lục kèm theo; cấp Giấy chứng nhận sản phẩm OCOP cho "
        "{{ 'sản phẩm' if rows|length == 1 else 'các sản phẩm' }} này."
    )
    page.text("**Điều 2.** Kết quả công nhận và Giấy chứng nhận có giá trị {{ valid }} kể từ ngày ký Quyết định này.")
    page.text(
        "Chủ thể có sản phẩm được công nhận có trách nhiệm duy trì các điều kiện đã được đánh giá, bảo đảm chất lượng, "
        "an toàn thực phẩm, sử dụng biểu trưng OCOP đúng quy định, chịu sự kiểm tra, giám sát sau công nhận và nộp hồ sơ "
        "đánh giá lại trước khi kết quả hết hiệu lực."
    )
    page.text(
        "{{ office }} và các cơ quan chuyên môn tổ chức kiểm tra, giám sát sản phẩm sau công nhận; "
        "tham mưu thu hồi Giấy chứng nhận khi sản phẩm không còn đáp ứng quy định."
    )
    page.text(
        "**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký. {{ office }}; thủ trưởng các cơ quan liên quan; "
        "{{ communes }} và {{ 'chủ thể' if rows|length == 1 else 'các chủ thể' }} có tên tại Phụ lục chịu trách nhiệm thi hành Quyết định này"
        + END
    )
    signature(page)
    annex(
        page,
        "PHỤ LỤC",
        "KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP\n{{ round_title|upper }}",
        "(Kèm theo {{ paper_name }})",
    )
    page.table("row in rows", RESULTS)
    return page


def submission_letter() -> Page:
    """The letter that submits the results."""
    page = Page("Tờ trình công nhận kết quả đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "TỜ TRÌNH", "Về việc công nhận kết quả đánh giá, phân hạng\nsản phẩm OCOP {{ round_title|lower }}")
    letter(page)
    bases(page)
    page.text("Căn cứ {{ minutes }}, cơ quan thường trực trình {{ authority }} như sau:")
    page.text("**1. Kết quả đánh giá, phân hạng**", keep_next=True)
    page.text(
        "Hội đồng đã đánh giá {{ evaluated }} sản phẩm: {{ recognised_count }} sản phẩm đủ điều kiện công nhận thuộc thẩm "
        "quyền của {{ authority }}{% if forwarded %}; {{ forwarded_count }} sản phẩm đủ điều kiện chuyển lên cấp trên"
        "{% endif %}{% if others %}; {{ others_count }} sản phẩm chưa đủ điều kiện công nhận{% endif %}."
    )
    page.tag("if recognised")
    page.text("**2. Đề nghị công nhận**", keep_next=True)
    page.text("Đề nghị {{ authority }} ban hành Quyết định công nhận và cấp Giấy chứng nhận cho các sản phẩm:", after=4)
    page.table("row in recognised", RESULTS)
    page.tag("endif")
    page.tag("if forwarded")
    page.text("**{{ 3 if recognised else 2 }}. Đề nghị chuyển hồ sơ**", keep_next=True, before=8)
    page.text("Đề nghị {{ authority }} có văn bản chuyển {{ forwarded_to }} đánh giá, phân hạng các sản phẩm:", after=4)
    page.table("row in forwarded", RESULTS)
    page.tag("endif")
    page.tag("if others")
    page.text(
        "**Các sản phẩm chưa đủ điều kiện công nhận** (thông báo lý do, hướng dẫn chủ thể hoàn thiện):",
        before=8,
        after=4,
    )
    page.table("row in others", RESULTS)
    page.tag("endif")
    page.text("**Tài liệu kèm theo:**", before=8, keep_next=True)
    page.listed("one in enclosures", "{{ one }}")
    page.text("Kính đề nghị {{ authority }} xem xét, quyết định" + END)
    signature(page)
    return page


def forwarding_letter() -> Page:
    """The letter that forwards dossiers, with its list of contents."""
    page = Page("Văn bản chuyển hồ sơ đề nghị đánh giá, phân hạng sản phẩm OCOP")
    head(page, about="V/v đề nghị đánh giá, phân hạng sản phẩm OCOP {{ round_title|lower }}")
    letter(page)
    page.text(
        "Thực hiện Chu trình OCOP, {{ authority }} đã tổ chức đánh giá, phân hạng sản phẩm OCOP {{ round_title|lower }} "
        "({{ minutes }}{% if decision %}; {{ decision }}{% endif %}). Kết quả có {{ count }} sản phẩm đạt mức điểm phải "
        "chuyển hồ sơ lên cấp trên:",
        after=4,
    )
    page.table("row in rows", RESULTS)
    page.text(
        "{{ authority }} chuyển hồ sơ và kính đề nghị {{ above }} xem xét, tổ chức đánh giá, phân hạng các sản phẩm "
        "trên theo quy định (danh mục hồ sơ kèm theo)" + END,
        before=8,
    )
    signature(page)
    annex(page, "DANH MỤC HỒ SƠ", "HỒ SƠ ĐỀ NGHỊ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP", "(Kèm theo {{ paper_name }})")
    page.table(
        "line in contents",
        (
            Column("TT", 1.2, "{{ line.no }}", "center"),
            Column("Tài liệu", 8.6, "{{ line.name }}"),
            Column("Số bản", 1.6, "{{ line.copies }}", "center"),
            Column("Trang", 2.0, "{{ line.pages }}", "center"),
            Column("Ghi chú", 2.6, "{{ line.note }}"),
        ),
    )
    return page


def result_notice_producer() -> Page:
    """The notice of its result to one producer."""
    page = Page("Thông báo kết quả đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "THÔNG BÁO", "Kết quả đánh giá, phân hạng sản phẩm OCOP")
    letter(page)
    page.text(
        "{{ council }} đã đánh giá sản phẩm **{{ product }}** của {{ producer }} trong {{ round_title|lower }}, "
        "họp {{ held_on }}. Kết quả như sau:"
    )
    page.text("- Điểm trung bình của Hội đồng: {{ points }} điểm.")
    page.when("case == 'recognised'", "- Sản phẩm được công nhận đạt **{{ stars }}** theo {{ decision }}.")
    page.when(
        "case == 'recognised'",
        "- Giấy chứng nhận số {{ certificate }}, có giá trị đến hết {{ valid_until }}. Đề nghị chủ thể duy trì điều kiện "
        "đã được đánh giá và nộp hồ sơ đánh giá lại trước khi hết hiệu lực.",
    )
    page.when(
        "case == 'forwarded'",
        "- Hội đồng đề xuất {{ stars }}; hồ sơ được chuyển {{ forwarded_to }} đánh giá, phân hạng. Kết quả sẽ được thông "
        "báo sau.",
    )
    page.when("case == 'not_recognised'", "- Sản phẩm chưa được công nhận hạng sao OCOP trong đợt này.")
    page.when("case == 'eliminated'", "- Sản phẩm bị loại, không xếp hạng sao trong đợt này.")
    page.tag("if reasons")
    page.text("**Lý do:**", keep_next=True)
    page.listed("one in reasons", "{{ one }}")
    page.tag("endif")
    page.tag("if guidance")
    page.text("**Hướng dẫn hoàn thiện:**", keep_next=True)
    page.listed("one in guidance", "{{ one }}")
    page.tag("endif")
    page.text("Xin thông báo để chủ thể biết, thực hiện" + END)
    signature(page)
    return page


def result_notice_commune() -> Page:
    """The notice of results to one commune."""
    page = Page("Thông báo kết quả đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "THÔNG BÁO", "Kết quả đánh giá, phân hạng sản phẩm OCOP\n{{ round_title|lower }}")
    letter(page)
    page.text(
        "{{ council }} họp {{ held_on }} đã đánh giá các sản phẩm của {{ commune }}"
        "{% if decision %}; kết quả thuộc thẩm quyền được công nhận tại {{ decision }}{% endif %}. "
        "Kết quả cụ thể:",
        after=4,
    )
    page.table(
        "row in rows",
        (
            Column("TT", 1.0, "{{ row.no }}", "center"),
            Column("Tên sản phẩm", 3.6, "{{ row.product }}"),
            Column("Chủ thể", 3.4, "{{ row.producer }}"),
            Column("Điểm", 1.5, "{{ row.points }}", "center"),
            Column("Hạng sao đề xuất", 1.8, "{{ row.stars }}", "center"),
            Column("Kết luận", 4.7, "{{ row.conclusion }}"),
        ),
        size=11,
    )
    page.text(
        "Đề nghị UBND {{ commune }} thông báo đến các chủ thể, hỗ trợ duy trì điều kiện sản xuất, hướng dẫn hoàn thiện "
        "sản phẩm chưa được công nhận" + END,
        before=8,
    )
    signature(page)
    return page
