"""One story for each role, with what goes wrong on the way: nothing typed is lost, nothing is done twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models.enums import ItemStatus, Role, SessionStatus
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Capacity, CouncilSession, Outcome, Person, PortalSession, WorkItem
from tests.e2e.hands import choose, fill, press, send, take_up, told_wrong
from tests.e2e.site import DESKTOP, PASSWORD, PHONE, TABLET, Site, check_accessible, look_at, picture
from tests.integration.flows.conftest import FIRST_DAY, ROUND

pytestmark = pytest.mark.slow

NEM, RUOU, RAU_MA = "Nem mẹ Nhi gói", "Rượu Hoàng Anh", "Bột rau má Đồng Ngâu"
DUA_LEO, DUA_VANG = "Dưa leo Tuấn Anh", "Dưa vàng Kim Hồng Ngọc Tuấn Na"


@pytest.fixture(scope="module")
def office(site: Site) -> Site:
    """Dossiers of the round stand before the office, a commune, the consultant and the council; one is not begun."""
    people, runner = site.installation.people, site.installation.runner
    site.set_day(FIRST_DAY)
    people.opens_round(ROUND)
    people.announces(ROUND, "12/TB-VPĐP", ["Xuân Giang"])
    for product in (NEM, RUOU, RAU_MA, DUA_LEO):
        people.hands_in(product, ROUND)
    for product in (NEM, RAU_MA, DUA_LEO):
        people.accepts(product)
    for number, product in enumerate((RAU_MA, DUA_LEO), 1):
        people.reports(product, f"{number}/BC-UBND")
    people.visits(DUA_LEO)
    runner.settle()
    return site


@pytest.fixture(scope="module")
def meeting(office: Site) -> Site:
    """The council sits over one product."""
    people = office.installation.people
    office.set_day(date(2024, 3, 29))
    people.closes_list(ROUND)
    office.set_day(date(2024, 5, 30))
    people.convenes(ROUND, [DUA_LEO], date(2024, 5, 30))
    office.installation.runner.settle()
    return office


@pytest.fixture(scope="module")
def concluded(meeting: Site) -> Site:
    """The council has concluded; the decision is to be signed."""
    runner, people = meeting.installation.runner, meeting.installation.people
    _hand_in_all(meeting)
    with runner.transaction() as session:
        done = session.scalars(select(CouncilSession)).one().status is SessionStatus.CONCLUDED
    if not done:
        people.concludes(ROUND, "03/BB-HĐ")
    runner.settle()
    return meeting


def _hand_in_all(site: Site) -> None:
    with site.installation.runner.transaction() as session:
        sheets = WorkItem.kind == StepKind.SCORE_SHEET, WorkItem.status == ItemStatus.OPEN
        waiting = session.scalar(select(func.count(WorkItem.id)).where(*sheets))
    if waiting:
        site.installation.people.score(DUA_LEO, [60, 61, 62, 60, 61, 62, 60])


def _outcomes(site: Site, product: str, kind: StepKind) -> int:
    """How many outcomes of this step were recorded."""
    with site.installation.runner.transaction() as session:
        found = select(func.count(Outcome.id)).join(WorkItem).where(
            WorkItem.subject == site.installation.subject_in(session, product), WorkItem.kind == kind
        )  # fmt: skip
        return session.scalars(found).one()


def _producer(site: Site, product: str) -> str:
    with site.installation.runner.transaction() as session:
        return f"chu-the-{product_by_name(session, product).producer.code}"


def _product_id(site: Site, product: str) -> int:
    with site.installation.runner.transaction() as session:
        return product_by_name(session, product).id


def test_producer_types_something_wrong_and_goes_on_another_day(office: Site) -> None:
    producer, at = _producer(office, DUA_VANG), f"/registrations/{ROUND}/{_product_id(office, DUA_VANG)}"
    with office.person(producer, PHONE) as page:
        page.goto(at)
        fill(page, {"target_stars": "3"})
        page.locator("main form button").first.click()
        fill(page, {"unit": "Tuấn Na", "email": "khong-phai-thu"})
        press(page, "Lưu bản nháp")

        told_wrong(page, "email", "")
        expect(page.locator("[name=email]")).to_have_value("khong-phai-thu")
        check_accessible(page)

    with office.person(producer) as page:
        page.goto("/registrations")
        page.locator("main").get_by_role("link", name="Làm tiếp").first.click()
        page.locator("nav.steps").get_by_role("link", name="Mẫu 01").click()
        expect(page.locator("[name=unit]")).to_have_value("Tuấn Na")


def test_commune_officer_forgets_a_field_and_clicks_twice(office: Site) -> None:
    with office.person("cb-xa-xuan-giang", PHONE) as page:
        take_up(page, "Đánh giá cấp xã", NEM)
        fill(page, {"outcome": "proposed", "signed_on": "2024-03-11", "signer": "Lê Minh Tâm"})
        for found in page.locator('[name^="findings["][name$="[found]"]').all():
            found.fill("Đúng thực tế.")
        for agrees in page.locator('[name^="findings["][name$="[agrees]"][value=true]').all():
            agrees.check()
        press(page, "Ghi kết quả")

        told_wrong(page, "report_number", "")
        expect(page.locator("[name=signer]")).to_have_value("Lê Minh Tâm")
        check_accessible(page)
        picture(page, "can-bo-xa-thieu-muc-dien-thoai")

        fill(page, {"report_number": "21/BC-UBND"})
        page.locator("main").get_by_role("button", name="Ghi kết quả").dblclick()
        expect(page.locator(".flash").first).to_contain_text("Đã ghi «Đánh giá cấp xã»")

    assert _outcomes(office, NEM, StepKind.COMMUNE_ASSESSMENT) == 1


def test_coordinator_returns_a_dossier_and_the_producer_reads_why(office: Site) -> None:
    with office.person("dieu-phoi") as page:
        page.goto("/")
        look_at(page, "viec-cua-toi")
    with office.person("dieu-phoi", scripts=False) as page:
        take_up(page, "Kiểm tra hồ sơ đăng ký", RUOU)
        fill(page, {"outcome": "returned", "note": ""})
        for box in page.locator("[name=missing]").all():
            box.uncheck()
        press(page, "Ghi kết quả")
        told_wrong(page, "missing", "")

        choose(page.locator("[name=missing]"), "test_sheets")
        fill(page, {"note": "Phiếu kiểm nghiệm đã quá 12 tháng."})
        send(page, "Ghi kết quả", "Đã ghi «Kiểm tra hồ sơ đăng ký»")

    office.installation.runner.settle()
    with office.person(_producer(office, RUOU), PHONE) as page:
        page.goto("/dossiers")
        page.locator("main tbody").get_by_role("link").first.click()
        expect(page.locator("main")).to_contain_text("Phiếu kiểm nghiệm đã quá 12 tháng.")
        check_accessible(page)
        picture(page, "chu-the-bi-tra-dien-thoai")


def test_consultant_must_say_what_is_to_be_supplemented(office: Site) -> None:
    with office.person("tu-van-1", TABLET) as page:
        take_up(page, "Tư vấn hoàn thiện", RAU_MA)
        fill(page, {"outcome": "not_ready", "findings": "Nhãn thiếu hạn dùng."})
        press(page, "Ghi kết quả")

        told_wrong(page, "requests", "yêu cầu bổ sung")
        expect(page.locator("[name=findings]")).to_have_value("Nhãn thiếu hạn dùng.")
        check_accessible(page)

        fill(page, {"requests": "In lại nhãn\nChụp ảnh nhãn mới"})
        send(page, "Ghi kết quả", "Đã ghi «Tư vấn hoàn thiện»")


def test_advisory_member_reads_and_states_nothing(office: Site) -> None:
    with office.person(office.somebody(Role.ADVISORY_MEMBER)) as page:
        page.goto("/dossiers")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_accessible(page)
        picture(page, "to-giup-viec-ho-so")
        page.goto("/")
        expect(page.locator("main")).to_contain_text("Không có việc nào đang chờ anh/chị.")


def test_member_whose_session_ends_in_the_middle_of_a_sheet_loses_nothing(meeting: Site) -> None:
    with meeting.person("hd-ktht", TABLET) as page:
        take_up(page, "Phiếu chấm điểm", DUA_LEO)
        names = page.locator("fieldset.criterion input[type=radio]").evaluate_all(
            "all => [...new Set(all.map(one => one.name))]"
        )
        for name in names[:3]:
            page.locator(f'[name="{name}"]').first.check()
        expect(page.locator("#tong-diem")).to_contain_text("Đã lưu nháp")

        _end_sessions(meeting, "hd-ktht")
        page.locator(f'[name="{names[3]}"]').first.check()
        expect(page.locator("main")).to_contain_text("Phiên đăng nhập đã hết")
        press(page, "Lưu nháp")
        page.fill("#login", "hd-ktht")
        page.fill("#password", PASSWORD)
        press(page, "Đăng nhập")
        press(page, "Mở lại biểu mẫu đã điền")

        for name in names[:4]:
            expect(page.locator(f'[name="{name}"]:checked')).to_have_count(1)
        send(page, "Lưu nháp", "Đã lưu nháp")
        expect(page.locator("#tong-diem")).to_contain_text(f"Còn {len(names) - 4} tiêu chí")


def _end_sessions(site: Site, code: str) -> None:
    """As after a long break: the person's sessions are over."""
    with site.installation.runner.transaction() as session:
        person = session.scalars(select(Person).where(Person.code == code)).one()
        long_ago = datetime.now(UTC) - timedelta(days=2)
        for row in session.scalars(select(PortalSession).where(PortalSession.person_id == person.id)):
            row.started_at = row.seen_at = long_ago
    site.forget(code)


def test_secretary_in_two_windows_closes_and_concludes_once(meeting: Site) -> None:
    _hand_in_all(meeting)
    with meeting.person("thu-ky") as one, meeting.person("thu-ky") as other:
        for page in (one, other):
            take_up(page, "Họp hội đồng")
        send(one, "Đóng chấm điểm", "Đã đóng chấm điểm")
        press(other, "Đóng chấm điểm")
        expect(other.locator("main")).to_contain_text("Kết luận phiên họp")
        check_accessible(other)

        for page in (one, other):
            page.goto(page.url.replace("/scoring-closed", ""))
            fill(page, {"minutes_number": "03/BB-HĐ", "discussion": "Hội đồng thống nhất."})
        send(one, "Ghi kết quả", "Đã ghi «Họp hội đồng»")
        press(other, "Ghi kết quả")
        expect(other.locator("main").get_by_role("alert")).to_be_visible()
    with meeting.installation.runner.transaction() as session:
        stated = select(func.count(Outcome.id)).join(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_SESSION)
        assert session.scalars(stated).one() == 1


def test_leader_without_the_second_code_is_not_let_in_and_signs_with_it(concluded: Site) -> None:
    concluded.set_day(date(2024, 6, 4))
    concluded.give_account("lanh-dao")
    with concluded.stranger() as page:
        page.goto("/sign-in")
        page.fill("#login", "lanh-dao")
        page.fill("#password", PASSWORD)
        press(page, "Đăng nhập")
        page.fill("[name=code]", "000000")
        press(page, "Xác nhận")
        expect(page.get_by_role("alert")).to_be_visible()
        page.goto("/")
        expect(page.locator("[name=code]")).to_be_visible()
        check_accessible(page)
        picture(page, "lanh-dao-ma-xac-thuc")

    with concluded.person("lanh-dao") as page:
        take_up(page, "Ký quyết định")
        fill(page, {"signer": "", "signed_on": "2024-06-04"})
        press(page, "Ghi kết quả")
        told_wrong(page, "signer", "")
        fill(page, {"signer": "Nguyễn Quang Minh", "decision_number": "1201/QĐ-UBND"})
        send(page, "Ghi kết quả", "Đã ghi «Ký quyết định»")
    concluded.installation.runner.settle()


def test_technical_officer_records_an_inspection_on_the_phone_and_goes_back(concluded: Site) -> None:
    concluded.set_day(date(2024, 6, 20))
    with concluded.person("kiem-tra", PHONE) as page:
        take_up(page, "Kiểm tra sau công nhận", DUA_LEO)
        fill(page, {"outcome": "failed", "inspected_on": "2024-06-20", "findings": "Sổ theo dõi chưa đầy đủ.",
                    "remedies": "Ghi sổ hằng ngày"})  # fmt: skip
        check_accessible(page)
        picture(page, "chuyen-mon-kiem-tra-dien-thoai")
        send(page, "Ghi kết quả", "Đã ghi «Kiểm tra sau công nhận»")

        page.go_back()
        expect(page.locator("main")).to_contain_text("Sổ theo dõi chưa đầy đủ.")
        expect(page.locator("main").get_by_role("button", name="Ghi kết quả")).to_have_count(0)
    assert _outcomes(concluded, DUA_LEO, StepKind.INSPECTION) == 1


def test_auditor_reads_everything_and_changes_nothing(office: Site) -> None:
    with office.person(office.somebody(Role.AUDITOR)) as page:
        page.goto("/dossiers")
        page.locator("main tbody").get_by_role("link").first.click()
        page.locator("main").get_by_role("link", name="Nhật ký đầy đủ").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_accessible(page)
        picture(page, "kiem-toan-nhat-ky")
        with office.installation.runner.transaction() as session:
            waiting = session.scalars(select(WorkItem.id).where(WorkItem.status == ItemStatus.OPEN)).first()
        page.goto(f"/items/{waiting}")
        expect(page.locator("main")).to_contain_text("đang chờ")
        expect(page.locator("main").get_by_role("button", name="Ghi kết quả")).to_have_count(0)


def test_administrator_makes_an_account_and_has_no_cases(office: Site) -> None:
    with office.installation.runner.transaction() as session:
        commune = session.scalars(
            select(Person.code)
            .join(Capacity)
            .where(Capacity.role == Role.COMMUNE_OFFICER, Person.code == "cb-xa-tay-ho")
        ).one()
    with office.person(office.somebody(Role.ADMINISTRATOR), DESKTOP) as page:
        page.goto(f"/people/{commune}")
        check_accessible(page)
        picture(page, "quan-tri-nguoi")
        page.goto(f"/people/{commune}/account/new")
        page.locator("main form button").first.click()
        expect(page.locator("main")).to_contain_text(f"Mật khẩu của {commune}")
        answer = page.goto("/dossiers")
        assert answer is not None
        assert answer.status == 403
        expect(page.locator("main")).to_contain_text("Vai trò của anh/chị không dùng được trang này.")
