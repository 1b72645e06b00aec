"""Step 3: the commune's report becomes part of the dossier."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.dossiers.attempts import end_attempt
from models.enums import AttemptStatus
from models.forms import CommuneAssessmentForm
from models.tables import CommuneAssessment, CommuneFinding, DossierAttempt, WorkItem


def assess(session: Session, item: WorkItem, form: CommuneAssessmentForm, who: Actor, now: datetime) -> None:
    """Keep report and findings; a commune that does not propose the product ends the attempt [ours]."""
    write_report(session, item.case, form)
    if form.outcome == "not_proposed":
        because = f"UBND xã không đề nghị (báo cáo {form.report_number}). {form.note}".strip()
        end_attempt(session, item.case, AttemptStatus.NOT_PROPOSED, because, who, now)


def write_report(session: Session, attempt: DossierAttempt, form: CommuneAssessmentForm) -> None:
    """The report in force of the attempt; one that is corrected takes the place of the one before."""
    report = attempt.commune_assessment or CommuneAssessment(attempt=attempt)
    report.report_number, report.signed_on, report.signer = form.report_number, form.signed_on, form.signer
    report.proposes = form.outcome == "proposed"
    known = {finding.topic: finding for finding in report.findings}
    for topic, stated in form.findings.items():
        finding = known.get(topic) or CommuneFinding(assessment=report, topic=topic)
        finding.described, finding.found, finding.agrees = stated.described, stated.found, stated.agrees
    session.add(report)
    session.flush()
