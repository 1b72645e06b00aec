"""Where links in messages lead: the portal's pages, or Prefect's while there is no portal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.addresses import in_address
from models.notifications.matters import Matter
from models.settings import settings
from models.subjects import attempt_subject, round_subject
from models.tables import EngineRun, InstanceSetting

KEY = "prefect_server"


def note_server_port(session: Session, port: int) -> None:
    """Keep on which port the installation's Prefect server runs, for commands that were started without it."""
    session.merge(InstanceSetting(key=KEY, value={"port": port}))


def base_address(session: Session) -> str:
    """The address of the portal (`OCOP_PORTAL_URL`), or of Prefect's interface on this machine; no slash at the end."""
    found = settings()
    return found.portal_url.rstrip("/") if found.portal_url else prefect_address(session)


def prefect_address(session: Session) -> str:
    """Where the installation's Prefect server answers on this machine; no slash at the end.

    The port is that of the server that was started last over these data; before the first start that of the settings.
    """
    noted = session.get(InstanceSetting, KEY)
    port = noted.value["port"] if noted is not None else settings().prefect_port
    return f"http://127.0.0.1:{port}"


def run_address(session: Session, subject: str) -> str | None:
    """The page of Prefect's interface for the run of a case; none when it has not started."""
    path = _run_path(session, subject)
    return f"{prefect_address(session)}/{path}" if path is not None else None


def link_to(session: Session, matter: Matter) -> str:
    """The page on which the reader sees the matter and acts."""
    path = _portal_path(matter) if settings().portal_url else _prefect_path(session, matter)
    return f"{base_address(session)}/{path}".rstrip("/")


def _portal_path(matter: Matter) -> str:
    if matter.item is not None:
        return f"items/{matter.item.id}"
    if matter.certificate is not None:
        return f"certificates/{in_address(matter.certificate.code)}"
    if matter.attempt is not None:
        return f"dossiers/{matter.attempt.dossier.code}"
    return f"rounds/{matter.round.code}" if matter.round is not None else ""


def _prefect_path(session: Session, matter: Matter) -> str:
    if matter.attempt is not None:
        subject = attempt_subject(matter.attempt.id)
    elif matter.round is not None:
        subject = round_subject(matter.round.id)
    else:
        return "runs"
    return _run_path(session, subject) or "runs"


def _run_path(session: Session, subject: str) -> str | None:
    run_id = session.scalar(select(EngineRun.flow_run_id).where(EngineRun.subject == subject))
    return f"runs/flow-run/{run_id}" if run_id else None
