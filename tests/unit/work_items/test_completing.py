"""Completing a work item: once, by whom it is addressed to, on what was seen; all of it stored or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import engine_for, reading, transaction
from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus, OutboxKind, Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, WrongMomentError
from models.forms import RegistrationCheckForm, SupplementForm
from models.process.kinds import StepKind
from models.tables import AuditEntry, DossierAttempt, OutboxMessage, Outcome, WorkItem
from models.work_items import complete
from tests.factories import (
    ABOVE,
    ACCEPTED,
    CHECKED,
    LONGAN,
    NOT_READY,
    REPORTED,
    VISITED,
    close,
    coordinator,
    in_consulting,
    opened,
    producer_of,
    proposed,
    someone,
    submit,
)

RETURNED = {"outcome": "returned", "missing": ["test_sheets"], "note": "Nộp thêm phiếu kiểm nghiệm."}


def check_item(session: Session) -> WorkItem:
    return opened(session, submit(session), StepKind.REGISTRATION_CHECK, CHECKED)


def rows(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_complete_stores_outcome_with_person_capacity_and_moment(session: Session) -> None:
    item = check_item(session)
    who = coordinator(session)

    outcome = complete(session, item.id, ACCEPTED, who, CHECKED)

    assert (outcome.code, outcome.version, outcome.actor_id, outcome.capacity, outcome.recorded_at) == (
        "accepted",
        1,
        who.person_id,
        Role.COORDINATOR,
        CHECKED,
    )
    assert (item.status, item.closed_at, item.version) == (ItemStatus.DONE, CHECKED, 2)


def test_complete_same_outcome_twice_is_one(session: Session) -> None:
    item = check_item(session)
    who = coordinator(session)
    first = complete(session, item.id, ACCEPTED, who, CHECKED)
    before = rows(session, AuditEntry), rows(session, OutboxMessage)

    second = complete(session, item.id, ACCEPTED, who, VISITED)

    assert second is first
    assert second.recorded_at == CHECKED
    assert rows(session, Outcome) == 1
    assert (rows(session, AuditEntry), rows(session, OutboxMessage)) == before


def test_complete_same_outcome_written_otherwise_is_one(session: Session) -> None:
    item = check_item(session)
    who = coordinator(session)
    first = complete(session, item.id, RETURNED, who, CHECKED)
    reordered = {name: RETURNED[name] for name in reversed(RETURNED)}

    assert complete(session, item.id, {**reordered, "note": f" {RETURNED['note']} "}, who, CHECKED) is first
    assert complete(session, item.id, RegistrationCheckForm.model_validate(RETURNED), who, CHECKED) is first


def test_complete_other_outcome_is_conflict_that_says_what_is_recorded(session: Session) -> None:
    item = check_item(session)
    who = coordinator(session)
    complete(session, item.id, ACCEPTED, who, CHECKED)

    with pytest.raises(ConflictError) as refused:
        complete(session, item.id, RETURNED, who, VISITED)

    (problem,) = refused.value.problems
    assert problem.field == "outcome"
    assert problem.problem == (
        "«Kiểm tra hồ sơ đăng ký» đã có kết quả khác (accepted, ghi lúc 09/07/2024 09:00); kết quả mới không được ghi."
    )
    assert [outcome.code for outcome in item.outcomes] == ["accepted"]
    assert item.case.status is AttemptStatus.IN_PROGRESS


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)
def test_complete_in_any_order_keeps_the_first_outcome(office_url: str, stated: list[str]) -> None:
    forms: dict[str, dict[str, Any]] = {
        "a": ACCEPTED,
        "b": {**ACCEPTED, "note": "Đã đủ."},
        "c": RETURNED,
    }
    engine = engine_for(office_url)
    with Session(engine) as session, session.begin() as whole:
        item = check_item(session)
        who = coordinator(session)
        results = []
        for name in stated:
            try:
                results.append(complete(session, item.id, forms[name], who, CHECKED).data == item.outcomes[0].data)
            except ConflictError:
                results.append(False)
        assert results == [name == stated[0] for name in stated]
        assert [outcome.code for outcome in item.outcomes] == [forms[stated[0]]["outcome"]]
        assert item.version == 2
        whole.rollback()


@pytest.fixture(scope="module")
def office_url(tmp_path_factory: pytest.TempPathFactory, office_file: Any) -> str:
    """One copy for all examples: each rolls back."""
    path = tmp_path_factory.mktemp("interleavings") / "ocop.sqlite"
    path.write_bytes(office_file.read_bytes())
    return f"sqlite:///{path}"


@pytest.mark.parametrize("seen", [1, 3])
def test_complete_on_another_version_than_was_seen_is_conflict(session: Session, seen: int) -> None:
    item = check_item(session)
    item.version += 1
    session.flush()

    with pytest.raises(ConflictError, match="đã thay đổi") as refused:
        complete(session, item.id, ACCEPTED, coordinator(session), CHECKED, version=seen)

    assert refused.value.problems[0].field == "version"
    assert item.status is ItemStatus.OPEN
    assert complete(session, item.id, ACCEPTED, coordinator(session), CHECKED, version=2).code == "accepted"


def test_complete_unknown_item_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="Không có việc số 404"):
        complete(session, 404, ACCEPTED, coordinator(session), CHECKED)


def test_complete_sees_outcome_stored_since_the_item_was_read(url: str) -> None:
    """On PostgreSQL another transaction may store between the read and the lock; here the row is changed under it."""
    with transaction(url) as session:
        item = check_item(session)
        seen = session.get_one(WorkItem, item.id)
        session.connection().exec_driver_sql(f"UPDATE work_items SET status='cancelled', version=5 WHERE id={seen.id}")
        with pytest.raises(WrongMomentError, match="đã hủy"):
            complete(session, seen.id, ACCEPTED, coordinator(session), CHECKED)
        assert seen.version == 5


def test_complete_cancelled_item_is_wrong_moment(session: Session) -> None:
    item = check_item(session)
    withdraw(session, item.case.dossier.code, "Chưa đủ vốn", coordinator(session), CHECKED)

    with pytest.raises(WrongMomentError, match="«Kiểm tra hồ sơ đăng ký» đã hủy"):
        complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)


def test_complete_by_another_role_is_refused_and_names_the_addressee(session: Session) -> None:
    item = check_item(session)
    leader = someone(session, "lanh-dao", Role.LEADER)

    with pytest.raises(NotAllowedError) as refused:
        complete(session, item.id, ACCEPTED, leader, CHECKED)

    (problem,) = refused.value.problems
    assert problem.problem == ("Không được làm «Kiểm tra hồ sơ đăng ký»: vai trò «Lãnh đạo UBND» không làm bước này.")
    assert problem.remedy == (
        "Người được giao: Văn phòng Điều phối Chương trình MTQG xây dựng nông thôn mới huyện Thọ Xuân "
        "(Cán bộ điều phối)."
    )
    assert item.status is ItemStatus.OPEN


def test_complete_by_another_unit_is_refused(session: Session) -> None:
    attempt = submit(session)
    close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, CHECKED)
    item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    neighbour = someone(session, "cb-xa-tho-lam", Role.COMMUNE_OFFICER)
    own = someone(session, "cb-xa-tho-dien", Role.COMMUNE_OFFICER)

    with pytest.raises(NotAllowedError, match="giao cho đơn vị khác"):
        complete(session, item.id, proposed(), neighbour, REPORTED)

    assert complete(session, item.id, proposed(), own, REPORTED).code == "proposed"


def test_complete_by_another_producer_is_refused(session: Session) -> None:
    attempt = in_consulting(session)
    other = producer_of(session, submit(session, LONGAN).dossier.product)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    item = opened(session, attempt, StepKind.SUPPLEMENT, VISITED)

    with pytest.raises(NotAllowedError, match="của chủ thể khác"):
        complete(session, item.id, {"outcome": "supplemented"}, other, VISITED)

    assert item.status is ItemStatus.OPEN


def test_supplement_names_files_of_the_store_only(session: Session) -> None:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    item = opened(session, attempt, StepKind.SUPPLEMENT, VISITED)
    paper = {"kind": "awards", "title": "Giải thưởng", "file_sha256": "a" * 64}

    with pytest.raises(InputError, match="không có tệp") as refused:
        complete(
            session,
            item.id,
            {"outcome": "supplemented", "evidence": [paper]},
            producer_of(session, attempt.dossier.product),
            VISITED,
        )

    assert refused.value.problems[0].field == "evidence[0].file_sha256"
    assert item.status is ItemStatus.OPEN


def test_complete_by_another_person_is_refused(session: Session) -> None:
    item = check_item(session)
    item.assignee_id = someone(session, "chanh-vp", Role.COORDINATOR).person_id

    with pytest.raises(NotAllowedError, match="giao cho người khác"):
        complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)


def test_complete_again_by_the_wrong_person_does_not_show_the_outcome(session: Session) -> None:
    item = check_item(session)
    complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)

    with pytest.raises(NotAllowedError):
        complete(session, item.id, ACCEPTED, someone(session, "lanh-dao", Role.LEADER), CHECKED)


def test_complete_with_the_form_of_another_step_is_refused(session: Session) -> None:
    item = check_item(session)

    with pytest.raises(InputError, match="outcome"):
        complete(session, item.id, SupplementForm(outcome="supplemented"), coordinator(session), CHECKED)


def accept(session: Session, item: WorkItem) -> None:
    complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)


def give_back(session: Session, item: WorkItem) -> None:
    complete(session, item.id, RETURNED, coordinator(session), CHECKED)


@pytest.mark.parametrize(
    ("act", "audited", "left"),
    [
        (accept, ["item.completed"], ["event", "signal"]),
        (give_back, ["attempt.returned", "item.completed"], ["event", "event", "signal"]),
    ],
)
def test_act_leaves_its_audit_and_outbox_rows(
    session: Session, act: Callable[[Session, WorkItem], None], audited: list[str], left: list[str]
) -> None:
    item = check_item(session)
    entries, messages = rows(session, AuditEntry), rows(session, OutboxMessage)

    act(session, item)

    new = session.scalars(select(AuditEntry).order_by(AuditEntry.id).offset(entries)).all()
    sent = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id).offset(messages)).all()
    assert [entry.act for entry in new] == audited
    assert {(entry.subject, entry.capacity, entry.at) for entry in new} == {(item.subject, Role.COORDINATOR, CHECKED)}
    assert sorted(message.kind.value for message in sent) == left


def test_signal_and_event_name_the_case_and_the_item(session: Session) -> None:
    item = check_item(session)
    accept(session, item)

    payloads = {
        message.key: (message.kind, message.payload)
        for message in session.scalars(select(OutboxMessage))
        if item.key in message.key
    }

    assert payloads == {
        f"event:opened:{item.key}": (OutboxKind.EVENT, {"event": "ocop.step.opened", "item": item.id}),
        f"notify:opened:{item.key}": (OutboxKind.NOTIFICATION, {"what": "step-opened", "item": item.id}),
        f"event:completed:{item.key}:1": (OutboxKind.EVENT, {"event": "ocop.step.completed", "item": item.id}),
        f"signal:{item.subject}:{item.key}:1": (OutboxKind.SIGNAL, {"subject": item.subject}),
    }


def test_act_that_is_rolled_back_leaves_nothing(url: str) -> None:
    with transaction(url) as session:
        item_id = check_item(session).id
        counts = {table: rows(session, table) for table in (AuditEntry, OutboxMessage, Outcome)}

    class PowerCutError(Exception):
        pass

    def act() -> None:
        with transaction(url) as session:
            complete(session, item_id, RETURNED, coordinator(session), CHECKED)
            raise PowerCutError

    with pytest.raises(PowerCutError):
        act()

    with reading(url) as session:
        item = session.get_one(WorkItem, item_id)
        assert (item.status, item.version, item.outcomes) == (ItemStatus.OPEN, 1, [])
        assert item.case.status is AttemptStatus.IN_PROGRESS
        assert {table: rows(session, table) for table in counts} == counts


def test_refused_act_leaves_nothing(url: str) -> None:
    with transaction(url) as session:
        attempt = submit(session, evidence=[])
        item_id = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED).id
        counts = {table: rows(session, table) for table in (AuditEntry, OutboxMessage, Outcome)}

    with pytest.raises(InputError), transaction(url) as session:
        complete(session, item_id, ACCEPTED, coordinator(session), CHECKED)

    with reading(url) as session:
        assert {table: rows(session, table) for table in counts} == counts


def test_decision_for_one_product_twice_is_one(session: Session) -> None:
    """The number of the certificate is added to what was stated; stating the same again is still the same."""
    item = fallback_decision(session)
    who = someone(session, "lanh-dao", Role.LEADER, ABOVE)
    own = {
        "outcome": "recognised",
        "stars": 3,
        "decision_number": "3001/QĐ-UBND",
        "signed_on": "2024-11-26",
        "signer": "Nguyễn Quang Minh",
    }
    first = complete(session, item.id, own, who, ABOVE)

    assert complete(session, item.id, own, who, ABOVE) is first
    assert first.data["certificate"] == "38-395-15538-01-2024"
    with pytest.raises(ConflictError):
        complete(session, item.id, {**own, "decision_number": "3002/QĐ-UBND"}, who, ABOVE)


def fallback_decision(session: Session) -> WorkItem:
    from tests.factories import REFUSED_ABOVE, decided

    attempt: DossierAttempt = decided(session, 72, gates=4)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    return opened(session, attempt, StepKind.DECISION, ABOVE, turn=2)


def test_actor_of_nobody_is_refused(session: Session) -> None:
    item = check_item(session)

    with pytest.raises(NotAllowedError):
        complete(session, item.id, ACCEPTED, replace(coordinator(session), office_id=None), CHECKED)


def test_day_that_lies_ahead_is_no_fact_yet(session: Session) -> None:
    attempt = submit(session)
    close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, CHECKED)
    item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    who = someone(session, "cb-xa-tho-dien", Role.COMMUNE_OFFICER)

    with pytest.raises(InputError, match="signed_on: ngày 16/07/2024 chưa tới"):
        complete(session, item.id, proposed(signed_on="2024-07-16"), who, CHECKED)

    assert item.status is ItemStatus.OPEN
