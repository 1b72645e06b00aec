"""Papers that a correction asks for: from the outbox to a run of the `papers` flow, one a correction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import outbox
from models.database import reading, transaction
from models.enums import OutboxKind
from models.errors import OcopError
from models.process import step_definition
from models.steps.cases import load_case
from models.tables import OutboxMessage, WorkItem
from tasks.prefect_client import create_run
from tasks.signals import instance_id

DEPLOYMENT = "papers/ocop"


@dataclass(frozen=True)
class Order:
    """One correction whose papers are to be made anew."""

    message_id: int
    key: str
    item_id: int
    name: str
    tags: tuple[str, ...]


def deliver_paper_orders() -> int:
    """Start a run for every correction whose papers wait; gives how many. Prefect's silence leaves them for later."""
    with reading() as session:
        orders = [_order(session, message) for message in outbox.due_messages(session, OutboxKind.PAPERS)]
    return sum(_deliver(one) for one in orders)


def _order(session: Session, message: OutboxMessage) -> Order:
    item = session.get_one(WorkItem, message.payload["item"])
    case = load_case(session, item.subject)
    label = step_definition(item.kind).label
    return Order(message.id, message.key, item.id, f"Giấy tờ sau đính chính «{label}» · {case.title}", case.tags)


def _deliver(order: Order) -> bool:
    try:
        create_run(
            DEPLOYMENT,
            {"item_id": order.item_id},
            name=order.name,
            tags=order.tags,
            idempotency_key=f"{instance_id()}:{order.key}",
        )
        why_not = ""
    except OcopError as error:
        why_not = str(error)
    with transaction() as session:
        outbox.settle(session.get_one(OutboxMessage, order.message_id), why_not)
    return not why_not
