"""Delivering events: from the outbox to Prefect's event feed, where they tell each product's story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from models import outbox
from models.database import reading, transaction
from models.enums import OutboxKind
from models.errors import FinalError, OcopError
from models.process import step_definition
from models.subjects import attempt_subject, round_subject
from models.tables import Certificate, DossierAttempt, OutboxMessage, Product, Round, WorkItem
from models.tables.engine import EngineRun
from tasks.prefect_client import send_events
from tasks.signals import instance_id

Resource = dict[str, str]


def deliver_events() -> int:
    """Send the events whose time has come, in the order in which they were recorded; gives how many left.

    An event's id is made of the installation and its outbox key: Prefect keeps one of each id, so a repeat (the
    sender died before it could note the sending, or two senders at once) is recognised and stored once.
    """
    with reading() as session:
        messages = [(m.id, m.key, m) for m in outbox.due_messages(session, OutboxKind.EVENT)]
        if not messages:
            return 0
        described = {number: describe(session, message) for number, _, message in messages}
    namespace = UUID(instance_id())
    events = [{"id": str(uuid5(namespace, key)), **described[number]} for number, key, _ in messages]
    refused = _send(events)
    with transaction() as session:
        for (number, _, _), why_not in zip(messages, refused, strict=True):
            outbox.settle(session.get_one(OutboxMessage, number), why_not)
    return sum(not why_not for why_not in refused)


def describe(session: Session, message: OutboxMessage) -> dict[str, Any]:
    """The message as Prefect takes it: what happened to which resource, and the resources it belongs to.

    `occurred` is the real moment of the record, also under a simulated clock: Prefect trims its feed by it.
    """
    facts = dict(message.payload)
    name = facts.pop("event")
    resource, related = _resources(session, facts)
    return {
        "event": name,
        "occurred": message.created_at.isoformat(),
        "resource": resource,
        "related": related,
        "payload": facts | {"key": message.key},
    }


def _send(events: Sequence[dict[str, Any]]) -> list[str]:
    try:
        send_events(events)
    except FinalError as error:
        # One event that Prefect refuses must not hold back the others.
        return [_send_one(event) for event in events] if len(events) > 1 else [str(error)]
    except OcopError as error:
        return [str(error)] * len(events)
    return [""] * len(events)


def _send_one(event: dict[str, Any]) -> str:
    return _send([event])[0]


def _resources(session: Session, facts: dict[str, Any]) -> tuple[Resource, list[Resource]]:
    if "item" in facts:
        item = session.get_one(WorkItem, facts["item"])
        return _item(item), _related(session, item)
    if "round" in facts:
        round_ = session.get_one(Round, facts["round"])
        return _named(f"ocop.round.{round_.code}", round_.title), _run(session, round_subject(round_.id))
    if "certificate" in facts:
        return _certificate(session, session.get_one(Certificate, facts["certificate"]))
    if "attempt" in facts:
        attempt = session.get_one(DossierAttempt, facts["attempt"])
        return _dossier(attempt), _of_round(session, attempt.round, attempt)[1:]
    first = next(iter(facts), "none")
    return _named(f"ocop.{first}.{facts.get(first, '')}", f"{first} {facts.get(first, '')}"), []


def _item(item: WorkItem) -> Resource:
    definition = step_definition(item.kind)
    belongs = item.certificate or item.attempt or item.round
    return _named(f"ocop.item.{item.id}", f"{definition.label}: {belongs.title}") | {
        "ocop.step": definition.slug,
        "ocop.due-on": item.due_on.isoformat(),
    }


def _related(session: Session, item: WorkItem) -> list[Resource]:
    certificate = item.certificate
    if certificate is not None:
        named = _named(f"ocop.certificate.{certificate.code}", certificate.title, "certificate")
        return [named, _product(certificate.product), *_run(session, item.subject)]
    return _of_round(session, item.round, item.attempt)


def _of_round(session: Session, round_: Round, attempt: DossierAttempt | None) -> list[Resource]:
    of_round = _named(f"ocop.round.{round_.code}", round_.title, "round")
    if attempt is None:
        return [of_round, *_run(session, round_subject(round_.id))]
    story = [_dossier(attempt, "dossier"), _product(attempt.dossier.product), of_round]
    return [*story, *_run(session, attempt_subject(attempt.id))]


def _certificate(session: Session, certificate: Certificate) -> tuple[Resource, list[Resource]]:
    resource = _named(f"ocop.certificate.{certificate.code}", certificate.title)
    ends = {"ocop.stars": str(certificate.stars), "ocop.valid-until": certificate.valid_until.isoformat()}
    attempt = session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id else None
    if attempt is None:  # granted before this software was used
        return resource | ends, [_product(certificate.product)]
    return resource | ends, _of_round(session, attempt.round, attempt)


def _dossier(attempt: DossierAttempt, role: str | None = None) -> Resource:
    return _named(f"ocop.dossier.{attempt.dossier.code}", attempt.title, role)


def _product(product: Product) -> Resource:
    # By its row: a product has no code before its first certificate.
    return _named(f"ocop.product.{product.id}", product.name, "product")


def _run(session: Session, subject: str) -> list[Resource]:
    row = session.query(EngineRun).filter_by(subject=subject).one_or_none()
    if row is None or row.flow_run_id is None:
        return []
    return [_named(f"prefect.flow-run.{row.flow_run_id}", subject, "flow-run")]


def _named(id_: str, name: str, role: str | None = None) -> Resource:
    resource = {"prefect.resource.id": id_, "prefect.resource.name": name}
    return resource | {"prefect.resource.role": role} if role else resource
