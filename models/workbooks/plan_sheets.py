"""The sheets of the yearly plan's workbook."""

from __future__ import annotations

from models.criteria import list_sets
from models.enums import OrganisationForm
from models.regimes import regimes
from models.regimes.kinds import DossierKind
from models.workbooks.columns import Choice, Column, Kind, SheetPlan, labels_of, whole_choices

COMMUNES = "Xã, thị trấn"
OFFICES = "Văn phòng điều phối"
OWN_TRAINING = "Tập huấn: "
"""Begins the lines of training facts that the template does not have."""

STARS = whole_choices((3, 4, 5), "sao")
SETS = tuple(Choice(one.number, f"{one.number}. {one.name}") for one in list_sets("qd26"))
"""The numbers are the same in both sources of criteria; the names are those of the newer one."""

SURE = (Choice("high", "Chắc chắn"), Choice("medium", "Khá chắc"), Choice("low", "Cần xem lại"))
KINDS = (
    Choice(DossierKind.FIRST.value, DossierKind.FIRST.label),
    Choice(DossierKind.UPGRADE.value, DossierKind.UPGRADE.label),
    Choice(DossierKind.RENEWAL.value, DossierKind.RENEWAL.label),
)
COUNTED = "Số sản phẩm; để trống nếu kế hoạch không nêu."

FACTS = SheetPlan(
    "Kế hoạch",
    "KẾ HOẠCH NĂM: THÔNG TIN CHUNG",
    (
        Column("year", "Năm", 12, Kind.WHOLE, required=True, least=2019, most=2100, hint="Ví dụ 2026."),
        Column(
            "office",
            "Văn phòng lập kế hoạch",
            60,
            required=True,
            offers=OFFICES,
            hint="Đúng tên trong danh mục đơn vị.",
        ),
        Column("authority", "Cơ quan ban hành", 60, required=True, hint="Ví dụ UBND huyện Thọ Xuân."),
        Column(
            "regime",
            "Quy định áp dụng",
            60,
            Kind.CHOICE,
            required=True,
            choices=tuple(Choice(one.code, f"{one.code}: {one.decisions[-1].no}") for one in regimes()),
            hint="Quy định đang có hiệu lực khi lập kế hoạch.",
        ),
        Column("targets.five_star", "Chỉ tiêu 5 sao (ít nhất)", 12, Kind.WHOLE, hint=COUNTED),
        Column("targets.four_star", "Chỉ tiêu 4 sao (ít nhất)", 12, Kind.WHOLE, hint=COUNTED),
        Column("targets.three_star", "Chỉ tiêu 3 sao (ít nhất)", 12, Kind.WHOLE, hint=COUNTED),
        Column("guided.five_star", "Phấn đấu 5 sao", 12, Kind.WHOLE, hint=COUNTED),
        Column("guided.four_star", "Phấn đấu 4 sao", 12, Kind.WHOLE, hint=COUNTED),
        Column("guided.three_star", "Phấn đấu 3 sao", 12, Kind.WHOLE, hint=COUNTED),
        Column("training.classes", "Số lớp tập huấn", 12, hint="Số lớp, ví dụ 3."),
        Column("training.days_per_class", "Số ngày mỗi lớp", 12, hint="Một số, hoặc khoảng: 1–2."),
        Column("training.people_per_class", "Số người mỗi lớp", 12, hint="Một số, hoặc khoảng: 200–300."),
        Column("study_trips", "Số chuyến tham quan học tập", 12, Kind.WHOLE, hint="Để trống là không có."),
        Column("funding", "Nguồn kinh phí", 60, Kind.LIST, hint="Các nguồn cách nhau bằng dấu chấm phẩy."),
    ),
    "Điền cột «Nội dung». Mục có dấu * là bắt buộc.",
)

BASES = SheetPlan(
    "Căn cứ",
    "CĂN CỨ LẬP KẾ HOẠCH",
    (
        Column("no", "Số, ký hiệu", 22, required=True, hint="Ví dụ 148/QĐ-TTg."),
        Column("date", "Ngày ban hành", 16, Kind.DAY),
        Column("by", "Cơ quan ban hành", 34),
        Column("about", "Trích yếu", 80),
    ),
    "Mỗi văn bản một dòng, theo thứ tự trong kế hoạch.",
)

ROUNDS = SheetPlan(
    "Đợt",
    "CÁC ĐỢT ĐÁNH GIÁ TRONG NĂM",
    (
        Column("round", "Đợt", 7, Kind.WHOLE, required=True, least=1, most=20, hint="1, 2, 3… tăng dần."),
        Column("quarters", "Quý", 12, hint="Ví dụ 1, 2. Dùng khi chưa định ngày."),
        Column("opens_on", "Ngày mở đợt", 18, Kind.DAY, hint="Để trống: ngày đầu của quý."),
        Column("registration_closes_on", "Hết hạn nhận hồ sơ", 20, Kind.DAY, hint="Để trống: sau một phần ba đợt."),
        Column("council_on", "Ngày họp hội đồng", 20, Kind.DAY, hint="Để trống: sau bốn phần năm đợt."),
        Column("closes_on", "Ngày kết thúc", 18, Kind.DAY, hint="Để trống: ngày cuối của quý."),
    ),
    "Mỗi đợt một dòng: ghi quý, hoặc ghi các ngày.",
)

PRODUCTS = SheetPlan(
    "Sản phẩm",
    "SẢN PHẨM DỰ KIẾN CỦA CÁC ĐỢT",
    (
        Column("round", "Đợt", 7, Kind.WHOLE, required=True, least=1, most=20, hint="Số đợt ở sheet «Đợt»."),
        Column("name", "Tên sản phẩm", 28, required=True, hint="Tên ghi trên hồ sơ.", letters=300),
        Column("aliases", "Tên gọi khác", 18, Kind.LIST, hint="Nhiều tên cách nhau bằng dấu chấm phẩy."),
        Column("producer", "Chủ thể", 26, hint="Để trống nếu chưa rõ; bổ sung khi nộp hồ sơ."),
        Column("producer_form", "Loại chủ thể", 18, Kind.CHOICE, choices=labels_of(OrganisationForm)),
        Column("commune", "Xã, thị trấn", 18, required=True, offers=COMMUNES, hint="Tên vào thời điểm của đợt."),
        Column("kind", "Loại hồ sơ", 12, Kind.CHOICE, required=True, choices=KINDS),
        Column("from", "Số sao đang có", 9, Kind.CHOICE, choices=STARS, hint="Bắt buộc khi nâng hạng."),
        Column("target", "Số sao đăng ký", 9, Kind.CHOICE, required=True, choices=STARS),
        Column("set", "Bộ tiêu chí", 28, Kind.CHOICE, required=True, choices=SETS, hint="Chọn, hoặc ghi số 1–26."),
        Column("set_sure", "Bộ tiêu chí đã chắc chưa", 12, Kind.CHOICE, choices=SURE, hint="Để trống: chắc chắn."),
    ),
    "Mỗi sản phẩm một dòng. Ô có mũi tên: chọn trong danh sách. Cột có dấu * là bắt buộc.",
)

DUE = SheetPlan(
    "Giấy đến hạn",
    "GIẤY CHỨNG NHẬN ĐẾN HẠN ĐÁNH GIÁ LẠI TRONG NĂM",
    (
        Column("name", "Tên sản phẩm", 36, required=True, letters=300),
        Column("commune", "Xã, thị trấn", 24, offers=COMMUNES),
        Column("commune_sure", "Ghi chú về địa bàn", 22),
        Column("stars", "Hạng sao", 12, Kind.CHOICE, required=True, choices=STARS),
        Column("decision", "Số quyết định", 24, required=True),
        Column("decided", "Ngày quyết định", 18, Kind.DAY, required=True),
    ),
    "Chỉ để đối chiếu với sổ giấy chứng nhận: lệnh nhập kế hoạch nêu giấy nào chưa có trong sổ.",
)

ROLES = SheetPlan(
    "Phân công",
    "PHÂN CÔNG THỰC HIỆN",
    (Column("unit", "Đơn vị", 40, required=True), Column("duty", "Nhiệm vụ", 110, required=True)),
)

GUIDE = (
    (
        "1. Điền theo thứ tự",
        (
            "Sheet «Kế hoạch»: thông tin chung. Sheet «Đợt»: mỗi đợt một dòng.",
            "Sheet «Sản phẩm»: mỗi sản phẩm một dòng, ghi số đợt ở cột đầu.",
            "Sheet «Căn cứ», «Giấy đến hạn», «Phân công» có thể để trống.",
            "Ngày ghi dạng ngày/tháng/năm, ví dụ 05/08/2026. Cột có dấu * là bắt buộc.",
            "Được thêm cột trống, đổi thứ tự cột, thêm dòng; không đổi tên sheet và tên cột.",
        ),
    ),
    (
        "2. Thử trước khi nhập",
        (
            "ocop plan import TỆP.xlsx --dry-run --as MÃ: kiểm tra, nêu từng ô sai và cách sửa, không ghi gì.",
            "Chỉ cán bộ điều phối của chính văn phòng lập kế hoạch được nhập.",
        ),
    ),
    (
        "3. Nhập",
        (
            "ocop plan import TỆP.xlsx --as MÃ: ghi tất cả, hoặc không ghi gì nếu còn ô sai.",
            "Nhập lại thì bổ sung sản phẩm mới và đổi ngày của đợt chưa mở; không xóa sản phẩm đã có.",
            "Lấy lại kế hoạch đang có để sửa: ocop plan export NĂM --out TỆP.xlsx.",
        ),
    ),
)
