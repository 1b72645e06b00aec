"""One whole round, played by its people through the pages only; the engine opens each next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from playwright.sync_api import Page, expect
from sqlalchemy import select

from deployments.demo.sheets import sheet
from models.criteria import load_set
from models.rounds.queries import product_by_name
from models.tables import Capacity, Certificate, Dossier
from tests.e2e.hands import choose, fill, press, send, take_up
from tests.e2e.site import DESKTOP, PHONE, TABLET, Site, look_at

ROUND = "2024-1"
PRODUCT = "Nem mẹ Nhi gói"
OFFICER = "cb-xa-xuan-giang"
SET = 8
POINTS = 62
MEMBERS = ("hd-chu-tich", "hd-pho", "hd-nnptnt", "hd-ktht", "hd-vhtt", "hd-tnmt", "hd-vp")
BY_KEYBOARD = MEMBERS[0]
PAPERS = {
    "business_registration": "Giấy chứng nhận đăng ký kinh doanh",
    "production_conditions": "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
    "material_origin": "Hợp đồng thu mua nguyên liệu",
    "local_labour": "Danh sách lao động địa phương",
    "product_story": "Câu chuyện sản phẩm",
    "test_sheets": "Phiếu kiểm nghiệm an toàn thực phẩm",
}
NEW_PAPER = "Bản tự công bố sản phẩm"


@dataclass
class Play:
    """The round as it is being played: where it is, and what came of it."""

    site: Site
    folder: Path
    producer: str = ""
    dossier: str = ""
    certificate: str = ""
    pictures: list[str] = field(default_factory=list)

    def whole(self) -> None:
        """From opening the round to the certificate."""
        for act in ACTS:
            act(self)

    def on(self, year: int, month: int, day: int) -> None:
        """Another day begins, once everything of the last one has been taken up."""
        self.site.installation.runner.settle()
        self.site.set_day(date(year, month, day))

    def paper(self, name: str) -> str:
        """A scanned paper on the person's own disk."""
        path = self.folder / f"{name}.pdf"
        path.write_bytes(small_pdf(name))
        return str(path)


def small_pdf(words: str) -> bytes:
    """A page that PDF readers can open; `words` make its content differ from others."""
    ascii_only = words.encode("ascii", "replace").decode()
    text = f"BT /F1 24 Tf 72 700 Td ({ascii_only}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, begin)


def opens_round(play: Play) -> None:
    """The coordinator opens the round and tells everybody."""
    play.on(2024, 2, 26)
    with play.site.person("dieu-phoi") as page:
        page.goto("/rounds")
        page.locator("main").get_by_role("link", name="Đợt 1").click()
        page.get_by_role("link", name="Mở đợt").click()
        send(page, "Mở đợt", "Đã mở")
        take_up(page, "Tuyên truyền và tập huấn")
        fill(
            page,
            {
                "notice_number": "12/TB-VPĐP",
                "activities[0][on]": "2024-02-26",
                "activities[0][place]": "Nhà văn hóa xã Xuân Giang",
                "activities[0][what]": "Tuyên truyền chu trình OCOP",
                "activities[0][people]": "60",
            },
        )
        look_at(page, "dieu-phoi-tuyen-truyen")
        send(page, "Ghi kết quả", "Đã ghi «Tuyên truyền và tập huấn»")


def registers(play: Play) -> None:
    """The producer goes through the wizard: forms 01 and 02, own points, papers, handing in."""
    play.on(2024, 3, 11)
    play.producer = _producer(play.site)
    with play.site.person(play.producer) as page:
        page.goto("/registrations")
        look_at(page, "chu-the-dang-ky")
        page.get_by_role("link", name=f"Đăng ký {PRODUCT}").click()
        _forms(page)
        _own_points(page)
        for kind, title in PAPERS.items():
            _add_paper(page, play.paper(kind), kind, title)
        look_at(page, "chu-the-minh-chung")
        page.get_by_role("link", name="Sang bước xem lại").click()
        look_at(page, "chu-the-xem-lai")
        expect(page.locator("main")).to_contain_text("Hồ sơ đã đủ để nộp.")
        press(page, "Nộp hồ sơ")
        expect(page.locator(".flash").first).to_contain_text("Đã nộp hồ sơ")
        play.dossier = page.url.rpartition("/")[2]
    with play.site.person(play.producer, PHONE) as page:
        page.goto(f"/dossiers/{play.dossier}")
        look_at(page, "chu-the-ho-so-dien-thoai")


def _forms(page: Page) -> None:
    if page.locator("[name=start]:not([type=hidden])").count():
        fill(page, {"start": "first"})
    fill(page, {"target_stars": "3"})
    page.locator("main form button").first.click()
    fill(
        page,
        {
            "unit": "Cơ sở nem mẹ Nhi",
            "representative": "Lê Thị Nhi",
            "post": "Chủ cơ sở",
            "address": "Thôn 3, xã Xuân Giang",
            "phone": "0912345678",
            "product_name": PRODUCT,
            "group": "Thịt chế biến",
            "undertaking": "true",
        },
    )
    look_at(page, "chu-the-mau-01")
    page.locator("[name=then][value=next]").click()
    expect(page.get_by_role("heading", name="3. Tự đánh giá (mẫu 02)")).to_be_visible()
    fill(
        page,
        {
            "organisation_form": "household",
            "registration_number": "26A8001234",
            "registered_on": "2019-03-02",
            "representative": "Lê Thị Nhi",
            "representative_sex": "Nữ",
            "representative_ethnic_group": "Kinh",
            "results": "Doanh thu năm 2023 tăng 12 % so với năm 2022.",
            "plan": "Mở rộng xưởng, đăng ký nhãn hiệu.",
        },
    )
    page.locator("[name=then][value=next]").click()


def _own_points(page: Page) -> None:
    expect(page.get_by_role("heading", name="4. Tự chấm điểm")).to_be_visible()
    for code, points in _sheet(POINTS + 3, seed=1).items():
        choose(page.locator(f'[name="scores[{code}]"]'), str(points))
    look_at(page, "chu-the-tu-cham")
    page.locator("[name=then][value=next]").click()
    expect(page.get_by_role("heading", name="5. Minh chứng")).to_be_visible()


def _add_paper(page: Page, path: str, kind: str, title: str) -> None:
    page.get_by_role("link", name="Thêm giấy tờ").click()
    fill(page, {"kind": kind, "title": title, "issued_on": "2023-09-05"})
    page.locator("main input[type=file]").set_input_files(path)
    page.locator('[name="uses[0][criterion]"]').check()
    page.locator("main form.sheet button").first.click()
    expect(page.locator("article.paper", has_text=title)).to_be_visible()


def office_accepts(play: Play) -> None:
    """The office checks the dossier and takes it."""
    play.on(2024, 3, 12)
    with play.site.person("dieu-phoi") as page:
        take_up(page, "Kiểm tra hồ sơ đăng ký", PRODUCT)
        look_at(page, "dieu-phoi-kiem-tra")
        for box in page.locator("[name=missing]").all():
            box.uncheck()
        fill(page, {"outcome": "accepted"})
        send(page, "Ghi kết quả", "Đã ghi «Kiểm tra hồ sơ đăng ký»")


def commune_reports(play: Play) -> None:
    """The commune writes form 03, on an old laptop's small window."""
    play.on(2024, 3, 15)
    with play.site.person(OFFICER, TABLET) as page:
        take_up(page, "Đánh giá cấp xã", PRODUCT)
        look_at(page, "can-bo-xa-mau-03")
        fill(page, {"outcome": "proposed", "report_number": "21/BC-UBND", "signed_on": "2024-03-15",
                    "signer": "Lê Minh Tâm"})  # fmt: skip
        for found in page.locator('[name^="findings["][name$="[found]"]').all():
            found.fill("Đúng thực tế tại địa phương.")
        for agrees in page.locator('[name^="findings["][name$="[agrees]"]:not([type=hidden])[value=true]').all():
            agrees.check()
        send(page, "Ghi kết quả", "Đã ghi «Đánh giá cấp xã»")


def consultant_asks(play: Play) -> None:
    """The consultant finds something missing and asks for it."""
    play.on(2024, 3, 20)
    with play.site.person("tu-van-1") as page:
        take_up(page, "Tư vấn hoàn thiện", PRODUCT)
        look_at(page, "tu-van-lan-lam-viec")
        fill(page, {"outcome": "not_ready", "findings": "Chưa có bản tự công bố sản phẩm.",
                    "requests": "Nộp bản tự công bố sản phẩm"})  # fmt: skip
        send(page, "Ghi kết quả", "Đã ghi «Tư vấn hoàn thiện»")


def producer_supplements(play: Play) -> None:
    """The producer adds the paper, on the phone."""
    play.on(2024, 3, 25)
    with play.site.person(play.producer, PHONE) as page:
        take_up(page, "Bổ sung hồ sơ", PRODUCT)
        look_at(page, "chu-the-bo-sung-dien-thoai")
        fill(page, {"evidence[0][kind]": "declared_quality", "evidence[0][title]": NEW_PAPER, "note": "Đã bổ sung."})
        page.locator('main [name="evidence[0][file]"]').set_input_files(play.paper("tu-cong-bo"))
        only = page.locator("main [name=outcome]:not([type=hidden])")
        if only.count():
            only.first.check()
        send(page, "Ghi kết quả", "Đã ghi «Bổ sung hồ sơ»")


def consultant_is_content(play: Play) -> None:
    """The second visit: ready for the council."""
    play.on(2024, 3, 28)
    with play.site.person("tu-van-1") as page:
        take_up(page, "Tư vấn hoàn thiện", PRODUCT)
        fill(page, {"outcome": "ready", "findings": "Hồ sơ đã đủ.", "improved": "Đã có bản tự công bố."})
        send(page, "Ghi kết quả", "Đã ghi «Tư vấn hoàn thiện»")


def closes_list(play: Play) -> None:
    """The coordinator closes the list of the round."""
    play.on(2024, 3, 29)
    with play.site.person("dieu-phoi") as page:
        take_up(page, "Nhận hồ sơ đăng ký")
        send(page, "Ghi kết quả", "Đã ghi «Nhận hồ sơ đăng ký»")
        page.goto(f"/rounds/{ROUND}")
        look_at(page, "dieu-phoi-bang-theo-doi")


def convenes(play: Play) -> None:
    """The secretary calls the meeting."""
    play.on(2024, 5, 20)
    with play.site.person("thu-ky") as page:
        take_up(page, "Triệu tập hội đồng")
        fill(page, {"held_on": "2024-05-30", "place": "Hội trường UBND huyện Thọ Xuân"})
        expect(page.locator("[name=dossiers]")).to_be_checked()
        look_at(page, "thu-ky-trieu-tap")
        send(page, "Ghi kết quả", "Đã ghi «Triệu tập hội đồng»")


def members_score(play: Play) -> None:
    """Each member hands in a sheet; the chair has no mouse."""
    play.on(2024, 5, 30)
    for number, member in enumerate(MEMBERS):
        with play.site.person(member, TABLET if number else DESKTOP) as page:
            take_up(page, "Phiếu chấm điểm", PRODUCT)
            score = _score_by_keyboard if member == BY_KEYBOARD else _score
            score(page, _sheet(POINTS + number % 3, seed=number))
            if number == 1:
                expect(page.locator("#tong-diem .sum strong")).to_have_text(str(POINTS + 1))
                look_at(page, "hoi-dong-phieu-cham")
            expect(page.locator("#tong-diem")).to_contain_text("Đã chấm đủ")
            if member == BY_KEYBOARD:
                _reach(page, "Nộp phiếu")
                page.keyboard.press("Enter")
            else:
                press(page, "Nộp phiếu")
            expect(page.locator(".flash").first).to_contain_text("Đã ghi «Phiếu chấm điểm»")


def _score(page: Page, choices: dict[str, int]) -> None:
    for code, points in choices.items():
        choose(page.locator(f'[name="choices[{code}]"]'), str(points))


def _score_by_keyboard(page: Page, choices: dict[str, int]) -> None:
    """Tab to each criterion, arrows to the level, and nothing else."""
    for code, points in choices.items():
        name = f"choices[{code}]"
        _tab_until(page, f"document.activeElement.name === '{name}'")
        page.keyboard.press("Space")
        for _ in range(page.locator(f'[name="{name}"]').count()):
            if page.evaluate("document.activeElement.value") == str(points):
                break
            page.keyboard.press("ArrowDown")
        expect(page.locator(f'[name="{name}"]:checked')).to_have_value(str(points))


def _reach(page: Page, button: str) -> None:
    _tab_until(page, f"document.activeElement.textContent.trim() === '{button}'")


def _tab_until(page: Page, there: str) -> None:
    for _ in range(60):
        if page.evaluate(there):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {there}")


def secretary_concludes(play: Play) -> None:
    """Who has handed in, closing the scoring, the council's conclusion."""
    with play.site.person("thu-ky") as page:
        take_up(page, "Họp hội đồng")
        expect(page.locator("#tien-do")).to_contain_text(f"Đã nộp {len(MEMBERS)}/{len(MEMBERS)} phiếu")
        expect(page.locator("#tien-do")).not_to_contain_text("điểm")
        look_at(page, "thu-ky-ai-da-nop")
        send(page, "Đóng chấm điểm", "Đã đóng chấm điểm")
        fill(page, {"minutes_number": "03/BB-HĐ", "discussion": "Hội đồng thống nhất.",
                    f"conclusions[{play.dossier}][text]": "Đạt 3 sao."})  # fmt: skip
        look_at(page, "thu-ky-ket-luan")
        send(page, "Ghi kết quả", "Đã ghi «Họp hội đồng»")
        page.get_by_role("link", name="Kết quả chấm").first.click()
        look_at(page, "thu-ky-ket-qua")


def leader_signs(play: Play) -> None:
    """The leader, with the second factor, sees what is signed and signs."""
    play.on(2024, 6, 4)
    with play.site.person("lanh-dao") as page:
        take_up(page, "Ký quyết định")
        expect(page.locator("main")).to_contain_text(PRODUCT)
        fill(page, {"decision_number": "1201/QĐ-UBND", "signed_on": "2024-06-04", "signer": "Nguyễn Quang Minh"})
        look_at(page, "lanh-dao-ky")
        send(page, "Ghi kết quả", "Đã ghi «Ký quyết định»")
    play.site.installation.runner.settle()
    play.certificate = _certificate(play.site)


ACTS: list[Callable[[Play], None]] = [
    opens_round, registers, office_accepts, commune_reports, consultant_asks, producer_supplements,
    consultant_is_content, closes_list, convenes, members_score, secretary_concludes, leader_signs,
]  # fmt: skip


def _producer(site: Site) -> str:
    with site.installation.runner.transaction() as session:
        product = product_by_name(session, PRODUCT)
        held = session.scalars(select(Capacity).where(Capacity.producer_id == product.producer_id)).first()
        assert held is not None
        return held.person.code


def _certificate(site: Site) -> str:
    with site.installation.runner.transaction() as session:
        product = product_by_name(session, PRODUCT)
        return session.scalars(select(Certificate.code).where(Certificate.product_id == product.id)).one()


def dossier_of(site: Site, product: str = PRODUCT) -> str:
    """The code of a product's dossier."""
    with site.installation.runner.transaction() as session:
        found = product_by_name(session, product)
        return session.scalars(select(Dossier.code).where(Dossier.product_id == found.id)).one()


def _sheet(total: int, seed: int) -> dict[str, int]:
    return sheet(load_set("qd148", SET), None, total, Random(seed))
