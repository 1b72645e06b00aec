"""What must hold on PostgreSQL as on SQLite: migrations, one dossier through all steps, two people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from alembic import command
from sqlalchemy import inspect as look_at
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from deployments.database_upgrade import alembic_config, inspect, upgrade
from models.database import engine_for, reading, transaction
from models.enums import AttemptStatus, Level, Role
from models.errors import FinalError, RetryableError
from models.notifications.digest import digest
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.settings import settings
from models.tables import AuditEntry, Certificate, CouncilSession, DossierAttempt, Outcome, ScoreSheet, WorkItem
from models.work_items import complete
from models.work_items.ladder import climb
from tasks.sending import send_all
from tests import at_once
from tests.factories import (
    ABOVE,
    CONCLUDED,
    HELD,
    INSPECTED,
    MEMBERS,
    RECOGNISED_ABOVE,
    at,
    close,
    concluded,
    hand_in,
    opened,
    score,
    session_with,
    sheet_of,
    sign,
    someone,
)
from tests.receivers import mail_receiver

pytestmark = pytest.mark.slow


def test_migrations_lead_to_the_tables_without_drift(empty_url: str) -> None:
    revision = upgrade(empty_url)

    state = inspect(empty_url)
    assert (state.current, state.drift, state.up_to_date) == (revision, [], True)
    assert upgrade(empty_url) == revision


def test_migrations_go_down_with_data_and_up_again(url: str) -> None:
    with transaction(url) as session:
        concluded(session, 60)

    with engine_for(url).begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert look_at(engine_for(url)).get_table_names() == ["alembic_version"]

    upgrade(url)
    assert inspect(url).up_to_date


def test_drift_is_found(url: str) -> None:
    with transaction(url) as session:
        session.execute(text("ALTER TABLE people ALTER COLUMN phone TYPE integer USING phone::integer"))

    state = inspect(url)

    assert not state.up_to_date
    assert "modify_type" in state.drift[0]


def test_database_of_a_newer_version_is_refused(url: str) -> None:
    with transaction(url) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(FinalError, match="phiên bản mới hơn"):
        upgrade(url)


def test_dossier_goes_through_all_steps(url: str) -> None:
    with transaction(url) as session:
        attempt_id = concluded(session, 72, gates=4, miss=("3.6",)).products[0].attempt_id
    with transaction(url) as session:
        sign(session, session.scalars(select(CouncilSession)).one())
    with transaction(url) as session:
        attempt = session.get_one(DossierAttempt, attempt_id)
        close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, RECOGNISED_ABOVE, ABOVE)
        close(session, attempt, StepKind.INSPECTION, INSPECTED, ABOVE)

    with reading(url) as session:
        attempt = session.get_one(DossierAttempt, attempt_id)
        assert attempt.status is AttemptStatus.RECOGNISED
        own, above = session.scalars(select(Certificate).order_by(Certificate.id))
        assert (own.stars, own.level, own.replaced_by_id) == (3, Level.DISTRICT, above.id)
        assert (above.stars, above.level, above.valid_until) == (4, Level.PROVINCE, date(2027, 11, 26))
        assert len(above.inspections) == 1
        assert all(item.closed_at for item in session.scalars(select(WorkItem)))
        first = session.scalars(select(Outcome).order_by(Outcome.id)).first()
        assert first is not None
        assert first.recorded_at.tzinfo is UTC


def test_moment_is_read_back_in_utc(url: str) -> None:
    with transaction(url) as session:
        moment = datetime(2024, 9, 12, 9, tzinfo=timezone(timedelta(hours=7)))
        session.add(AuditEntry(at=moment, capacity=Role.SYSTEM, act="test", subject="test:1"))

    with reading(url) as session:
        (found,) = session.scalars(select(AuditEntry.at).where(AuditEntry.act == "test"))
        assert (found, found.tzinfo) == (datetime(2024, 9, 12, 2, tzinfo=UTC), UTC)


def test_database_without_tables_is_said_to_need_them(empty_url: str) -> None:
    with pytest.raises(FinalError, match="hỏng hoặc chưa được tạo"), reading(empty_url) as session:
        session.scalars(select(WorkItem)).all()


def test_server_that_does_not_answer_is_passing_trouble() -> None:
    nobody = "postgresql+psycopg://ocop@127.0.0.1:1/ocop"

    with pytest.raises(RetryableError, match="bận hoặc chưa kết nối được"), reading(nobody) as session:
        session.scalars(select(WorkItem)).all()


def test_same_outcome_at_once_is_one(url: str) -> None:
    at_once.check_same_outcome(url)


def test_different_outcomes_at_once_are_one_and_a_conflict(url: str) -> None:
    at_once.check_different_outcomes(url)


def test_outcome_stored_since_the_item_was_read_is_seen(url: str) -> None:
    at_once.check_outcome_stored_since_the_item_was_read(url)


def test_step_opened_at_once_is_one_item(url: str) -> None:
    at_once.check_opening(url)


def test_withdrawal_and_return_at_once_end_the_attempt_once(url: str) -> None:
    at_once.check_withdrawal_against_return(url)


def test_sheets_of_all_members_at_once_are_all_kept(url: str) -> None:
    with transaction(url) as session:
        session_with(session)

    def sheet(member: str) -> at_once.Act:
        def act(session: Session) -> object:
            (product,) = session.scalars(select(CouncilSession)).one().products
            return hand_in(session, product, member, sheet_of(60))

        return act

    assert at_once.at_once(url, *map(sheet, MEMBERS)) == ["ok"] * len(MEMBERS)
    with reading(url) as session:
        assert len(session.scalars(select(ScoreSheet)).all()) == len(MEMBERS)


def test_sheet_handed_in_while_the_scoring_is_closed_counts_or_is_refused(url: str) -> None:
    """Never a sheet that is stored and not in the result."""
    with transaction(url) as session:
        meeting = session_with(session)
        score(session, meeting.products[0], 60, members=MEMBERS[:6])
        item_id = opened(session, meeting.round, StepKind.COUNCIL_SESSION, HELD).id

    def conclude(session: Session) -> object:
        secretary = someone(session, "thu-ky", Role.COUNCIL_SECRETARY)
        return complete(session, item_id, {**CONCLUDED, "absent": ["hd-vp"]}, secretary, HELD)

    def late(session: Session) -> object:
        (product,) = session.scalars(select(CouncilSession)).one().products
        return hand_in(session, product, "hd-vp", sheet_of(67))

    told = at_once.at_once(url, conclude, late)

    with reading(url) as session:
        (product,) = session.scalars(select(CouncilSession)).one().products
        seen = told, len(product.sheets), product.result and product.result.mean
    # The sheet first: the secretary is told that nobody is absent. The conclusion first: the member is told.
    assert seen in ((["InputError", "ok"], 7, None), (["ok", "WrongMomentError"], 6, "60"))


def test_rungs_are_claimed_once_by_two_watches(url: str) -> None:
    with transaction(url) as session:
        concluded(session, 60)

    def watch(session: Session) -> object:
        return list(climb(session, at("2024-10-10"), date(2024, 10, 10)))

    assert at_once.at_once(url, watch, watch) == ["ok", "ok"]
    with reading(url) as session:
        rungs = session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("item.escalated"))).all()
    assert rungs == ["item.escalated_leader"]


def test_notifications_are_sent_once_by_several_senders_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_receiver() as mail:
        monkeypatch.setenv("OCOP_SMTP_URL", mail.url)
        settings.cache_clear()
        with transaction(url) as session:
            session_with(session)
            set_stored_now(session, at("2024-09-05"))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _number: send_patiently(url), range(4)))
        with transaction(url) as session:
            made = digest(session, at("2024-09-06"), datetime.now(UTC))
        assert send_all(url=url).sent == len(made) > 0
    settings.cache_clear()

    invited = [letter["To"] for letter in mail.letters if letter["Subject"].startswith("Giấy mời")]
    assert len(invited) == len(set(invited)) == len(MEMBERS) + 1
    assert len(mail.letters) == len(mail.kept)


def send_patiently(url: str) -> None:
    """As the task does it: passing trouble (somebody else spread the same row first) is tried again."""
    for _ in range(10):
        try:
            send_all(url=url)
        except RetryableError:
            continue
        return
