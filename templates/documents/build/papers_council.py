"""Templates of step 5: invitation, advisory team's report, minutes."""

from __future__ import annotations

from templates.documents.build.layout import Column, Page
from templates.documents.build.parts import END, bases, head, letter, signature, signers, title

PEOPLE = (
    Column("TT", 1.0, "{{ one.no }}", "center"),
    Column("Họ và tên", 5.0, "{{ one.name }}"),
    Column("Chức vụ", 6.5, "{{ one.post }}"),
    Column("Trong Hội đồng", 3.5, "{{ one.role }}"),
)


def council_minutes() -> Page:
    """The minutes with scores by member, mean, spread, gates, conclusion."""
    page = Page("Biên bản họp Hội đồng đánh giá, phân hạng sản phẩm OCOP", body=13)
    head(page)
    title(page, "BIÊN BẢN", "Họp {{ council }}\n{{ round_title|lower }}")
    bases(page)
    page.text("**I. THỜI GIAN, ĐỊA ĐIỂM, THÀNH PHẦN**", keep_next=True)
    page.text("1. Thời gian: bắt đầu {{ held_on }}. Phiên họp thứ {{ session_number }} của đợt.")
    page.text("2. Địa điểm: {{ place }}.")
    page.text("3. Chủ trì: {{ chair }}. Thư ký: {{ secretary_name }}.")
    page.text("4. Thành viên có mặt: {{ present_count }} trên {{ members }} thành viên", after=4, keep_next=True)
    page.table("one in present", PEOPLE)
    page.tag("if absent")
    page.text("5. Thành viên vắng mặt:", after=4, keep_next=True)
    page.table("one in absent", PEOPLE)
    page.tag("else")
    page.text("5. Thành viên vắng mặt: không.")
    page.tag("endif")
    page.tag("if recused")
    page.text("6. Thành viên từ chối chấm vì có lợi ích liên quan:", keep_next=True)
    page.listed("one in recused", "{{ one.name }} ({{ one.post }}) – {{ one.note }}", before=3)
    page.tag("else")
    page.text("6. Thành viên từ chối chấm: không.")
    page.tag("endif")
    page.text("**II. NỘI DUNG**", before=10, keep_next=True)
    page.when("discussion", "Thảo luận chung: {{ discussion }}")
    page.tag("for p in products")
    page.text("**{{ p.no }}. Sản phẩm {{ p.product }}** ({{ p.producer }}, {{ p.commune }})", before=10, keep_next=True)
    page.text("a) Hồ sơ {{ p.kind }}; bộ tiêu chí: {{ p.set_name }}.")
    page.filled("p.presentation", "b) Chủ thể trình bày:", "{{ p.presentation }}", 2)
    page.filled("p.findings", "c) Kết quả kiểm tra thực tế, tư vấn:", "{{ p.findings }}")
    page.filled("p.discussion", "d) Ý kiến thảo luận:", "{{ p.discussion }}", 2)
    page.listed("one in p.opinions", "{{ one }}", before=3)
    page.text("đ) Điểm của các thành viên:", after=4, keep_next=True)
    page.table(
        "s in p.scores",
        (
            Column("TT", 1.0, "{{ s.no }}", "center"),
            Column("Thành viên", 4.6, "{{ s.name }}"),
            Column("Chức vụ", 5.0, "{{ s.post }}"),
            Column("Lần 1", 1.5, "{{ s.first }}", "center"),
            Column("Lần 2", 1.5, "{{ s.second }}", "center"),
            Column("Ghi chú", 2.4, "{{ s.note }}"),
        ),
        size=11.5,
    )
    page.text("Điểm trung bình: **{{ p.mean }}** điểm; chênh lệch giữa các phiếu: {{ p.spread }} điểm.")
    page.when(
        "p.twice",
        "Lần chấm thứ nhất chênh lệch {{ p.first_spread }} điểm, vượt mức quy định: Hội đồng đã thảo luận và chấm lần hai; "
        "phiếu của cả hai lần được lưu.",
    )
    page.tag("if p.missed_gates")
    page.text("e) Điều kiện sao chưa đạt:", keep_next=True)
    page.listed("one in p.missed_gates", "{{ one }}", before=3)
    page.tag("endif")
    page.tag("if p.eliminated")
    page.text("Căn cứ loại:", keep_next=True)
    page.listed("one in p.eliminated", "{{ one }}", before=3)
    page.tag("endif")
    page.text(
        "**Kết luận:** {% if p.eliminated %}sản phẩm bị loại, không xếp hạng sao{% else %}{{ p.follows }}{% endif %}. {{ p.conclusion }}"
    )
    page.when("p.override_reason", "Hội đồng kết luận khác kết quả tính, lý do: {{ p.override_reason }}.")
    page.tag("endfor")
    page.text("**III. TỔNG HỢP KẾT QUẢ**", before=10, after=4, keep_next=True)
    page.table(
        "row in summary",
        (
            Column("TT", 1.0, "{{ row.no }}", "center"),
            Column("Sản phẩm", 4.6, "{{ row.product }}"),
            Column("Chủ thể", 4.4, "{{ row.producer }}"),
            Column("Điểm trung bình", 2.0, "{{ row.points }}", "center"),
            Column("Chênh lệch", 1.9, "{{ row.spread }}", "center"),
            Column("Kết luận", 2.1, "{{ row.stars }}", "center"),
        ),
        size=11.5,
    )
    page.text("Biên bản được lập thành văn bản, đọc cho các thành viên cùng nghe, thống nhất và ký tên" + END, before=8)
    signers(page, "secretary_signature", "chair_signature", note="(Ký, ghi rõ họ tên)")
    return page


def invitation() -> Page:
    """The invitation to a session with its agenda."""
    page = Page("Giấy mời họp Hội đồng đánh giá, phân hạng sản phẩm OCOP")
    head(page)
    title(page, "GIẤY MỜI", "Họp Hội đồng đánh giá, phân hạng sản phẩm OCOP\n{{ round_title|lower }}")
    letter(page)
    page.text("{{ council }} trân trọng kính mời ông (bà) dự họp:", before=10)
    page.text(
        "1. Nội dung: đánh giá, phân hạng {{ count }} sản phẩm OCOP {{ round_title|lower }} (danh sách dưới đây)."
    )
    page.text("2. Thời gian: {{ held_on }}.")
    page.text("3. Địa điểm: {{ place }}.")
    page.text("4. Chủ trì: {{ chair }}.", after=4)
    page.table(
        "row in rows",
        (
            Column("TT", 1.0, "{{ row.no }}", "center"),
            Column("Sản phẩm", 4.6, "{{ row.product }}"),
            Column("Chủ thể", 4.4, "{{ row.producer }}"),
            Column("Bộ tiêu chí", 3.6, "{{ row.set_name }}"),
            Column("Hồ sơ", 2.4, "{{ row.kind }}", "center"),
        ),
    )
    page.text(
        "Hồ sơ điện tử đã gửi tới các thành viên để nghiên cứu trước. Thành viên có lợi ích liên quan đến chủ thể "
        "đề nghị báo Thư ký để từ chối chấm sản phẩm đó" + END,
        before=8,
    )
    signature(page)
    return page


def advisory_report() -> Page:
    """The advisory team's report on the dossiers."""
    page = Page("Báo cáo của Tổ tư vấn về hồ sơ sản phẩm OCOP")
    head(page)
    title(page, "BÁO CÁO", "Kết quả rà soát hồ sơ sản phẩm OCOP\n{{ round_title|lower }}")
    letter(page)
    page.text(
        "{{ team }} đã rà soát {{ count }} hồ sơ trình {{ council }} tại phiên họp {{ held_on }}; trong đó {{ ready }} hồ "
        "sơ không còn điểm phải bổ sung. Kết quả cụ thể:",
        after=4,
    )
    page.table(
        "row in rows",
        (
            Column("TT", 1.0, "{{ row.no }}", "center"),
            Column("Sản phẩm, chủ thể", 4.4, "{{ row.product }} ({{ row.producer }}, {{ row.commune }})"),
            Column("Báo cáo cấp xã", 2.8, "{{ row.commune_report }}"),
            Column("Kết quả tư vấn", 4.4, "{{ row.findings }}"),
            Column("Còn phải bổ sung", 3.4, "{{ row.open_points or 'không' }}"),
        ),
        size=11.5,
    )
    page.text("Trình Hội đồng xem xét, đánh giá theo bộ tiêu chí" + END, before=8)
    signature(page)
    return page
