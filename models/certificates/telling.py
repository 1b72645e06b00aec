"""Events and notifications about certificates: one key each, so that nothing is told twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind
from models.tables import Certificate


def certificate_subject(certificate: Certificate) -> str:
    """The name of a certificate in audit, events and notifications."""
    return f"certificate:{certificate.id}"


def tell(session: Session, certificate: Certificate, what: str, facts: dict[str, Any]) -> None:
    """Write the event `ocop.certificate.<what>` and its notification, once a certificate and `what`."""
    name = what.replace("_", "-")
    subject = certificate_subject(certificate)
    told = {"certificate": certificate.id, "code": certificate.code, "what": name, **facts}
    outbox.put(
        session,
        OutboxKind.EVENT,
        f"event:{subject}:{name}",
        {"event": f"ocop.certificate.{name}", "on": subject} | told,
    )
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:{subject}:{name}", told)
