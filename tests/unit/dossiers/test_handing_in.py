"""Handing in, handing in again, withdrawing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.issuing import register_old
from models.dossiers.handing_in import resubmit, submit, withdraw
from models.enums import AttemptStatus, ItemStatus, Level, Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, WrongMomentError
from models.process import process_version
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name, round_by_code
from models.tables import AuditEntry, Certificate, DossierAttempt, Office, OutboxMessage, Product, WorkItem
from tests import factories
from tests.factories import (
    CAKE,
    CHECKED,
    HANDED_IN,
    LONGAN,
    VISITED,
    at,
    close,
    coordinator,
    decided,
    in_consulting,
    open_round,
    opened,
    papers,
    producer_of,
    someone,
    submission,
)

RETURNED = {"outcome": "returned", "missing": ["test_sheets", "traceability"]}


def producer(session: Session, product: str = CAKE) -> Actor:
    return producer_of(session, product_by_name(session, product))


def returned(session: Session, **changed: object) -> DossierAttempt:
    attempt = factories.submit(session, **changed)  # type: ignore[arg-type]
    close(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED, CHECKED)
    return attempt


def held(session: Session, product: str, stars: int = 3) -> Certificate:
    return register_old(
        session,
        product_by_name(session, product),
        stars=stars,
        decision_number="2942/QĐ-UBND",
        issued_on=date(2022, 7, 15),
        level=Level.PROVINCE,
    )


def test_submission_pins_the_rules_of_its_day(session: Session) -> None:
    attempt = factories.submit(session, registration={"phone": "0912"}, self_assessment={"total": 71})

    assert (attempt.number, attempt.received_on, attempt.status) == (1, date(2024, 7, 8), AttemptStatus.IN_PROGRESS)
    assert (attempt.regime, attempt.criteria_source, attempt.criteria_set) == ("qd148-2023", "qd148", 6)
    assert attempt.process_version == process_version()
    assert (attempt.dossier.code, attempt.dossier.target_stars) == ("2024-001", 3)
    assert (attempt.registration, attempt.self_assessment) == ({"phone": "0912"}, {"total": 71})
    assert [paper.kind for paper in attempt.evidence] == list(factories.MANDATORY)
    assert attempt.title == "Bánh gai Huân Hường · Thọ Diên · lần 1"


def test_submission_leaves_one_audit_entry_and_one_signal(session: Session) -> None:
    attempt = factories.submit(session)
    subject = f"attempt:{attempt.id}"

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.subject == subject))
    assert (entry.act, entry.actor_id, entry.capacity, entry.data) == (
        "dossier.received",
        attempt.submitted_by_id,
        Role.PRODUCER,
        {"dossier": "2024-001", "attempt": 1},
    )
    (signal,) = session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains(subject)))
    assert (signal.key, signal.payload) == (f"signal:{subject}:received", {"subject": subject})


def test_submission_finds_product_by_alias(session: Session) -> None:
    open_round(session, "2024-3")
    held(session, "Bánh gai Lâm Thẩm")
    facts = submission("Bánh gai Lâm Thắm", round="2024-3", kind="upgrade")

    attempt = submit(session, facts, coordinator(session), at("2024-08-20"))

    assert attempt.dossier.product.name == "Bánh gai Lâm Thẩm"
    assert attempt.dossier.target_stars == 4


@pytest.mark.parametrize(("code", "role"), [("dieu-phoi", Role.COORDINATOR), ("cb-xa-tho-dien", Role.COMMUNE_OFFICER)])
def test_office_and_own_commune_may_hand_in_for_the_producer(session: Session, code: str, role: Role) -> None:
    open_round(session)

    assert submit(session, submission(), someone(session, code, role), HANDED_IN).number == 1


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("cb-thi-tran-lam-son", Role.COMMUNE_OFFICER),
        ("tu-van-1", Role.CONSULTANT),
        ("lanh-dao", Role.LEADER),
        ("hd-ktht", Role.COUNCIL_MEMBER),
    ],
)
def test_others_may_neither_hand_in_nor_withdraw(session: Session, code: str, role: Role) -> None:
    open_round(session)
    stranger = someone(session, code, role)

    with pytest.raises(NotAllowedError, match="Không được nộp hoặc rút hồ sơ của Cơ sở sản xuất Bánh gai Huân Hường"):
        submit(session, submission(), stranger, HANDED_IN)
    attempt = factories.submit(session)
    with pytest.raises(NotAllowedError):
        withdraw(session, attempt.dossier.code, "Phá", stranger, CHECKED)
    assert attempt.status is AttemptStatus.IN_PROGRESS


def test_producer_may_not_hand_in_for_another(session: Session) -> None:
    open_round(session)

    with pytest.raises(NotAllowedError):
        submit(session, submission(CAKE), producer(session, LONGAN), HANDED_IN)


@pytest.mark.parametrize("day", ["2024-06-30", "2024-07-27"])
def test_submission_outside_the_window_is_refused(session: Session, day: str) -> None:
    open_round(session)

    with pytest.raises(WrongMomentError) as refused:
        submit(session, submission(), producer(session), at(day))

    assert str(refused.value) == (
        f"round: Đợt 2 năm 2024 không nhận hồ sơ vào ngày {at(day):%d/%m/%Y} (nhận từ 01/07/2024 đến 26/07/2024; "
        "trạng thái: Đang nhận hồ sơ). → Chọn đợt đang nhận hồ sơ: ocop round list."
    )


@pytest.mark.parametrize("day", ["2024-07-01", "2024-07-26"])
def test_submission_on_first_and_last_day_is_received(session: Session, day: str) -> None:
    open_round(session)

    assert submit(session, submission(), producer(session), at(day, hour=23)).received_on == at(day).date()


def test_submission_to_a_round_that_is_not_open_is_refused(session: Session) -> None:
    with pytest.raises(WrongMomentError, match="Theo kế hoạch"):
        submit(session, submission(), producer(session), HANDED_IN)


def test_submission_after_the_list_is_closed_is_refused(session: Session) -> None:
    factories.list_closed(session)

    with pytest.raises(WrongMomentError, match="Đã chốt danh sách"):
        submit(session, submission(), producer(session), HANDED_IN)


def test_second_submission_while_one_is_under_way_is_conflict(session: Session) -> None:
    factories.submit(session)

    with pytest.raises(ConflictError, match="đã có hồ sơ 2024-001 đang xử lý"):
        factories.submit(session)


def test_unknown_round_and_product_are_named(session: Session) -> None:
    open_round(session)
    who = coordinator(session)

    with pytest.raises(NotFoundError, match=r"Không có đợt «2024-9».*2024-1, 2024-2, 2024-3"):
        submit(session, submission(round="2024-9"), who, HANDED_IN)
    with pytest.raises(NotFoundError, match="Không có sản phẩm «Bánh gai»"):
        submit(session, submission("Bánh gai"), who, HANDED_IN)


def test_bad_submission_lists_every_field(session: Session) -> None:
    paper = {"kind": "diploma", "title": "Bằng", "issued_on": "2024-02-30"}

    with pytest.raises(InputError) as refused:
        submit(session, {"round": "2024-2", "kind": "second", "evidence": [paper]}, coordinator(session), HANDED_IN)

    assert [problem.field for problem in refused.value.problems] == [
        "product",
        "kind",
        "evidence[0].kind",
        "evidence[0].issued_on",
    ]


def test_tourism_needs_its_case(session: Session) -> None:
    product = product_by_name(session, CAKE)
    product.criteria_set = 26

    with pytest.raises(InputError, match="phải chọn trường hợp 1 hoặc 2"):
        factories.submit(session)
    assert factories.submit(session, case=2).case == 2


def test_dossier_codes_count_through_the_year(session: Session) -> None:
    codes = [factories.submit(session, name).dossier.code for name in (CAKE, LONGAN, factories.CANDY)]

    assert codes == ["2024-001", "2024-002", "2024-003"]


def test_resubmission_is_a_new_attempt_that_carries_valid_papers_and_drops_expired_ones(session: Session) -> None:
    first = [*papers(), *papers("test_sheets", expires_on="2024-07-14"), *papers("awards", expires_on="2024-07-15")]
    old = returned(session, evidence=first, registration={"phone": "0912", "unit": "Hộ"})
    changed = {"evidence": papers("traceability"), "registration": {"phone": "0913"}}

    new = resubmit(session, old.dossier.code, changed, producer(session), at("2024-07-15"))

    assert (old.status, old.ended_on, new.status) == (
        AttemptStatus.RETURNED,
        date(2024, 7, 9),
        AttemptStatus.IN_PROGRESS,
    )
    assert (new.number, new.dossier, new.dossier.latest) == (2, old.dossier, new)
    assert new.registration == {"phone": "0913", "unit": "Hộ"}
    by_kind = {paper.kind.value: paper.carried_from_id for paper in new.evidence}
    origin = {paper.kind.value: paper.id for paper in old.evidence}
    assert by_kind == {
        **{kind: origin[kind] for kind in factories.MANDATORY},
        "awards": origin["awards"],
        "traceability": None,
    }
    assert len(old.evidence) == 6


def test_resubmission_pins_the_regime_of_its_own_day(session: Session) -> None:
    old = returned(session)
    round_ = round_by_code(session, "2024-2")
    round_.registration_closes_on = date(2025, 12, 31)

    new = resubmit(session, old.dossier.code, {}, producer(session), at("2025-07-06"))

    assert (old.regime, new.regime) == ("qd148-2023", "qd1489-2025")


def test_resubmission_after_the_window_goes_to_the_next_round_that_takes_dossiers(session: Session) -> None:
    old = returned(session)
    open_round(session, "2024-3")

    with pytest.raises(WrongMomentError, match="Đợt 2 năm 2024 không nhận hồ sơ"):
        resubmit(session, old.dossier.code, {"round": "2024-2"}, producer(session), at("2024-08-20"))
    new = resubmit(session, old.dossier.code, {}, producer(session), at("2024-08-20"))

    assert (new.round.code, new.number) == ("2024-3", 2)
    assert (new.previous, old.next) == (old, new)


def test_resubmission_before_the_next_round_opens_is_told_when_it_will(session: Session) -> None:
    old = returned(session)

    with pytest.raises(WrongMomentError, match="đợt kế tiếp là Đợt 3 năm 2024, nhận từ 12/08/2024"):
        resubmit(session, old.dossier.code, {}, producer(session), at("2024-08-05"))
    with pytest.raises(WrongMomentError, match="chưa có đợt kế tiếp trong kế hoạch"):
        resubmit(session, old.dossier.code, {}, producer(session), at("2024-12-05"))


def test_resubmission_of_one_below_fifty_points_in_the_next_round(session: Session) -> None:
    old = decided(session, 45)
    open_round(session, "2024-3")

    new = resubmit(session, old.dossier.code, {"round": "2024-3"}, producer(session), at("2024-08-20"))

    assert (old.status, new.number, new.round.code) == (AttemptStatus.NOT_RECOGNISED, 2, "2024-3")


def test_resubmission_of_one_under_way_is_refused(session: Session) -> None:
    attempt = factories.submit(session)

    with pytest.raises(WrongMomentError, match="«Đang xử lý» nên không nộp lại được"):
        resubmit(session, attempt.dossier.code, {}, producer(session), CHECKED)


def test_resubmission_of_one_recognised_is_refused(session: Session) -> None:
    attempt = decided(session, 60)

    with pytest.raises(WrongMomentError, match="«Được công nhận»"):
        resubmit(session, attempt.dossier.code, {"round": "2024-3"}, producer(session), at("2024-08-20"))


def test_resubmission_while_another_dossier_of_the_product_is_under_way_is_conflict(session: Session) -> None:
    old = returned(session)
    factories.submit(session)

    with pytest.raises(ConflictError, match="đã có hồ sơ 2024-002 đang xử lý"):
        resubmit(session, old.dossier.code, {}, producer(session), CHECKED)


def test_withdrawal_ends_the_attempt_cancels_its_item_and_wakes_the_run(session: Session) -> None:
    attempt = in_consulting(session)

    withdraw(session, attempt.dossier.code, "Đổi nhãn hiệu", producer(session), VISITED)

    assert (attempt.status, attempt.ended_on, attempt.ended_because) == (
        AttemptStatus.WITHDRAWN,
        date(2024, 7, 30),
        "Đổi nhãn hiệu",
    )
    items = session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id).order_by(WorkItem.id)).all()
    assert [item.status for item in items] == [ItemStatus.DONE, ItemStatus.DONE, ItemStatus.CANCELLED]
    assert session.scalars(
        select(OutboxMessage).where(OutboxMessage.key == f"signal:attempt:{attempt.id}:ended:1")
    ).one()


def test_withdrawal_twice_is_refused(session: Session) -> None:
    attempt = in_consulting(session)
    withdraw(session, attempt.dossier.code, "Ốm", producer(session), VISITED)

    with pytest.raises(WrongMomentError, match=r"đã kết thúc.*Chủ thể rút hồ sơ"):
        withdraw(session, attempt.dossier.code, "Ốm", producer(session), VISITED)


def test_withdrawal_of_an_unknown_dossier_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="Không có hồ sơ mã «2024-404»"):
        withdraw(session, "2024-404", "Ốm", coordinator(session), VISITED)


def test_run_that_opens_a_step_after_withdrawal_is_told_that_the_case_ended(session: Session) -> None:
    attempt = factories.submit(session)
    withdraw(session, attempt.dossier.code, "Ốm", producer(session), CHECKED)

    from models.steps.advancing import advance

    state = advance(session, StepKind.REGISTRATION_CHECK, f"attempt:{attempt.id}", CHECKED)

    assert (state.ended, state.item_id) == (True, 0)
    assert not session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id)).all()


def test_upgrade_starts_from_the_dossier_that_earned_the_certificate(session: Session) -> None:
    first = decided(session, 60)
    first.registration = {"phone": "0912", "address": "Thôn 1"}
    open_round(session, "2024-3").registration_closes_on = date(2024, 9, 30)
    facts = submission(
        round="2024-3", kind="upgrade", evidence=papers("awards"), registration={"address": "Thôn 2"}, target_stars=None
    )

    upgrade = submit(session, facts, coordinator(session), at("2024-09-25"))

    assert (upgrade.dossier.previous_id, first.dossier.previous_id) == (first.dossier_id, None)
    assert upgrade.dossier.target_stars == 4
    assert upgrade.registration == {"phone": "0912", "address": "Thôn 2"}
    carried = {paper.kind.value: paper.carried_from_id is not None for paper in upgrade.evidence}
    assert carried == dict.fromkeys(factories.MANDATORY, True) | {"awards": False}


@pytest.mark.parametrize("kind", ["upgrade", "renewal"])
def test_nothing_to_build_on_is_refused_with_what_to_do(session: Session, kind: str) -> None:
    open_round(session)

    with pytest.raises(WrongMomentError, match="không có giấy chứng nhận còn hiệu lực") as refused:
        submit(session, submission(kind=kind), coordinator(session), HANDED_IN)

    assert "ocop certificate enter" in refused.value.problems[0].remedy


def test_upgrade_to_the_stars_that_are_held_is_refused(session: Session) -> None:
    open_round(session)
    held(session, CAKE, stars=4)

    with pytest.raises(InputError, match="nhiều hơn 4 sao"):
        submit(session, submission(kind="upgrade", target_stars=4), coordinator(session), HANDED_IN)


def test_renewal_long_before_the_end_is_refused_at_the_same_door(session: Session) -> None:
    open_round(session)
    held(session, CAKE)

    with pytest.raises(WrongMomentError, match="Chưa đến thời gian nộp hồ sơ đánh giá lại"):
        submit(session, submission(kind="renewal"), coordinator(session), HANDED_IN)


def test_commune_without_an_office_is_noticed_when_the_dossier_is_handed_in(session: Session) -> None:
    open_round(session)
    place = product_by_name(session, CAKE).place
    office = session.scalars(select(Office).where(Office.place_id == place.id)).one()
    office.place_id = None

    with pytest.raises(InputError, match=f"Chưa khai báo UBND {place.title}"):
        submit(session, submission(), coordinator(session), HANDED_IN)


def test_product_of_one_name_made_by_two_needs_its_code(session: Session) -> None:
    cake, longan = product_by_name(session, CAKE), product_by_name(session, LONGAN)
    session.add(Product(producer_id=longan.producer_id, place_id=longan.place_id, name=CAKE, criteria_set=6))
    cake.code = "38-395-15538-01-2024"
    session.flush()

    with pytest.raises(InputError, match="Có 2 sản phẩm tên «Bánh gai Huân Hường»"):
        product_by_name(session, CAKE)
    assert product_by_name(session, "38-395-15538-01-2024") is cake


def test_item_opened_for_a_case_belongs_to_attempt_and_round(session: Session) -> None:
    attempt = factories.submit(session)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)

    assert (item.case, item.round, item.subject) == (attempt, attempt.round, f"attempt:{attempt.id}")


def test_first_evaluation_of_a_certified_product_is_pointed_to_the_right_kind(session: Session) -> None:
    open_round(session)
    held(session, CAKE)

    with pytest.raises(WrongMomentError, match="đang có giấy chứng nhận") as refused:
        submit(session, submission(), coordinator(session), HANDED_IN)

    assert "upgrade" in refused.value.problems[0].remedy


def test_coordinator_of_another_office_neither_hands_in_nor_withdraws(session: Session) -> None:
    attempt = factories.submit(session)
    stranger = Actor(coordinator(session).person_id, Role.COORDINATOR, office_id=1)
    assert stranger.office_id != attempt.round.plan.office_id

    with pytest.raises(NotAllowedError):
        submit(session, submission(LONGAN), stranger, HANDED_IN)
    with pytest.raises(NotAllowedError):
        withdraw(session, attempt.dossier.code, "Nhầm", stranger, HANDED_IN)


def test_papers_that_the_office_refused_are_not_carried_over(session: Session) -> None:
    old = factories.submit(session, evidence=papers(*factories.MANDATORY, "test_sheets"))
    refused = {"outcome": "returned", "missing": ["test_sheets"]}
    close(session, old, StepKind.REGISTRATION_CHECK, refused, CHECKED)

    new = resubmit(session, old.dossier.code, {}, producer(session), CHECKED)

    assert sorted(paper.kind for paper in new.evidence) == sorted(factories.MANDATORY)
