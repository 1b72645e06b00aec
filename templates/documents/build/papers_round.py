"""Templates of rounds and years: notice of the round, round report, year-end report."""

from __future__ import annotations

from templates.documents.build.layout import Column, Page
from templates.documents.build.parts import END, bases, charts, head, letter, signature, table_or_none, title


def round_notice() -> Page:
    """The notice that opens a round."""
    page = Page("Thông báo mở đợt đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "THÔNG BÁO", "Nhận hồ sơ đăng ký đánh giá, phân hạng sản phẩm OCOP\n{{ round_title|lower }}")
    letter(page)
    bases(page)
    page.text("{{ office }} thông báo nhận hồ sơ {{ round_title|lower }} như sau:")
    page.text("1. Thời gian nhận hồ sơ: từ {{ opens_on }} đến hết {{ registration_closes_on }}.")
    page.text("2. Thời gian họp Hội đồng (dự kiến): {{ council_on }}.")
    page.text("3. Đối tượng đăng ký: {{ applicants }}.")
    page.text("4. Quy định áp dụng: {{ regime }}.")
    page.text("5. Nơi nhận và số lượng: {{ office }}{% if paper_sets %}; {{ paper_sets }}{% endif %}.")
    page.text("6. Giấy tờ bắt buộc, ngoài phiếu đăng ký (mẫu 01) và tự đánh giá (mẫu 02):", keep_next=True)
    page.listed("one in papers", "{{ one }}", before=3)
    page.tag("if planned")
    page.text("7. Sản phẩm dự kiến theo kế hoạch: {{ planned_count }} sản phẩm.", after=4, keep_next=True)
    page.table(
        "p in planned",
        (
            Column("TT", 1.0, "{{ p.no }}", "center"),
            Column("Sản phẩm", 6.2, "{{ p.product }}"),
            Column("Địa bàn", 4.2, "{{ p.commune }}"),
            Column("Hồ sơ", 2.4, "{{ p.kind }}", "center"),
            Column("Đăng ký", 2.2, "{{ p.target }}", "center"),
        ),
    )
    page.tag("endif")
    page.text(
        "Đề nghị UBND cấp xã thông báo đến các chủ thể, hướng dẫn hoàn thiện hồ sơ và gửi đúng thời hạn" + END, before=8
    )
    signature(page)
    return page


def round_report() -> Page:
    """The report of a round."""
    page = Page("Báo cáo kết quả đợt đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "BÁO CÁO", "Kết quả đánh giá, phân hạng sản phẩm OCOP\n{{ round_title|lower }}")
    page.text("**1. Tổ chức thực hiện**", keep_next=True)
    page.text(
        "Đợt mở ngày {{ opens_on }}, nhận hồ sơ đến {{ registration_closes_on }}"
        "{% if notice %} (Thông báo số {{ notice }}){% endif %}, Hội đồng họp ngày {{ held_on }}. "
        "Đã tổ chức {{ activities }} hoạt động tuyên truyền, tập huấn với {{ people }} lượt người dự."
    )
    page.text("**2. Kết quả**", keep_next=True)
    page.text(
        "Kế hoạch {{ planned }} sản phẩm; nhận {{ handed_in }} hồ sơ; đến nay {{ recognised }} sản phẩm được công nhận."
    )
    page.listed("one in ends", "{{ one.label }}: {{ one.count }} hồ sơ", before=3)
    page.tag("if decisions")
    page.text("Văn bản đã ban hành:", keep_next=True)
    page.listed("one in decisions", "{{ one }}", before=3)
    page.tag("endif")
    page.text("Kết quả từng sản phẩm:", after=4, keep_next=True)
    page.table(
        "row in rows",
        (
            Column("TT", 0.9, "{{ row.no }}", "center"),
            Column("Sản phẩm", 3.4, "{{ row.product }}"),
            Column("Chủ thể", 3.4, "{{ row.producer }}"),
            Column("Địa bàn", 2.4, "{{ row.commune }}"),
            Column("Hồ sơ", 1.6, "{{ row.kind }}", "center"),
            Column("Điểm", 1.3, "{{ row.points }}", "center"),
            Column("Công nhận", 1.3, "{{ row.stars }}", "center"),
            Column("Tình trạng", 1.9, "{{ row.status }}"),
        ),
        size=11,
    )
    charts(page, "progress_charts")
    _steering(page, 3)
    page.text("Trên đây là kết quả {{ round_title|lower }}, {{ office }} báo cáo {{ authority }}" + END, before=8)
    signature(page)
    return page


def year_report() -> Page:
    """The year-end report against the plan's targets."""
    page = Page("Báo cáo kết quả thực hiện Chương trình OCOP năm")
    head(page)
    title(page, "BÁO CÁO", "Kết quả thực hiện Chương trình OCOP năm {{ year }}")
    page.text("**1. Kết quả so với chỉ tiêu** (tính đến {{ as_of }})", after=4, keep_next=True)
    page.table(
        "t in targets",
        (
            Column("Hạng sao", 3.2, "{{ t.stars }}", "center"),
            Column("Được công nhận", 3.2, "{{ t.recognised }}", "center"),
            Column("Chỉ tiêu ít nhất", 3.2, "{{ t.target }}", "center"),
            Column("Phấn đấu", 3.2, "{{ t.guided }}", "center"),
            Column("Đánh giá", 3.2, "{{ t.met }}", "center"),
        ),
    )
    page.text("**2. Các đợt đánh giá**", before=8, after=4, keep_next=True)
    page.table(
        "r in rounds",
        (
            Column("Đợt", 3.2, "{{ r.title }}"),
            Column("Thời gian", 4.2, "{{ r.days }}", "center"),
            Column("Kế hoạch", 1.9, "{{ r.planned }}", "center"),
            Column("Hồ sơ", 1.6, "{{ r.handed_in }}", "center"),
            Column("Công nhận", 2.0, "{{ r.recognised }}", "center"),
            Column("Quyết định", 3.1, "{{ r.decisions }}"),
        ),
    )
    page.text("Kết quả hồ sơ: {{ ends|join('; ') }}.", before=8)
    charts(page, "progress_charts")
    page.text("**3. Sản phẩm được công nhận:** {{ recognised_count }} sản phẩm", before=6, after=4, keep_next=True)
    page.table(
        "p in recognised",
        (
            Column("TT", 0.9, "{{ p.no }}", "center"),
            Column("Sản phẩm", 3.0, "{{ p.product }}"),
            Column("Chủ thể", 3.2, "{{ p.producer }}"),
            Column("Địa bàn", 2.2, "{{ p.commune }}"),
            Column("Hạng", 1.2, "{{ p.stars }}", "center"),
            Column("Giấy chứng nhận", 2.9, "{{ p.certificate }}"),
            Column("Quyết định", 2.8, "{{ p.decision }}"),
        ),
        size=11,
    )
    charts(page, "stars_charts")
    table_or_none(
        page,
        "4. Đơn vị xử lý trễ hạn",
        "one in late",
        (
            Column("Đơn vị", 9.0, "{{ one.unit }}"),
            Column("Việc xong muộn", 3.5, "{{ one.closed_late }}", "center"),
            Column("Việc còn quá hạn", 3.5, "{{ one.still_late }}", "center"),
        ),
    )
    charts(page, "late_charts")
    _steering(page, 5)
    table_or_none(
        page,
        "8. Giấy chứng nhận hết hiệu lực trong năm {{ next_year }}",
        "one in ending",
        (
            Column("Giấy chứng nhận", 4.0, "{{ one.certificate }}"),
            Column("Sản phẩm", 4.8, "{{ one.product }}"),
            Column("Địa bàn", 3.4, "{{ one.commune }}"),
            Column("Hạng", 1.4, "{{ one.stars }}", "center"),
            Column("Đến ngày", 2.4, "{{ one.valid_until }}", "center"),
        ),
        more=": {{ ending_count }} giấy",
    )
    page.text("{{ office }} báo cáo {{ authority }} kết quả thực hiện Chương trình OCOP năm {{ year }}" + END, before=8)
    signature(page)
    return page


TIMES = (
    Column("Số việc", 1.5, "{{ one.done }}", "center"),
    Column("Nửa số việc xong trong", 2.2, "{{ one.median }}", "center"),
    Column("9/10 xong trong", 1.9, "{{ one.p90 }}", "center"),
    Column("Hạn", 1.4, "{{ one.term }}", "center"),
    Column("Trễ", 2.2, "{{ one.late }} ({{ one.late_share }})", "center"),
)


def _steering(page: Page, first: int) -> None:
    """What helps to steer the next round: time against terms, why dossiers came back, which gates were missed."""
    table_or_none(
        page,
        f"{first}. Thời gian làm từng bước so với hạn",
        "one in times",
        (Column("Bước", 6.8, "{{ one.step }}"), *TIMES),
        more=" (ngày, theo đơn vị của từng hạn)",
    )
    charts(page, "times_charts")
    page.tag("if unit_times")
    page.text("Theo đơn vị, trễ nhiều nhất trước:", before=8, after=4, keep_next=True)
    page.table(
        "one in unit_times",
        (Column("Bước", 3.4, "{{ one.step }}"), Column("Đơn vị, người", 3.4, "{{ one.unit }}"), *TIMES),
        size=11.5,
    )
    page.tag("endif")
    table_or_none(
        page,
        f"{first + 1}. Lý do trả hồ sơ",
        "one in reasons",
        (
            Column("TT", 1.0, "{{ one.no }}", "center"),
            Column("Giấy tờ thiếu", 8.6, "{{ one.reason }}"),
            Column("Hồ sơ", 2.2, "{{ one.dossiers }}", "center"),
            Column("Trong số hồ sơ bị trả", 4.2, "{{ one.share }}", "center"),
        ),
    )
    table_or_none(
        page,
        f"{first + 2}. Điều kiện sao hay bị thiếu nhất của từng bộ tiêu chí",
        "one in gates",
        (
            Column("Bộ tiêu chí", 4.6, "{{ one.set_name }}"),
            Column("Tiêu chí", 5.4, "{{ one.gate }}"),
            Column("Điều kiện", 1.8, "{{ one.stars }}", "center"),
            Column("Sản phẩm", 1.8, "{{ one.products }}", "center"),
            Column("Trong số đã chấm", 2.4, "{{ one.share }}", "center"),
        ),
    )
