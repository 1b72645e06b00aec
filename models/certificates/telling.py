"""Events and notifications about certificates: one key each, so that nothing is told twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind, Role
from models.tables import Certificate

EVERYBODY = (Role.PRODUCER, Role.COMMUNE_OFFICER, Role.COORDINATOR)


def certificate_subject(certificate: Certificate) -> str:
    """The name of a certificate in audit, events and notifications."""
    return f"certificate:{certificate.id}"


def tell(
    session: Session,
    certificate: Certificate,
    what: str,
    text: str,
    facts: dict[str, Any],
    *,
    to: Sequence[Role] = EVERYBODY,
    once: int | None = None,
) -> None:
    """Write the event `ocop.certificate.<what>` and its notification, once a certificate, `what` and `once`.

    `text` is the whole message; `once` tells cases apart of which a certificate may have several.
    """
    name = what.replace("_", "-")
    key = f"{certificate_subject(certificate)}:{name}" + (f":{once}" if once is not None else "")
    told = {"what": name, "certificate": certificate.id, "code": certificate.code, **facts}
    outbox.put(session, OutboxKind.EVENT, f"event:{key}", {"event": f"ocop.certificate.{name}"} | told)
    message = told | {"text": f"{certificate.title}: {text}", "to": [role.value for role in to]}
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:{key}", message)
