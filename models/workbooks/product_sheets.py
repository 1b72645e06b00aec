"""The sheet of the product register's workbook."""

from __future__ import annotations

from models.enums import OrganisationForm
from models.workbooks.columns import Choice, Column, Kind, SheetPlan, labels_of
from models.workbooks.plan_sheets import COMMUNES, SETS

SEXES = (Choice("nam", "Nam"), Choice("nữ", "Nữ"))

REGISTER = SheetPlan(
    "Sản phẩm",
    "DANH MỤC SẢN PHẨM VÀ CHỦ THỂ",
    (
        Column("name", "Tên sản phẩm", 28, required=True, hint="Tên ghi trên hồ sơ.", letters=300),
        Column("code", "Mã sản phẩm", 20, hint="Để trống nếu chưa có giấy chứng nhận."),
        Column("aliases", "Tên gọi khác", 18, Kind.LIST, hint="Nhiều tên cách nhau bằng dấu chấm phẩy."),
        Column("commune", "Xã, thị trấn", 18, required=True, offers=COMMUNES),
        Column(
            "criteria_set", "Bộ tiêu chí", 28, Kind.CHOICE, required=True, choices=SETS, hint="Chọn, hoặc ghi số 1–26."
        ),
        Column("producer_code", "Mã chủ thể", 10, hint="Do phần mềm cấp; để trống với chủ thể mới."),
        Column("producer", "Chủ thể", 26, required=True, hint="Tên hợp tác xã, doanh nghiệp, hộ.", letters=300),
        Column("form", "Loại chủ thể", 18, Kind.CHOICE, required=True, choices=labels_of(OrganisationForm)),
        Column("address", "Địa chỉ", 26, letters=500),
        Column("phone", "Điện thoại", 13, Kind.PHONE, letters=50),
        Column("email", "E-mail", 22, Kind.MAIL, letters=200),
        Column("representative", "Người đại diện", 20),
        Column("representative_post", "Chức vụ", 14),
        Column("representative_sex", "Giới tính", 9, Kind.CHOICE, choices=SEXES),
        Column("representative_ethnic_group", "Dân tộc", 10),
        Column("registration_number", "Số đăng ký kinh doanh", 16),
        Column("registered_on", "Ngày đăng ký kinh doanh", 14, Kind.DAY),
    ),
    "Mỗi sản phẩm một dòng. Ô để trống thì giữ như đã có. Cột có dấu * là bắt buộc.",
)

FACTS_OF_PRODUCER = (
    "form",
    "address",
    "phone",
    "email",
    "representative",
    "representative_post",
    "representative_sex",
    "representative_ethnic_group",
    "registration_number",
    "registered_on",
)

GUIDE = (
    (
        "1. Mỗi sản phẩm một dòng",
        (
            "Chủ thể có nhiều sản phẩm thì ghi lại tên (và mã) chủ thể ở mỗi dòng;",
            "thông tin của chủ thể ở các dòng đó giống nhau, hoặc chỉ ghi ở một dòng.",
            "Ô để trống không xóa gì: điều đã có trong phần mềm được giữ.",
            "Đổi tên sản phẩm, tên chủ thể, xã: không làm bằng tệp này.",
            "Mã sản phẩm, mã chủ thể, số điện thoại, số đăng ký ghi dạng chữ để không mất số 0 ở đầu.",
        ),
    ),
    (
        "2. Thử rồi nhập",
        (
            "ocop product import TỆP.xlsx --dry-run --as MÃ: kiểm tra, nêu từng ô sai và cách sửa, không ghi gì.",
            "ocop product import TỆP.xlsx --as MÃ: ghi tất cả, hoặc không ghi gì nếu còn ô sai.",
            "Lấy danh mục đang có để sửa: ocop product export --out TỆP.xlsx.",
            "Chỉ cán bộ điều phối phụ trách địa bàn của sản phẩm được nhập.",
        ),
    ),
)
