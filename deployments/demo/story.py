"""The year 2024 as a story: who does what on which day. The course of events is invented; the plan is real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from deployments.demo.acts import People
from deployments.demo.sheets import member_totals
from models.process.kinds import StepKind

SEATS = 7


@dataclass(frozen=True)
class Event:
    """What happens on one day: the words for the progress line, and the act.

    `watch`: the flow looks for lateness; `digest`: the daily digest is sent.
    """

    on: date
    words: str
    act: Callable[[], object]
    watch: bool = False
    digest: bool = False
    kill_worker: bool = False


def day(month: int, number: int, year: int = 2024) -> date:
    """A day of the story."""
    return date(year, month, number)


def nothing() -> None:
    """Nobody acts; the day is there for the watch."""


def story(people: People) -> list[Event]:
    """The whole year in order of days."""
    events = [*_first_round(people), *_second_round(people), *_third_round(people), *_after(people)]
    return sorted(events, key=lambda event: event.on)


RUOU, RAU_MA, NEM = "Rượu Hoàng Anh", "Bột rau má Đồng Ngâu", "Nem mẹ Nhi gói"
DUA_LEO, KIM_HONG = "Dưa leo Tuấn Anh", "Dưa vàng Kim Hồng Ngọc Tuấn Na"
KIM_VUONG = "Dưa vàng Kim Thiên Vương Xuân Phú"
HAT_SEN, HUAN_HUONG, BANH_NHAN, KEO_LAC = (
    "Hạt sen Anh Sơn",
    "Bánh gai Huân Hường",
    "Bánh nhãn Chương Xuân",
    "Kẹo lạc Tuyên Tâm",
)
LAM_THAM, RANG_BUA, PHU_BAC, LUAN_VAN = (
    "Bánh gai Lâm Thẩm",
    "Bánh lá răng bừa",
    "Bưởi Phú Bắc",
    "Bưởi Luận Văn",
)


def _first_round(people: People) -> list[Event]:
    first = (RUOU, RAU_MA, NEM, DUA_LEO, KIM_HONG, KIM_VUONG)
    others = (RAU_MA, NEM, DUA_LEO, KIM_HONG, KIM_VUONG)
    code = "2024-1"

    def hand_in() -> None:
        people.hands_in(RUOU, code, without=("local_labour", "product_story"))
        for product in others:
            people.hands_in(product, code)

    def check() -> None:
        people.returns(RUOU, ["local_labour", "product_story"])
        for product in others:
            people.accepts(product)

    def communes() -> None:
        for index, product in enumerate((RAU_MA, DUA_LEO, KIM_HONG, KIM_VUONG), start=1):
            people.reports(product, f"{10 + index}/BC-UBND")

    def visits() -> None:
        for product in (RUOU, RAU_MA, KIM_HONG, KIM_VUONG):
            people.visits(product)
        people.visits(DUA_LEO, requests=["Bổ sung phiếu kiểm nghiệm mới", "Hoàn thiện nhãn hàng hóa"])

    def council() -> None:
        for product, points in ((RUOU, 58), (RAU_MA, 63), (NEM, 66), (DUA_LEO, 61), (KIM_HONG, 47)):
            people.score(product, member_totals(points * SEATS + 3, SEATS, 8))
        interest = {"hd-nnptnt": "Có quan hệ gia đình với chủ thể"}
        people.score(KIM_VUONG, member_totals(64 * (SEATS - 1), SEATS - 1, 16), recused=interest)

    def second_scoring() -> None:
        people.orders_second_scoring(code)
        people.score(KIM_VUONG, member_totals(63 * (SEATS - 1) + 2, SEATS - 1, 6), scoring=2)

    reason = "Xã tổ chức họp lại với các bộ phận do công chức phụ trách chuyển công tác"
    return [
        Event(day(2, 26), "Mở đợt 1", lambda: people.opens_round(code)),
        Event(
            day(3, 4),
            "Thông báo đợt 1, các xã tuyên truyền",
            lambda: people.announces(code, "05/TB-VPĐP", ["Thọ Diên", "Xuân Giang", "Thọ Lập"]),
        ),
        Event(day(3, 11), "Chủ thể nộp 6 hồ sơ đợt 1", hand_in),
        Event(day(3, 12), "Tiếp nhận 5 hồ sơ, trả 1 hồ sơ thiếu hai giấy tờ", check),
        Event(
            day(3, 18),
            "Hồ sơ bị trả được nộp lại",
            lambda: people.hands_in_again(RUOU, code, ("local_labour", "product_story")),
        ),
        Event(day(3, 19), "Tiếp nhận hồ sơ nộp lại", lambda: people.accepts(RUOU)),
        Event(
            day(3, 20), "Bốn xã gửi báo cáo; tiến trình xử lý bị ngắt đột ngột (SIGKILL)", communes, kill_worker=True
        ),
        Event(day(3, 22), "UBND thị trấn Thọ Xuân gửi báo cáo", lambda: people.reports(RUOU, "09/BC-UBND"), watch=True),
        Event(day(3, 27), "Xã Xuân Giang quá hạn; bản tổng hợp hằng ngày", nothing, watch=True, digest=True),
        Event(
            day(3, 29),
            "Chốt danh sách đợt 1; báo thủ trưởng xã Xuân Giang",
            lambda: people.closes_list(code),
            watch=True,
            digest=True,
        ),
        Event(
            day(4, 1),
            "Gia hạn cho xã Xuân Giang",
            lambda: people.extends(NEM, StepKind.COMMUNE_ASSESSMENT, 5, reason),
        ),
        Event(day(4, 4), "Xã Xuân Giang gửi báo cáo", lambda: people.reports(NEM, "21/BC-UBND")),
        Event(day(4, 5), "Tư vấn làm việc với 5 chủ thể", visits),
        Event(day(4, 12), "Tư vấn làm việc với chủ thể nem", lambda: people.visits(NEM)),
        Event(day(4, 15), "Chủ thể dưa leo bổ sung", lambda: people.supplements(DUA_LEO, 1, ("test_sheets",))),
        Event(day(4, 22), "Tư vấn lần hai với chủ thể dưa leo", lambda: people.visits(DUA_LEO, 2)),
        Event(day(5, 20), "Triệu tập hội đồng đợt 1", lambda: people.convenes(code, first, day(5, 30)), watch=True),
        Event(day(5, 30), "Hội đồng chấm đợt 1, một thành viên từ chối chấm", council),
        Event(day(5, 30), "Chênh lệch quá 10 điểm: chấm lần hai", second_scoring),
        Event(day(5, 30), "Kết luận đợt 1", lambda: people.concludes(code, "03/BB-HĐ", 2)),
        Event(day(6, 7), "Ký quyết định đợt 1", lambda: people.signs(code, "1850/QĐ-UBND", "")),
    ]


def _second_round(people: People) -> list[Event]:
    new = (HAT_SEN, HUAN_HUONG, BANH_NHAN, KEO_LAC)
    all_five = (*new, KIM_HONG)
    code = "2024-2"

    def hand_in() -> None:
        for product in (HAT_SEN, HUAN_HUONG, BANH_NHAN):
            people.hands_in(product, code)
        people.hands_in(KEO_LAC, code, expiring={"test_sheets": "2024-08-31"})
        people.hands_in_again(KIM_HONG, code)

    def accept() -> None:
        for product in all_five:
            people.accepts(product)

    def communes() -> None:
        # That of the dossier handed in again still holds: its commune has nothing to do.
        for index, product in enumerate(new, start=1):
            people.reports(product, f"{30 + index}/BC-UBND")

    def visits() -> None:
        for product in (HAT_SEN, HUAN_HUONG, BANH_NHAN, KIM_HONG):
            people.visits(product)
        people.tries_ready(KEO_LAC)
        people.visits(KEO_LAC, requests=["Phiếu kiểm nghiệm hết hạn 31/8, trước ngày họp hội đồng: làm phiếu mới"])

    def council() -> None:
        people.score(HAT_SEN, member_totals(70 * SEATS, SEATS, 6), gates_up_to=4)
        trademark = [{"3.6": 0}] * 3 + [{"3.6": 1}] * 4  # mean 4/7: below the gate of 4 stars
        people.score(HUAN_HUONG, member_totals(507, SEATS, 8), gates_up_to=4, fixed=trademark)
        people.score(BANH_NHAN, member_totals(55 * SEATS, SEATS, 8))
        people.score(KEO_LAC, member_totals(62 * SEATS + 1, SEATS, 8))
        people.score(KIM_HONG, member_totals(59 * SEATS + 4, SEATS, 6))

    return [
        Event(day(7, 1), "Mở đợt 2", lambda: people.opens_round(code)),
        Event(
            day(7, 3),
            "Thông báo đợt 2",
            lambda: people.announces(code, "19/TB-VPĐP", ["Xuân Phong", "Thọ Lâm"]),
        ),
        Event(day(7, 8), "Nộp 4 hồ sơ đợt 2; hồ sơ dưới 50 điểm của đợt 1 nộp lại, giữ báo cáo của xã", hand_in),
        Event(day(7, 10), "Tiếp nhận 5 hồ sơ đợt 2", accept),
        Event(day(7, 18), "Các xã gửi báo cáo đợt 2", communes),
        Event(day(7, 25), "Tư vấn đợt 2; phiếu kiểm nghiệm sẽ hết hạn trước ngày họp", visits),
        Event(day(7, 26), "Chốt danh sách đợt 2", lambda: people.closes_list(code)),
        Event(day(8, 5), "Chủ thể kẹo lạc nộp phiếu mới", lambda: people.supplements(KEO_LAC, 1, ("test_sheets",))),
        Event(day(8, 8), "Tư vấn lần hai với chủ thể kẹo lạc", lambda: people.visits(KEO_LAC, 2)),
        Event(day(7, 22), "Bản tổng hợp đầu tuần", nothing, watch=True, digest=True),
        Event(day(7, 24), "Nhắc văn phòng sắp hết hạn nhận hồ sơ", nothing, watch=True),
        Event(day(9, 4), "Triệu tập hội đồng đợt 2", lambda: people.convenes(code, all_five, day(9, 12)), watch=True),
        Event(day(9, 12), "Hội đồng chấm đợt 2", council),
        Event(
            day(9, 12),
            "Kết luận đợt 2, loại một sản phẩm",
            lambda: people.concludes(code, "07/BB-HĐ", eliminated={BANH_NHAN: "9"}),
        ),
        Event(
            day(9, 20),
            "Ký quyết định đợt 2, chuyển 2 hồ sơ lên tỉnh",
            lambda: people.signs(code, "2977/QĐ-UBND", "412/UBND-NN"),
        ),
    ]


def _third_round(people: People) -> list[Event]:
    upgrades = (LAM_THAM, RANG_BUA, PHU_BAC)
    all_four = (*upgrades, LUAN_VAN)
    code = "2024-3"

    def hand_in() -> None:
        for product in upgrades:
            people.hands_in(product, code, "upgrade")
        people.hands_in(LUAN_VAN, code)

    def accept() -> None:
        for product in all_four:
            people.accepts(product)

    def communes() -> None:
        for index, product in enumerate(all_four, start=1):
            people.reports(product, f"{50 + index}/BC-UBND")

    def visits() -> None:
        for product in all_four:
            people.visits(product)

    def council() -> None:
        for product, points in ((LAM_THAM, 82), (RANG_BUA, 78), (PHU_BAC, 74), (LUAN_VAN, 80)):
            people.score(product, member_totals(points * SEATS + 2, SEATS, 6), gates_up_to=4)

    def province() -> None:
        for product, points in ((LAM_THAM, "79.5"), (RANG_BUA, "76.2"), (LUAN_VAN, "77.8")):
            people.hears_from_above(product, 4, points, "4658/QĐ-UBND")
        people.hears_from_above(PHU_BAC, None, "68.4", "391/TB-HĐ")
        people.hears_from_above(HUAN_HUONG, None, "69.1", "391/TB-HĐ")
        people.hears_from_above(HAT_SEN, None, "67.9", "391/TB-HĐ")

    return [
        Event(day(8, 12), "Mở đợt 3", lambda: people.opens_round(code)),
        Event(day(8, 14), "Thông báo đợt 3", lambda: people.announces(code, "24/TB-VPĐP", ["Xuân Lập"])),
        Event(day(8, 19), "Nộp 3 hồ sơ nâng hạng và 1 hồ sơ mới", hand_in),
        Event(day(8, 21), "Tiếp nhận 4 hồ sơ đợt 3", accept),
        Event(day(8, 30), "Các xã gửi báo cáo đợt 3", communes),
        Event(day(9, 6), "Chốt danh sách đợt 3", lambda: people.closes_list(code)),
        Event(day(9, 10), "Tư vấn đợt 3", visits),
        Event(day(10, 7), "Triệu tập hội đồng đợt 3", lambda: people.convenes(code, all_four, day(10, 17))),
        Event(day(10, 17), "Hội đồng chấm đợt 3", council),
        Event(day(10, 17), "Kết luận đợt 3", lambda: people.concludes(code, "11/BB-HĐ")),
        Event(day(10, 24), "Chuyển 4 hồ sơ lên tỉnh", lambda: people.signs(code, "", "498/UBND-NN")),
        Event(day(11, 26), "Kết quả của hội đồng tỉnh", province, watch=True, digest=True),
    ]


def _after(people: People) -> list[Event]:
    kept = "Cơ sở duy trì điều kiện sản xuất; nhãn đúng mẫu đã công nhận."

    def inspect(*products: str) -> Callable[[], object]:
        def act() -> None:
            for product in products:
                people.inspects(product, True, kept)

        return act

    def first_inspections() -> None:
        people.inspects(RUOU, True, kept)
        people.inspects(NEM, False, "Sổ theo dõi nhiệt độ kho lạnh ghi chưa đủ.")

    return [
        Event(day(11, 28), "Kiểm tra hai cơ sở sau công nhận", first_inspections),
        Event(day(11, 29), "Kiểm tra ba cơ sở còn lại của đợt 1", inspect(RAU_MA, DUA_LEO, KIM_VUONG)),
        Event(
            day(12, 4),
            "UBND huyện công nhận 3 sao sản phẩm tỉnh không công nhận 4 sao",
            lambda: people.signs_for(HAT_SEN, 3, "3720/QĐ-UBND"),
        ),
        Event(
            day(12, 13),
            "Kiểm tra lại cơ sở nem: đã khắc phục",
            lambda: people.mends(NEM, "Sổ theo dõi nhiệt độ kho lạnh ghi đủ hằng ngày."),
        ),
        Event(day(12, 20), "Hết năm kế hoạch", nothing, watch=True),
        Event(day(3, 12, 2025), "Kiểm tra các cơ sở của đợt 2", inspect(HUAN_HUONG, KEO_LAC, KIM_HONG)),
        Event(day(5, 14, 2025), "Kiểm tra các cơ sở của đợt 3", inspect(LAM_THAM, RANG_BUA, LUAN_VAN, HAT_SEN)),
        Event(day(3, 25, 2027), "Giấy chứng nhận cấp 9/2024 vào thời gian nộp hồ sơ đánh giá lại", nothing, watch=True),
    ]
