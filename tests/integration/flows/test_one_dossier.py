"""One dossier after the other on a real server and worker: all seven steps, needless resumes, lateness, withdrawal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from deployments.demo.story import DUA_LEO, KIM_HONG, KIM_VUONG, NEM, RAU_MA
from models.dossiers.handing_in import withdraw
from models.enums import CommuneTopic, OutboxKind
from models.process.kinds import StepKind
from models.tables import Certificate, OutboxMessage, RungClaim, WorkItem
from tasks.prefect_client import WakeResult, wake
from tests.integration.flows.conftest import FIRST_DAY, ROUND, Installation

pytestmark = pytest.mark.slow

ROUND_RUN = "Đợt 1 năm 2024"
CHECK, COMMUNE, CONSULTANT = "Chờ văn phòng kiểm tra hồ sơ", "Chờ UBND xã đánh giá", "Chờ tư vấn hoàn thiện"


@pytest.fixture(autouse=True)
def first_day(office: Installation) -> None:
    """Each test begins on the day when dossiers are handed in."""
    office.runner.set_day(FIRST_DAY)


def handed_in(office: Installation, product: str, commune: str, *, accepted: bool = True) -> str:
    """A dossier that waits for its commune (or for the check); gives the name of its run."""
    office.people.hands_in(product, ROUND)
    name = f"{product} · {commune} · lần 1"
    office.wait_until(name, CHECK)
    if accepted:
        office.people.accepts(product)
        office.wait_until(name, COMMUNE)
    return name


def test_signals_delivered_twice_change_nothing(office: Installation) -> None:
    name = handed_in(office, RAU_MA, "Nam Giang")
    states, record = office.states(name), office.record(RAU_MA)
    of_this_run = OutboxMessage.key.startswith(f"signal:{office.subject(RAU_MA)}:")

    with office.runner.transaction() as session:
        session.execute(update(OutboxMessage).where(of_this_run).values(sent_at=None, next_try_at=datetime.now(UTC)))

    def all_sent() -> int | None:
        with office.runner.transaction() as session:
            left = session.scalar(select(OutboxMessage.id).where(of_this_run, OutboxMessage.sent_at.is_(None)).limit(1))
            return None if left else 1

    office.runner.wait_for("signals delivered again", all_sent)
    assert record == [("registration_check", 1, "done", 1), ("commune_assessment", 1, "open", 0)]
    assert (office.states(name), office.record(RAU_MA)) == (states, record)


def test_run_woken_without_an_outcome_waits_again_as_before(office: Installation) -> None:
    name = handed_in(office, DUA_LEO, "Trường Xuân")
    run, record = office.runs()[name], office.record(DUA_LEO)

    for times in (2, 3):

        def waits_again(times: int = times) -> int | None:
            return 1 if office.states(name).count(COMMUNE) == times else None

        assert wake(UUID(run["id"])) is WakeResult.RESUMED
        office.runner.wait_for("waits again", waits_again)

    again = office.runs()[name]
    assert (again["state"]["message"], sorted(again["tags"])) == (run["state"]["message"], sorted(run["tags"]))
    assert office.record(DUA_LEO) == record


def test_resume_without_the_form_is_refused_and_the_run_still_waits(office: Installation) -> None:
    name = handed_in(office, KIM_HONG, "Thọ Lập", accepted=False)

    answer = office.resume(name)

    assert answer.json()["status"] == "REJECT"
    assert office.state(name) == CHECK
    office.resume(name, {"outcome": "accepted", "acting_person": "dieu-phoi"}).raise_for_status()
    office.wait_until(name, COMMUNE)
    assert office.record(KIM_HONG)[0] == ("registration_check", 1, "done", 1)


def test_person_that_nobody_knows_is_told_so_on_the_run(office: Installation) -> None:
    name = f"{KIM_HONG} · Thọ Lập · lần 1"
    form = {"outcome": "not_proposed", "report_number": "1/BC-UBND", "signed_on": "2024-03-11", "signer": "Chủ tịch"}
    finding = {"found": "Không đúng", "agrees": False}
    findings = {topic.value: finding for topic in CommuneTopic}

    answer = office.resume(name, form | {"findings": findings, "acting_person": "ai-do"})

    assert answer.json()["status"] == "ACCEPT"
    office.runner.wait_for("refusal", lambda: 1 if "Chưa ghi được" in office.message(name) else None)
    assert "ai-do" in office.message(name)
    assert office.state(name) == COMMUNE
    assert office.record(KIM_HONG)[1] == ("commune_assessment", 1, "open", 0)


def test_withdrawn_dossier_ends_its_run_and_comes_back_as_a_new_one(office: Installation) -> None:
    name = handed_in(office, KIM_VUONG, "Xuân Phú")
    tags = set(office.runs()[name]["tags"])

    with office.runner.transaction() as session:
        who = office.people._producer(session, KIM_VUONG)
        code = office.people._dossier(session, KIM_VUONG).code
        withdraw(session, code, "Mất mùa", who, office.runner.clock.now())
    office.wait_until(name, "Đã rút hồ sơ")
    office.people.hands_in_again(KIM_VUONG, ROUND)
    second = name.replace("lần 1", "lần 2")
    office.wait_until(second, CHECK)

    ended, again = office.runs()[name], office.runs()[second]
    assert (ended["state"]["type"], ended["state"]["message"]) == ("COMPLETED", "Mất mùa")
    assert ended["id"] != again["id"]
    assert set(again["tags"]) == tags - {"chặng:3-đánh-giá-cấp-xã", "lần:1"} | {"chặng:2-đăng-ký", "lần:2"}
    assert f"hồ-sơ:{code}" in tags


def test_late_item_is_told_once_and_shown_until_it_is_given_more_days(office: Installation) -> None:
    name = f"{DUA_LEO} · Trường Xuân · lần 1"
    subject = office.subject(DUA_LEO)

    def watch(day: date) -> None:
        office.runner.set_day(day)
        office.runner.run_flow("watch/ocop", {}, f"Theo dõi {day}")

    def told() -> list[str]:
        with office.runner.transaction() as session:
            query = select(OutboxMessage.key).where(
                OutboxMessage.kind == OutboxKind.NOTIFICATION,
                OutboxMessage.key.startswith(f"notify:rung:{subject}/commune_assessment/"),
            )
            return [key.rsplit(":", 1)[1] for key in session.scalars(query.order_by(OutboxMessage.id))]

    def claimed() -> list[str]:
        with office.runner.transaction() as session:
            query = select(RungClaim.rung).join(WorkItem).where(WorkItem.subject == subject).order_by(RungClaim.id)
            return [rung.value for rung in session.scalars(query)]

    # Due on 25/03; nobody looked until 28/03, three working days later.
    watch(date(2024, 3, 28))
    assert (told(), claimed()) == (["escalated_head", "overdue"], ["due_soon", "overdue", "escalated_head"])
    assert office.state(name) == f"Quá hạn: {COMMUNE}"
    assert "quá-hạn" in office.runs()[name]["tags"]
    assert office.line(DUA_LEO)["Còn (ngày)"] == -3
    assert "việc quá hạn (ngày 28/03/2024)" in office.board()[0]

    states = office.states(name)
    watch(date(2024, 3, 28))
    assert (told(), len(claimed()), office.states(name)) == (["escalated_head", "overdue"], 3, states)

    # Started again for nothing it is as late as before; given more days it is late no more.
    wake(UUID(office.runs()[name]["id"]))
    late = f"Quá hạn: {COMMUNE}"
    office.runner.wait_for("waits again", lambda: 1 if office.states(name).count(late) == 2 else None)
    assert office.states(name).count(COMMUNE) == states.count(COMMUNE)

    office.people.extends(DUA_LEO, StepKind.COMMUNE_ASSESSMENT, 5, "Xã đang kiện toàn")
    watch(date(2024, 3, 29))
    assert office.state(name) == COMMUNE
    assert office.message(name).endswith("Hạn: 04/04/2024.")
    assert "quá-hạn" not in office.runs()[name]["tags"]
    assert (office.line(DUA_LEO)["Hạn"], office.line(DUA_LEO)["Còn (ngày)"]) == ("04/04/2024", 6)

    watch(date(2024, 4, 5))
    assert office.state(name) == f"Quá hạn: {COMMUNE}"
    office.people.reports(DUA_LEO, "14/BC-UBND")
    office.wait_until(name, CONSULTANT)
    assert "quá-hạn" not in office.runs()[name]["tags"]


def test_dossier_goes_through_the_seven_steps(office: Installation) -> None:
    people, name, expected = office.people, f"{NEM} · Xuân Giang · lần 1", ["2-dang-ky"]

    def waits(state: str, stage: str, line: str, *tasks: str, run: str = name) -> None:
        office.wait_until(run, state)
        assert set(office.runs()[run]["tags"]) == {
            f"đợt:{ROUND}",
            "xã:Xuân Giang",
            f"hồ-sơ:{code}",
            "lần:1",
            f"chặng:{stage}",
        }
        shown = office.line(NEM)
        assert (shown["Chặng"].replace("\\", ""), bool(shown["Chờ"]), bool(shown["Hạn"])) == (line, True, True)
        expected.extend(tasks)
        assert office.tasks(run, len(expected)) == expected

    people.hands_in(NEM, ROUND)
    with office.runner.transaction() as session:
        code = people._dossier(session, NEM).code
    waits(CHECK, "2-đăng-ký", "2. Kiểm tra hồ sơ đăng ký")

    # A resume costs two task runs at every step: one takes up the outcome, one opens what follows; papers one more.
    people.accepts(NEM)
    waits(COMMUNE, "3-đánh-giá-cấp-xã", "3. Đánh giá cấp xã", "2-dang-ky", "3-danh-gia-cap-xa")
    people.reports(NEM, "21/BC-UBND")
    waits(CONSULTANT, "4-tư-vấn", "4. Tư vấn hoàn thiện", "3-danh-gia-cap-xa", "giay-to", "4-tu-van")
    people.visits(NEM, requests=["Hoàn thiện nhãn"])
    waits("Chờ chủ thể bổ sung", "4-tư-vấn", "4. Bổ sung hồ sơ", "4-tu-van", "4-bo-sung", "giay-to")
    people.supplements(NEM, 1)
    waits(CONSULTANT, "4-tư-vấn", "4. Tư vấn hoàn thiện", "4-bo-sung", "4-tu-van")
    people.visits(NEM, 2)
    waits("Chờ hội đồng đánh giá", "5-hội-đồng", "5. Hội đồng đánh giá", "4-tu-van", "5-hoi-dong")

    people.announces(ROUND, "05/TB-VPĐP", ["Xuân Giang"])
    people.closes_list(ROUND)
    office.runner.set_day(date(2024, 5, 20))
    people.convenes(ROUND, [NEM], date(2024, 5, 30))
    office.wait_until(ROUND_RUN, "Chờ hội đồng chấm và kết luận")
    office.runner.set_day(date(2024, 5, 30))
    people.score(NEM, [66, 67, 65, 66, 66, 67, 65])
    people.concludes(ROUND, "03/BB-HĐ")
    waits("Chờ quyết định công nhận", "6-quyết-định", "6. Quyết định công nhận", "5-hoi-dong", "6-quyet-dinh")

    office.runner.set_day(date(2024, 6, 7))
    people.signs(ROUND, "1850/QĐ-UBND", "")
    waits(
        "Chờ kiểm tra sau công nhận", "7-giám-sát", "7. Kiểm tra sau công nhận", "6-quyet-dinh", "giay-to", "7-giam-sat"
    )
    office.wait_until(ROUND_RUN, "Đã kết thúc đợt")

    people.inspects(NEM, True, "Đúng như hồ sơ.")
    office.wait_until(name, "Đã công nhận")
    expected.append("7-giam-sat")
    assert office.tasks(name, len(expected)) == expected
    assert office.runs()[name]["state"]["type"] == "COMPLETED"
    assert office.line(NEM)["Chặng"] == "Được công nhận"
    with office.runner.transaction() as session:
        certificate = session.scalars(select(Certificate).where(Certificate.decision_number == "1850/QĐ-UBND")).one()
        assert (certificate.stars, len(certificate.inspections)) == (3, 1)


def test_rounds_steps_are_its_own_tasks(office: Installation) -> None:
    papers = "giay-to"
    expected = ["1-tuyen-truyen", papers, "1-tuyen-truyen", papers, "2-nhan-ho-so", "2-nhan-ho-so"]
    for step in ("5-trieu-tap-hoi-dong", "5-hop-hoi-dong", "6-ky-quyet-dinh"):
        expected += [step, step, papers]
    expected.append("7-ban-giao-giam-sat")

    assert office.tasks(ROUND_RUN, len(expected)) == expected
