"""What a certificate's life asks of people, day by day: items with due dates and rungs, told by names of stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM, Actor
from models.certificates.entering import Paper, enter_certificate
from models.certificates.filing import candidate_of
from models.certificates.findings import latest_finding, record_finding
from models.certificates.inspecting import plan_ad_hoc
from models.certificates.life import CertificateState
from models.certificates.register import standing
from models.certificates.renewal import renew
from models.certificates.renewal_case import decline
from models.certificates.replacing import settle_replacements
from models.certificates.revoking import dismiss, revoke
from models.certificates.showing import certificate_life
from models.certificates.sweeping import sweep
from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus, Level, OfficeKind, OutboxKind, Role, Rung
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.offices.migration import migrate
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.rounds.board import board
from models.rounds.listing import round_detail
from models.signals import live_subjects, run_of
from models.steps.advancing import advance
from models.steps.cases import load_case
from models.subjects import attempt_subject
from models.tables import (
    AuditEntry,
    Certificate,
    DossierAttempt,
    Inspection,
    Office,
    OutboxMessage,
    Person,
    PlannedInspection,
    PlannedProduct,
    Revocation,
    RungClaim,
    WorkItem,
)
from models.work_items import complete, extend
from models.work_items.ladder import climb
from models.work_items.queries import item_detail, item_rows
from tests.domain_engine import run_engine
from tests.factories import (
    INSPECTED,
    LONGAN,
    at,
    close,
    coordinator,
    coordinator_elsewhere,
    decided,
    opened,
    producer_of,
    someone,
    whoever,
)
from tests.scenarios.test_certificate_life import days, decide, granted, later_round, old_one, state, told

FILING, COMMUNE, NOTICE = StepKind.RENEWAL_FILING, StepKind.RENEWAL_COMMUNE, StepKind.RENEWAL_NOTICE
DECISION, CONFIRMATION = StepKind.REVOCATION_DECISION, StepKind.PRODUCTION_CONFIRMATION
PLANNED, REMEDY = StepKind.CERTIFICATE_INSPECTION, StepKind.REMEDY_CHECK
LAW = "Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm OCOP theo Quyết định 26/2026/QĐ-TTg"
IN_PRODUCTION = {"outcome": "in_production", "confirmed_on": "2027-03-30"}


def items(session: Session, certificate: Certificate, *kinds: StepKind, status: ItemStatus | None = None) -> list[Any]:
    """The items of a certificate in the order in which they were opened."""
    query = select(WorkItem).where(WorkItem.certificate_id == certificate.id).order_by(WorkItem.id)
    rows = session.scalars(query).all()
    return [i for i in rows if (not kinds or i.kind in kinds) and status in {None, i.status}]


def item(session: Session, certificate: Certificate, kind: StepKind) -> WorkItem:
    """The last item of this kind."""
    found: WorkItem = items(session, certificate, kind)[-1]
    return found


def waiting(session: Session, certificate: Certificate) -> dict[str, date]:
    """What is open, with its due date."""
    return {i.kind.value: i.due_on for i in items(session, certificate, status=ItemStatus.OPEN)}


def act(session: Session, one: WorkItem, form: dict[str, Any], day: str, who: Actor | None = None) -> None:
    complete(session, one.id, form, who or whoever(session, one, at(day)), at(day))


def rungs(session: Session, one: WorkItem, first: str, last: str) -> list[tuple[str, Rung]]:
    """The day on which each rung of an item was told, looking every day."""
    return [
        (day, climbed.rung)
        for day in days(first, last)
        for climbed in climb(session, at(day), date.fromisoformat(day))
        if climbed.item.id == one.id
    ]


def commune_officer(session: Session, certificate: Certificate) -> Actor:
    """The officer of the commune in which the product is made."""
    place = certificate.product.place_id
    office = session.scalars(select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place)).one()
    person = Person(code=f"can-bo-{office.id}", name="Cán bộ xã")
    session.add(person)
    give_role(session, person, Role.COMMUNE_OFFICER, date(2024, 1, 1), office=office)
    session.flush()
    return Actor(person.id, Role.COMMUNE_OFFICER, office.id)


def province_leader(session: Session) -> Actor:
    office = session.scalars(select(Office).where(Office.code == "ubnd-tinh")).one()
    person = Person(code="chu-tich-tinh", name="Chủ tịch UBND tỉnh")
    session.add(person)
    give_role(session, person, Role.LEADER, date(2024, 1, 1), office=office)
    session.flush()
    return Actor(person.id, Role.LEADER, office.id)


# Renewal


def test_window_opens_as_work_of_the_producer_and_the_commune(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-23"))
    before = waiting(session, certificate)

    for _ in range(3):
        sweep(session, at("2027-03-24"))

    assert FILING.value not in before
    filing = item(session, certificate, FILING)
    assert waiting(session, certificate) == {"renewal_filing": date(2027, 5, 23), "renewal_commune": date(2027, 5, 23)}
    assert filing.producer_id == certificate.product.producer_id
    row = next(row for row in item_rows(session, date(2027, 3, 24)) if row.id == filing.id)
    assert (row.certificate, row.round, row.days_left) == (certificate.code, None, 60)
    detail = item_detail(session, filing.id, date(2027, 3, 24))
    assert detail.arithmetic == f"ngày cố định 23/05/2027 ({LAW})."
    assert "26/2026/QĐ-TTg" in detail.clock[0].rule
    assert filing.subject in live_subjects(session)


def test_filing_closes_the_producers_item_by_itself_and_what_else_was_waited_for(session: Session) -> None:
    certificate = granted(session)
    later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-24"))

    attempt = renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2027-04-10"))

    filing, commune = item(session, certificate, FILING), item(session, certificate, COMMUNE)
    assert filing.outcome is not None
    assert (filing.status, filing.outcome.code, filing.outcome.data["dossier"]) == (
        ItemStatus.DONE,
        "filed",
        attempt.dossier.code,
    )
    assert commune.status is ItemStatus.CANCELLED
    assert advance(session, FILING, filing.subject, at("2027-04-10")).is_("filed")
    row = candidate_of(session, certificate)
    assert row is not None
    assert row.closed_because == f"Đã nộp hồ sơ đánh giá lại {attempt.dossier.code}."
    sweep(session, at("2027-04-11"))
    assert waiting(session, certificate) == {}


def test_stating_filed_by_hand_is_refused(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))

    with pytest.raises(WrongMomentError, match="tự đóng"):
        act(session, item(session, certificate, FILING), {"outcome": "filed"}, "2027-04-01")


def test_renewal_withdrawn_is_waited_for_again(session: Session) -> None:
    certificate = granted(session)
    later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-24"))
    who = producer_of(session, certificate.product)
    attempt = renew(session, certificate.code, {}, who, at("2027-04-10"))

    withdraw(session, attempt.dossier.code, "Nộp nhầm tệp", who, at("2027-04-12"))
    sweep(session, at("2027-04-13"))

    first, second = items(session, certificate, FILING)
    assert (first.status, second.status, first.subject != second.subject) == (ItemStatus.DONE, ItemStatus.OPEN, True)


def test_round_planned_later_takes_the_product_in_with_its_papers(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))
    row = candidate_of(session, certificate)
    assert row is not None
    assert (row.round, row.papers) == (None, [])

    round_ = later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-25"))

    assert row.round is round_
    assert len(row.papers) == 4
    (line,) = round_detail(session, round_.code).products
    assert (line.product, line.kind, line.target_stars, line.dossier) == (certificate.product.name, "renewal", 3, None)
    attempt = renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2027-04-10"))
    assert attempt.round is round_
    assert round_detail(session, round_.code).products[0].dossier == attempt.dossier.code


def test_product_that_missed_a_round_is_expected_in_the_next(session: Session) -> None:
    certificate = granted(session)
    missed = later_round(session, "2027-03-01", "2027-04-01")
    sweep(session, at("2027-03-24"))
    row = candidate_of(session, certificate)
    assert row is not None
    assert row.round is missed

    following = later_round(session, "2027-04-05", "2027-06-30")
    sweep(session, at("2027-04-02"))

    assert row.round is following
    assert [line.product for line in round_detail(session, following.code).products] == [certificate.product.name]


def test_round_of_another_office_is_not_the_products(session: Session) -> None:
    granted(session)
    round_ = later_round(session, "2027-04-01", "2027-04-29")
    round_.plan.home = session.scalars(select(Office).where(Office.code == "tu-van")).one()
    own = Office(code="vpdp-2", name="VPĐP", kind=OfficeKind.COORDINATION, level=Level.DISTRICT)
    session.add(own)
    session.flush()

    sweep(session, at("2027-03-24"))

    assert session.scalars(select(PlannedProduct).where(PlannedProduct.round_id == round_.id)).all() == []


def test_producer_says_it_will_not_renew(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))
    who = producer_of(session, certificate.product)

    for _ in range(2):
        decline(session, certificate.code, "Chuyển sang làm bún", who, at("2027-04-02"))

    filing = item(session, certificate, FILING)
    assert filing.outcome is not None
    assert filing.outcome.data["reason"] == "Chuyển sang làm bún"
    assert set(waiting(session, certificate)) == {"renewal_commune"}
    assert "not-renewing" in told(session)
    with pytest.raises(ConflictError):
        decline(session, certificate.code, "Lý do khác", who, at("2027-04-03"))
    act(session, item(session, certificate, COMMUNE), IN_PRODUCTION, "2027-04-05")
    row = candidate_of(session, certificate)
    assert row is not None
    assert (row.closed_on, row.closed_because) == (date(2027, 4, 5), "Chủ thể không đánh giá lại.")
    sweep(session, at("2027-04-06"))
    assert waiting(session, certificate) == {}
    assert state(session, certificate, "2027-09-20") is CertificateState.LATE
    assert state(session, certificate, "2027-09-21") is CertificateState.LAPSED


def test_plan_line_of_a_declined_renewal_says_that_no_dossier_will_come(session: Session) -> None:
    certificate = granted(session)
    round_ = later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-24"))

    def shown() -> list[tuple[str | None, str]]:
        lines = board(session, round_, date(2027, 4, 3)).rows
        return [(round_detail(session, round_.code).products[0].dossier_status, row.status) for row in lines]

    before = shown()
    decline(session, certificate.code, "Chuyển nghề", producer_of(session, certificate.product), at("2027-04-02"))

    assert before == [(None, "Chưa nộp hồ sơ")]
    assert shown() == [("Không đánh giá lại", "Không đánh giá lại")]


def test_not_renewing_without_a_reason_or_by_a_stranger_is_refused(session: Session) -> None:
    certificate = granted(session)
    other = old_one(session, "2024-09-20", LONGAN)
    sweep(session, at("2027-03-24"))

    with pytest.raises(InputError, match="phải ghi lý do"):
        decline(session, certificate.code, " ", producer_of(session, certificate.product), at("2027-04-02"))
    with pytest.raises(NotAllowedError):
        decline(session, certificate.code, "Thôi", producer_of(session, other.product), at("2027-04-02"))
    assert FILING.value in waiting(session, certificate)


def test_late_renewal_is_extended_and_then_lapses(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))
    filing = item(session, certificate, FILING)
    climbed = rungs(session, filing, "2027-05-01", "2027-06-10")
    later_round(session, "2027-09-01", "2027-09-30")
    attempt = renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2027-09-10"))

    passed = [(day, one.told.value) for day in days("2027-09-11", "2028-03-25") for one in sweep(session, at(day))]

    assert [rung for _, rung in climbed] == list(Rung)
    assert climbed[1] == ("2027-05-24", Rung.OVERDUE)
    assert passed == [("2027-09-11", "window_closed"), ("2027-09-21", "end"), ("2028-03-19", "lapse")]
    assert state(session, certificate, "2028-03-18") is CertificateState.EXTENDED
    assert waiting(session, certificate) == {}
    assert attempt.dossier.code in certificate_life(session, certificate.code, date(2028, 3, 25)).renewals[0].ended


def test_nobody_renews_and_every_rung_is_told_before_the_lapse_ends_the_waiting(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))
    filing = item(session, certificate, FILING)
    rungs(session, filing, "2027-03-24", "2027-09-20")

    sweep(session, at("2027-09-21"))

    claimed = session.scalars(select(RungClaim.rung).where(RungClaim.item_id == filing.id)).all()
    assert set(claimed) == set(Rung)
    assert {i.status for i in items(session, certificate, FILING, COMMUNE)} == {ItemStatus.CANCELLED}
    assert advance(session, FILING, filing.subject, at("2027-09-21")).ended
    row = candidate_of(session, certificate)
    assert row is not None
    assert row.closed_because == "Giấy chứng nhận hết hiệu lực."


def test_coordinator_gives_the_producer_more_days(session: Session) -> None:
    certificate = granted(session)
    sweep(session, at("2027-03-24"))
    filing = item(session, certificate, FILING)

    extend(session, filing.id, 5, "Chờ kiểm nghiệm", coordinator(session), at("2027-05-20"), office=filing.owner_office)

    assert filing.due_on == date(2027, 5, 28)


# The written notice of the old law, and the law that comes


def test_old_law_asks_for_a_written_notice_thirty_days_before_the_end(session: Session) -> None:
    certificate = old_one(session, "2022-06-15")  # ends 15/06/2025

    sweep(session, at("2024-12-17"))

    assert waiting(session, certificate) == {
        "renewal_filing": date(2025, 6, 15),
        "renewal_commune": date(2025, 6, 15),
        "renewal_notice": date(2025, 5, 16),
    }
    notice = item(session, certificate, NOTICE)
    assert rungs(session, notice, "2025-05-01", "2025-05-19")[0] == ("2025-05-13", Rung.DUE_SOON)
    form = {"outcome": "sent", "notice_number": "9/TB-VPĐP", "sent_on": "2025-05-14"}
    act(session, notice, form, "2025-05-14")
    assert NOTICE.value not in waiting(session, certificate)


def test_new_law_moves_what_is_open_to_its_own_last_day(session: Session) -> None:
    certificate = old_one(session, "2023-11-15")  # ends 15/11/2026
    sweep(session, at("2026-05-20"))
    filing = item(session, certificate, FILING)
    before = filing.due_on

    for day in ("2026-05-22", "2026-05-23"):
        sweep(session, at(day))

    assert (before, filing.due_on) == (date(2026, 11, 15), date(2026, 7, 18))
    assert [line.event.value for line in filing.clock] == ["started", "started"]
    assert item_detail(session, filing.id, date(2026, 5, 23)).arithmetic == f"ngày cố định 18/07/2026 ({LAW})."


def test_certificate_of_2023_that_ends_in_june_2026_is_late_at_once_under_the_new_law(session: Session) -> None:
    certificate = old_one(session, "2023-06-15")
    for day in days("2025-12-10", "2026-05-22", 3):
        sweep(session, at(day))
    sweep(session, at("2026-05-22"))
    filing = item(session, certificate, FILING)

    assert filing.due_on == date(2026, 5, 22)  # its window of 26/2026 closed in February: from now on it is late
    later_round(session, "2026-05-01", "2026-06-30")
    renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2026-06-10"))
    assert state(session, certificate, "2026-06-16") is CertificateState.EXTENDED
    assert set(waiting(session, certificate)) == {"certificate_inspection"}  # the third year's


# Production stopped, revocation


def test_commune_reports_that_production_stopped_and_the_leader_revokes_in_time(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    certificate.level = Level.PROVINCE
    leader, officer = province_leader(session), commune_officer(session, certificate)
    sweep(session, at("2027-03-24"))
    stopped = {"outcome": "stopped", "confirmed_on": "2027-04-01", "note": "Lò đã dỡ, không còn làm."}

    act(session, item(session, certificate, COMMUNE), stopped, "2027-04-02", officer)

    row = latest_finding(session, certificate)
    assert row is not None
    assert (row.ground, row.found_on, row.due_on) == (
        "Sản phẩm không còn sản xuất",
        date(2027, 4, 1),
        date(2027, 4, 16),
    )
    decision = item(session, certificate, DECISION)
    assert (decision.due_on, decision.office_id, decision.role) == (date(2027, 4, 16), leader.office_id, Role.LEADER)
    form = {"outcome": "revoked", "decision_number": "12/QĐ-UBND", "signed_on": "2027-04-14", "signer": "Chủ tịch"}
    act(session, decision, form, "2027-04-14", leader)
    assert certificate.revoked_on == date(2027, 4, 14)
    assert waiting(session, certificate) == {}
    assert state(session, certificate, "2027-04-14") is CertificateState.REVOKED


def dossier_inspection(session: Session, attempt: DossierAttempt) -> ItemStatus | None:
    mine = (WorkItem.attempt_id == attempt.id, WorkItem.kind == StepKind.INSPECTION)
    return session.scalars(select(WorkItem.status).where(*mine)).one_or_none()


def district_revokes(session: Session, certificate: Certificate, day: str) -> None:
    record_finding(session, certificate.code, "Nhãn sai", "Nhãn sai.", at(day).date(), coordinator(session), at(day))
    leader = someone(session, "lanh-dao", Role.LEADER, at(day))
    revoke(session, certificate.code, "9/QĐ-UBND", at(day).date(), "A", leader, at(day))


def test_revocation_ends_the_dossiers_own_inspection_and_its_run(session: Session) -> None:
    certificate = granted(session)
    attempt = session.get_one(DossierAttempt, certificate.attempt_id)
    subject = attempt_subject(attempt.id)
    run_engine(session, subject, at("2024-09-21"))
    assert dossier_inspection(session, attempt) is ItemStatus.OPEN

    district_revokes(session, certificate, "2024-11-01")
    run_engine(session, subject, at("2024-11-01"))

    assert dossier_inspection(session, attempt) is ItemStatus.CANCELLED
    said = select(AuditEntry.reason).where(AuditEntry.subject == subject, AuditEntry.act == "item.cancelled")
    assert session.scalars(said).one() == "Thu hồi theo quyết định 9/QĐ-UBND ngày 01/11/2024."
    key = f"signal:{subject}:certificate-over:{certificate.id}"
    assert session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None
    assert attempt.status is AttemptStatus.RECOGNISED
    assert run_of(session, subject).ended_at is not None
    assert load_case(session, subject).ended_name == "Đã công nhận, giấy chứng nhận bị thu hồi"


def test_run_that_comes_late_opens_no_inspection_of_a_revoked_certificate(session: Session) -> None:
    certificate = granted(session)
    attempt = session.get_one(DossierAttempt, certificate.attempt_id)
    district_revokes(session, certificate, "2024-11-01")

    run_engine(session, attempt_subject(attempt.id), at("2024-11-01"))

    assert dossier_inspection(session, attempt) is None
    assert run_of(session, attempt_subject(attempt.id)).ended_at is not None


def test_upgrade_ends_the_inspection_of_the_dossier_before(session: Session) -> None:
    certificate = granted(session)
    attempt = session.get_one(DossierAttempt, certificate.attempt_id)
    run_engine(session, attempt_subject(attempt.id), at("2024-09-21"))

    enter_certificate(
        session,
        certificate.product.name,
        Paper(4, "4711/QĐ-UBND", date(2024, 11, 26)),
        coordinator(session),
        at("2024-12-02"),
    )
    run_engine(session, attempt_subject(attempt.id), at("2024-12-02"))

    assert dossier_inspection(session, attempt) is ItemStatus.CANCELLED
    assert load_case(session, attempt_subject(attempt.id)).ended_name == "Đã công nhận, giấy chứng nhận được thay thế"


def test_inspection_of_a_revoked_certificate_cannot_be_asked_for(session: Session) -> None:
    certificate = granted(session)
    district_revokes(session, certificate, "2024-11-01")

    with pytest.raises(WrongMomentError, match="không còn hiệu lực"):
        plan_ad_hoc(session, certificate, date(2024, 12, 1), "Có phản ánh", coordinator(session), at("2024-11-02"))


def test_finding_of_before_is_not_taken_once_the_certificate_is_revoked(session: Session) -> None:
    certificate = granted(session)
    district_revokes(session, certificate, "2024-11-01")
    found = len(session.scalars(select(Revocation)).all())

    with pytest.raises(WrongMomentError, match="không còn hiệu lực"):
        record_finding(
            session,
            certificate.code,
            "Nhãn sai",
            "Nhãn sai.",
            date(2024, 10, 25),
            coordinator(session),
            at("2024-11-02"),
        )

    assert len(session.scalars(select(Revocation)).all()) == found


def test_finding_of_before_the_issue_is_wrong_in_its_day_and_not_in_its_ground(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")

    with pytest.raises(InputError) as refused:
        record_finding(
            session, certificate.code, "2", "Nhãn sai.", date(2024, 9, 19), coordinator(session), at("2026-06-01")
        )

    assert refused.value.problems[0].field == "found_on"


def test_answers_about_a_certificate_that_is_over_name_why(session: Session) -> None:
    lapsed, replaced = old_one(session, "2021-01-10"), old_one(session, "2023-11-15", LONGAN)
    newer = old_one(session, "2025-11-15", LONGAN)
    settle_replacements(session, newer.product, at("2026-06-01"))
    who = coordinator(session)

    with pytest.raises(WrongMomentError, match="không còn hiệu lực"):
        decline(session, lapsed.code, "Chuyển nghề", who, at("2026-06-01"))
    with pytest.raises(WrongMomentError, match=f"Giấy thay thế là {newer.code}"):
        renew(session, replaced.code, {}, who, at("2026-06-01"))


def test_coordinator_of_another_office_asks_for_no_inspection(session: Session) -> None:
    certificate = granted(session)

    with pytest.raises(NotAllowedError, match="Bạn là điều phối của VPĐP huyện khác"):
        plan_ad_hoc(
            session, certificate, date(2024, 12, 1), "Có phản ánh", coordinator_elsewhere(session), at("2024-11-02")
        )


def test_days_to_decide_start_with_the_communes_confirmation(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    officer = commune_officer(session, certificate)

    found = date(2026, 6, 1)
    row = record_finding(session, certificate.code, "5", "Đóng cửa.", found, coordinator(session), at("2026-06-02"))

    assert (row.due_on, waiting(session, certificate)) == (None, {"production_confirmation": date(2026, 6, 11)})
    form = {"outcome": "stopped", "confirmed_on": "2026-06-09", "note": "Đã nghỉ từ tháng 3."}
    act(session, item(session, certificate, CONFIRMATION), form, "2026-06-10", officer)
    assert (row.confirmed_on, row.due_on) == (date(2026, 6, 9), date(2026, 6, 24))
    assert waiting(session, certificate) == {"revocation_decision": date(2026, 6, 24)}


def test_commune_says_that_production_goes_on(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    officer = commune_officer(session, certificate)
    who = coordinator(session)
    row = record_finding(session, certificate.code, "5", "Đóng cửa.", date(2026, 6, 1), who, at("2026-06-02"))

    form = {"outcome": "in_production", "confirmed_on": "2026-06-09"}
    act(session, item(session, certificate, CONFIRMATION), form, "2026-06-10", officer)

    assert (row.closed_because, waiting(session, certificate)) == ("UBND xã xác nhận cơ sở còn sản xuất.", {})
    assert state(session, certificate, "2026-06-30") is CertificateState.VALID
    again = record_finding(session, certificate.code, "2", "Nhãn sai.", date(2026, 7, 1), who, at("2026-07-02"))
    assert (again.id != row.id, again.due_on) == (True, date(2026, 7, 16))


def test_officer_of_another_commune_finds_nothing(session: Session) -> None:
    certificate, other = old_one(session, "2024-09-20"), old_one(session, "2024-09-20", LONGAN)
    stranger = commune_officer(session, other)

    with pytest.raises(NotAllowedError):
        record_finding(session, certificate.code, "5", "Đóng cửa.", date(2026, 6, 1), stranger, at("2026-06-02"))


def test_leader_who_is_late_is_escalated_and_still_decides(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    certificate.level = Level.PROVINCE
    leader = province_leader(session)
    who = coordinator(session)
    record_finding(session, certificate.code, "3", "Vượt giới hạn vi sinh.", date(2026, 6, 1), who, at("2026-06-02"))
    decision = item(session, certificate, DECISION)

    climbed = rungs(session, decision, "2026-06-02", "2026-07-01")

    assert climbed == [
        ("2026-06-11", Rung.DUE_SOON),
        ("2026-06-17", Rung.OVERDUE),
        ("2026-06-19", Rung.ESCALATED_HEAD),
        ("2026-06-23", Rung.ESCALATED_COORDINATOR),
        ("2026-06-26", Rung.ESCALATED_LEADER),
    ]
    revoke(session, certificate.code, "9/QĐ", date(2026, 7, 1), "A", leader, at("2026-07-01"))
    assert decision.status is ItemStatus.DONE


def test_leader_sees_no_ground_and_says_why(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    who = coordinator(session)
    certificate.level = Level.PROVINCE
    record_finding(session, certificate.code, "2", "Nhãn sai.", date(2026, 6, 1), who, at("2026-06-02"))

    with pytest.raises(InputError, match="phải ghi lý do"):
        dismiss(session, certificate.code, "", who, at("2026-06-10"))
    dismiss(session, certificate.code, "Đã thu hồi nhãn cũ.", who, at("2026-06-10"))

    assert item(session, certificate, DECISION).status is ItemStatus.DONE
    assert state(session, certificate, "2026-06-30") is CertificateState.VALID
    with pytest.raises(WrongMomentError):
        dismiss(session, certificate.code, "Lần nữa", who, at("2026-06-11"))


def test_decision_that_comes_before_the_commune_answers_ends_the_waiting(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    certificate.level = Level.PROVINCE
    who = coordinator(session)
    record_finding(session, certificate.code, "5", "Đóng cửa.", date(2026, 6, 1), who, at("2026-06-02"))

    revoke(session, certificate.code, "9/QĐ", date(2026, 6, 5), "A", who, at("2026-06-05"))

    assert item(session, certificate, CONFIRMATION).status is ItemStatus.CANCELLED
    assert item(session, certificate, DECISION).status is ItemStatus.DONE
    assert waiting(session, certificate) == {}


# Inspections


def test_yearly_inspection_becomes_work_thirty_days_before_its_day(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")

    for day in days("2025-08-01", "2025-08-25"):
        sweep(session, at(day))

    (planned,) = items(session, certificate, PLANNED)
    assert (planned.opened_at, planned.due_on) == (at("2025-08-21"), date(2025, 9, 20))
    act(session, planned, {**INSPECTED, "inspected_on": "2025-09-10"}, "2025-09-11")
    made = session.scalars(select(Inspection)).one()
    assert (made.passed, made.certificate_id) == (True, certificate.id)
    for day in days("2025-09-12", "2026-08-20", 7):
        sweep(session, at(day))
    assert waiting(session, certificate) == {}


@pytest.mark.parametrize("inspected_on", ["2025-03-10", "2025-10-21"])
def test_inspection_of_the_dossiers_own_run_is_the_first_years(session: Session, inspected_on: str) -> None:
    certificate = granted(session)
    assert certificate.attempt_id is not None
    own = item_of_run(session, certificate.attempt_id)

    for day in days("2024-09-22", inspected_on, 10):
        sweep(session, at(day))
    act(session, own, {**INSPECTED, "inspected_on": inspected_on}, inspected_on)
    for day in days(inspected_on, "2026-08-15", 10):
        sweep(session, at(day))

    assert items(session, certificate, PLANNED) == []
    plans = session.scalars(select(PlannedInspection).order_by(PlannedInspection.planned_on)).all()
    assert [(plan.planned_on, plan.inspection is not None) for plan in plans] == [
        (date(2025, 9, 20), True),
        (date(2026, 9, 20), False),
    ]
    sweep(session, at("2026-08-21"))
    assert waiting(session, certificate) == {PLANNED.value: date(2026, 9, 20)}


def item_of_run(session: Session, attempt_id: int) -> WorkItem:
    """The inspection that ends the dossier's own run."""
    return opened(session, session.get_one(DossierAttempt, attempt_id), StepKind.INSPECTION, at("2024-09-21"))


def test_failed_inspection_is_mended_by_its_day(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    sweep(session, at("2025-08-21"))
    failed = {**INSPECTED, "outcome": "failed", "inspected_on": "2025-09-10", "remedies": ["Sửa nhãn"]}

    act(session, item(session, certificate, PLANNED), {**failed, "remedy_by": "2025-09-30"}, "2025-09-10")

    assert waiting(session, certificate) == {"remedy_check": date(2025, 9, 30)}
    assert "inspection-failed" in told(session)
    mended = {"outcome": "mended", "checked_on": "2025-09-29", "findings": "Nhãn mới đúng."}
    act(session, item(session, certificate, REMEDY), mended, "2025-09-29")
    assert waiting(session, certificate) == {}


def test_what_is_not_mended_becomes_a_finding(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    sweep(session, at("2026-08-21"))
    failed = {**INSPECTED, "outcome": "failed", "inspected_on": "2026-09-10"}
    act(session, item(session, certificate, PLANNED), failed, "2026-09-10")
    remedy = item(session, certificate, REMEDY)

    not_mended = {"outcome": "not_mended", "checked_on": "2026-10-12", "findings": "Nhãn như cũ.", "ground": "2"}
    act(session, remedy, not_mended, "2026-10-12")

    assert remedy.due_on == date(2026, 10, 10)
    row = latest_finding(session, certificate)
    assert row is not None
    assert (row.ground, row.due_on) == ("Sản phẩm không còn đáp ứng tiêu chí", date(2026, 10, 27))
    assert waiting(session, certificate) == {"revocation_decision": date(2026, 10, 27)}


def test_failed_inspection_of_the_dossiers_own_run_is_to_be_mended_too(session: Session) -> None:
    attempt = decided(session, 60)
    certificate = session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one()

    close(session, attempt, StepKind.INSPECTION, {**INSPECTED, "outcome": "failed"}, at("2024-12-03"))

    assert waiting(session, certificate) == {"remedy_check": date(2024, 12, 26)}
    assert session.scalars(select(PlannedInspection.planned_on)).all() == [date(2025, 9, 20)]


def test_inspection_for_a_reason_is_asked_for_once(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    who = coordinator(session)

    for _ in range(2):
        plan_ad_hoc(session, certificate, date(2026, 6, 10), "Có phản ánh", who, at("2026-06-01"))

    (asked,) = items(session, certificate, PLANNED)
    assert asked.due_on == date(2026, 6, 10)
    with pytest.raises(InputError, match="đã qua"):
        plan_ad_hoc(session, certificate, date(2026, 5, 30), "Có phản ánh", who, at("2026-06-01"))
    with pytest.raises(InputError, match="13/06/2026 là ngày nghỉ"):
        plan_ad_hoc(session, certificate, date(2026, 6, 13), "Có phản ánh", who, at("2026-06-01"))
    producer = producer_of(session, certificate.product)
    with pytest.raises(NotAllowedError):
        plan_ad_hoc(session, certificate, date(2026, 6, 10), "Có phản ánh", producer, at("2026-06-01"))


# Replaced, moved, held up


def test_upgrade_ends_what_waited_for_the_certificate_before(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    round_ = later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-24"))
    who = producer_of(session, certificate.product)
    attempt = renew(session, certificate.code, {}, who, at("2027-04-10"))
    plan_ad_hoc(session, certificate, date(2027, 6, 30), "Có phản ánh", coordinator(session), at("2027-06-01"))

    new = decide(session, attempt, "2027-06-20")

    assert round_.plan is not None
    assert waiting(session, certificate) == {}
    assert items(session, certificate, PLANNED)[-1].status is ItemStatus.CANCELLED
    life = certificate_life(session, certificate.code, date(2027, 7, 1))
    assert (life.replaced_by, life.certificate.state) == (new.code, "replaced")
    ended = {line.ended for line in life.inspections if line.ad_hoc}
    assert ended == {f"Được thay thế bởi giấy chứng nhận {new.code}."}


def test_items_follow_to_the_offices_of_the_province(session: Session) -> None:
    certificate = old_one(session, "2022-06-30")  # ends 30/06/2025
    later = old_one(session, "2022-12-01", LONGAN)  # ends 01/12/2025
    for day in ("2025-06-05", "2025-06-30"):
        sweep(session, at(day))
    notice = item(session, later, NOTICE)
    before = (notice.office_id, notice.owner_office.code)

    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))
    sweep(session, at("2025-07-02"))

    office = session.get_one(Office, notice.office_id)
    assert before[1] == "vpdp"
    assert (office.code, notice.owner_office.code) == ("vpdp-tinh", "vpdp-tinh")
    assert session.get_one(Office, item(session, later, COMMUNE).office_id).place_id == later.product.place_id
    assert waiting(session, certificate) == {}


def test_certificate_whose_commune_is_not_set_up_does_not_hold_up_the_others(session: Session) -> None:
    certificate, other = old_one(session, "2024-09-20"), old_one(session, "2024-09-20", LONGAN)
    office = session.scalars(select(Office).where(Office.place_id == certificate.product.place_id)).one()
    office.place_id = None
    session.flush()

    sweep(session, at("2027-03-24"))

    assert waiting(session, certificate) == {}
    assert FILING.value in waiting(session, other)
    texts = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)).all()
    (told_so,) = [t for t in texts if t.get("what") == "not-set-up"]
    assert "Chưa khai báo UBND" in told_so["text"]


def test_inspection_that_nobody_can_make_does_not_hold_up_the_renewal(session: Session) -> None:
    certificate = old_one(session, "2024-03-20")
    for office in session.scalars(select(Office).where(Office.kind == OfficeKind.TECHNICAL)):
        office.kind = OfficeKind.CONSULTANT
    session.flush()

    sweep(session, at("2027-03-01"))

    assert set(waiting(session, certificate)) == {"renewal_filing", "renewal_commune"}
    assert "not-set-up" in told(session)


def test_every_message_says_what_it_is_about_and_to_whom(session: Session) -> None:
    certificate = granted(session)
    for day in days("2027-03-20", "2027-10-01", 5):
        sweep(session, at(day))

    payloads = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)).all()
    mine: Sequence[dict[str, Any]] = [p for p in payloads if p.get("certificate") == certificate.id]

    assert [p["what"] for p in mine] == ["window-open", "window-closed", "lapse"]
    assert all(p["text"].startswith(certificate.title) and p["text"].endswith(".") and p["to"] for p in mine)


def test_life_of_a_certificate_by_the_law_of_each_day(session: Session) -> None:
    certificate = old_one(session, "2023-11-15")
    sweep(session, at("2026-05-22"))

    old, new = (certificate_life(session, certificate.code, date(2026, 5, n)) for n in (21, 22))

    of_old, of_new = old.certificate, new.certificate
    assert (old.law, of_old.notice_by, of_old.renewal_opens) == ("qd1489-2025", date(2026, 10, 16), None)
    assert (new.law, of_new.notice_by, of_new.renewal_opens) == ("qd26-2026", None, date(2026, 5, 19))
    assert of_new.waiting == [
        "Nộp hồ sơ đánh giá lại (hạn 18/07/2026)",
        "Xã rà soát trước đánh giá lại (hạn 18/07/2026)",
    ]
    assert (new.certificate.next_milestone, new.certificate.next_on) == (
        "Hết thời gian nộp hồ sơ đánh giá lại",
        date(2026, 7, 19),
    )
    assert standing(session, certificate, date(2026, 7, 19)).state is CertificateState.LATE
    with pytest.raises(WrongMomentError):
        certificate_life(session, certificate.code, date(2023, 11, 14))


def test_technical_officer_is_no_leader(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    who = coordinator(session)
    record_finding(session, certificate.code, "2", "Nhãn sai.", date(2026, 6, 1), who, at("2026-06-02"))
    form = {"outcome": "no_ground", "reason": "Không có gì"}

    inspector = someone(session, "kiem-tra", Role.TECHNICAL_OFFICER)
    with pytest.raises(NotAllowedError):
        act(session, item(session, certificate, DECISION), form, "2026-06-03", inspector)
