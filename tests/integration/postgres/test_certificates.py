"""A certificate's life on PostgreSQL: items without a round, the table's upgrade and back, two people at once."""

from __future__ import annotations

from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.orm import Session

from deployments.database_upgrade import alembic_config, inspect, upgrade
from models.certificates.filing import candidate_of
from models.certificates.renewal_case import decline
from models.certificates.sweeping import sweep
from models.database import engine_for, reading, transaction
from models.enums import ItemStatus
from models.process.kinds import StepKind
from models.tables import Certificate, WorkItem
from models.work_items import complete
from tests import at_once
from tests.factories import at, decided, producer_of, whoever
from tests.scenarios.test_certificate_life import old_one

pytestmark = pytest.mark.slow

DAY = at("2025-01-10")


def renewal_open(url: str) -> None:
    """A certificate that ends on 15/06/2025, its renewal under way, the accounts of both who answer made."""
    with transaction(url) as session:
        certificate = old_one(session, "2022-06-15")
        sweep(session, DAY)
        producer_of(session, certificate.product)


def commune_item(session: Session) -> WorkItem:
    return session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.RENEWAL_COMMUNE)).one()


def test_items_lose_their_round_and_get_it_back(url: str) -> None:
    with transaction(url) as session:
        decided(session, 60)
        of_round = session.scalars(select(WorkItem.id).order_by(WorkItem.id)).all()
    renewal_open(url)

    with engine_for(url).begin() as connection:
        config = alembic_config(connection)
        before = ScriptDirectory.from_config(config).get_revision("0008").down_revision
        command.downgrade(config, str(before))
    upgrade(url)

    assert inspect(url).up_to_date
    with reading(url) as session:
        assert session.scalars(select(WorkItem.id).order_by(WorkItem.id)).all() == of_round
        assert None not in session.scalars(select(WorkItem.round_id)).all()


def test_producer_and_commune_who_answer_at_once_end_the_case(url: str) -> None:
    renewal_open(url)

    def producer(session: Session) -> object:
        certificate = session.scalars(select(Certificate)).one()
        who = producer_of(session, certificate.product)
        return decline(session, certificate.code, "Chuyển nghề", who, DAY)

    def commune(session: Session) -> object:
        item = commune_item(session)
        form = {"outcome": "in_production", "confirmed_on": "2025-01-10"}
        return complete(session, item.id, form, whoever(session, item, DAY), DAY)

    assert at_once.at_once(url, producer, commune) == ["ok", "ok"]

    with reading(url) as session:
        certificate = session.scalars(select(Certificate)).one()
        row = candidate_of(session, certificate)
        assert row is not None
        assert row.closed_on == date(2025, 1, 10)
        assert commune_item(session).status is ItemStatus.DONE
        assert session.scalars(select(WorkItem.id).where(WorkItem.status == ItemStatus.OPEN)).all() == []
