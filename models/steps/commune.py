"""Step 3: the commune's report becomes part of the dossier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.dossiers.attempts import end_attempt
from models.enums import AttemptStatus
from models.forms import CommuneAssessmentForm
from models.tables import CommuneAssessment, CommuneFinding, WorkItem


def assess(session: Session, item: WorkItem, form: CommuneAssessmentForm, who: Actor, now: datetime) -> None:
    """Keep report and findings; a commune that does not propose the product ends the attempt [ours]."""
    session.add(
        CommuneAssessment(
            attempt=item.case,
            report_number=form.report_number,
            signed_on=form.signed_on,
            signer=form.signer,
            proposes=form.outcome == "proposed",
            findings=[CommuneFinding(topic=topic, **finding.model_dump()) for topic, finding in form.findings.items()],
        )
    )
    if form.outcome == "not_proposed":
        because = f"UBND xã không đề nghị (báo cáo {form.report_number}). {form.note}".strip()
        end_attempt(session, item.case, AttemptStatus.NOT_PROPOSED, because, who, now)
