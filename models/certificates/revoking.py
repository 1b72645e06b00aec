"""Deciding on a finding: revocation by whoever issued the certificate, or no ground."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM, Actor
from models.certificates.cases import end_all, is_open, item_in_case, lock_case, mark_ended, open_in_case
from models.certificates.findings import latest_finding, over
from models.certificates.register import certificate_by_code, standing
from models.certificates.telling import EVERYBODY, certificate_subject, tell
from models.clock import vn_date
from models.enums import Level, Role
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.forms import RevocationDecisionForm, read_form
from models.offices.owning import check_own_office, office_of
from models.process.kinds import StepKind
from models.steps.addressing import issuing_level
from models.tables import Certificate, Office, Revocation
from models.work_items.closing import store_outcome
from models.work_items.opening import cancel_item


def revoke(
    session: Session, code: str, decision_number: str, decided_on: date, signer: str, who: Actor, now: datetime
) -> Certificate:
    """Record the signed decision of whoever issued the certificate: from its day the certificate is revoked.

    A late decision is recorded as it is; the clock only tells that it is late. The same decision again changes nothing.

    Raises:
        NotFoundError: no such certificate.
        WrongMomentError: nothing was found against it, or it is over.
        NotAllowedError: not the level that issued it.
        InputError: number or signer is missing, or the day is before the finding or in the future.
        ConflictError: it was revoked by another decision.
    """
    certificate = certificate_by_code(session, code)
    row = _finding_to_decide(session, certificate)
    check_may_decide(session, certificate, who, decided_on)
    if row.decision_number is not None:
        if (row.decision_number, row.decided_on) == (decision_number, decided_on):
            return certificate
        raise ConflictError(
            f"Giấy chứng nhận {code} đã bị thu hồi theo quyết định {row.decision_number}.",
            field="decision_number",
            remedy="Kiểm tra lại số quyết định.",
        )
    facts = {"decision_number": decision_number, "signed_on": decided_on, "signer": signer}
    _state_decision(session, row, {"outcome": "revoked", **facts}, who, now)
    return certificate


def dismiss(session: Session, code: str, reason: str, who: Actor, now: datetime) -> Revocation:
    """Record that whoever issued the certificate sees no ground to revoke it; the certificate stays as it is.

    Raises:
        NotFoundError, WrongMomentError, NotAllowedError: as for `revoke`.
        InputError: no reason.
    """
    certificate = certificate_by_code(session, code)
    row = _finding_to_decide(session, certificate)
    check_may_decide(session, certificate, who, vn_date(now))
    if row.closed_on is not None:
        raise WrongMomentError(
            f"Phát hiện với giấy chứng nhận {code} đã xử lý xong: {row.closed_because}",
            field="certificate",
            remedy="Xem: ocop certificate show MÃ.",
        )
    _state_decision(session, row, {"outcome": "no_ground", "reason": reason}, who, now)
    return row


def _finding_to_decide(session: Session, certificate: Certificate) -> Revocation:
    row = latest_finding(session, certificate)
    if row is None:
        raise WrongMomentError(
            f"Giấy chứng nhận {certificate.code} chưa có phát hiện nào.",
            field="certificate",
            remedy="Ghi phát hiện và căn cứ trước: ocop certificate revoke MÃ --ground … --finding ….",
        )
    return row


def _state_decision(session: Session, row: Revocation, data: dict[str, Any], who: Actor, now: datetime) -> None:
    """Close the leader's item by the decision; a commune that has not confirmed yet is no longer waited for."""
    form = read_form(RevocationDecisionForm, data)
    lock_case(session, row)
    decide(session, row, form, who, now)
    waiting = item_in_case(session, row, StepKind.PRODUCTION_CONFIRMATION)
    if waiting is not None and is_open(waiting):
        cancel_item(session, waiting, "Nơi cấp đã quyết định.", SYSTEM, now)
    row.due_on = row.due_on or form.signed_on or vn_date(now)
    item = open_in_case(session, row, StepKind.REVOCATION_DECISION, now)
    store_outcome(session, item, form, who, now)


def decide(session: Session, row: Revocation, form: RevocationDecisionForm, who: Actor, now: datetime) -> None:
    """What follows from the decision: the certificate is revoked from its day, or the finding is closed.

    Raises:
        InputError: the day is before the finding or in the future.
        WrongMomentError: the certificate is over, or the finding was dealt with.
    """
    if row.closed_on is not None:
        raise over(row.certificate)
    if form.signed_on is None:
        _keep(session, row, form.reason, who, now)
    else:
        _revoke(session, row, form, form.signed_on, who, now)


def _keep(session: Session, row: Revocation, reason: str, who: Actor, now: datetime) -> None:
    mark_ended(row, f"Không có căn cứ thu hồi: {reason}", now)
    facts = {"ground": row.ground}
    subject = certificate_subject(row.certificate)
    audit.record(session, who, "certificate.kept", subject, now, reason=reason, data=facts)
    tell(session, row.certificate, "kept", f"không có căn cứ thu hồi: {reason}", facts, once=row.id)


def _revoke(
    session: Session, row: Revocation, form: RevocationDecisionForm, signed_on: date, who: Actor, now: datetime
) -> None:
    certificate = row.certificate
    _check_decision(row, signed_on, now)
    if standing(session, certificate, signed_on).state.is_over:
        raise over(certificate)
    row.decision_number, row.decided_on = form.decision_number, signed_on
    row.signer, row.decided_by_id = form.signer, who.person_id
    certificate.revoked_on = signed_on
    by = f"theo quyết định {form.decision_number} ngày {signed_on:%d/%m/%Y}."
    mark_ended(row, f"Thu hồi {by}", now)
    session.flush()
    facts = {"decision": form.decision_number, "decided_on": signed_on.isoformat(), "ground": row.ground}
    subject = certificate_subject(certificate)
    audit.record(session, who, "certificate.revoked", subject, now, reason=row.ground, data=facts)
    tell(session, certificate, "revoked", f"thu hồi {by}", facts, to=(*EVERYBODY, Role.LEADER), once=row.id)
    end_all(session, certificate, f"Thu hồi {by}", SYSTEM, now, but=row)


def _check_decision(row: Revocation, decided_on: date, now: datetime) -> None:
    if not row.found_on <= decided_on <= vn_date(now):
        raise InputError(
            f"Ngày ký {decided_on:%d/%m/%Y} không nằm giữa ngày phát hiện {row.found_on:%d/%m/%Y} và hôm nay.",
            field="decided_on",
            remedy="Ghi đúng ngày ký quyết định.",
        )


def check_may_decide(session: Session, certificate: Certificate, who: Actor, on: date) -> None:
    """The leader at the level that issued it; after 30/06/2025 the province for the district [ours].

    A coordinator of the office in charge records the paper of a level above that office [ours].

    Raises:
        NotAllowedError: anyone else.
    """
    check_own_office(session, office_of(session, certificate.product), who, "ghi quyết định về giấy chứng nhận này")
    level = issuing_level(certificate, on)
    own = session.get(Office, who.office_id) if who.office_id is not None else None
    ladder = list(Level)
    if own is not None and who.role is Role.LEADER and own.level is level:
        return
    if own is not None and who.role is Role.COORDINATOR and ladder.index(own.level) < ladder.index(level):
        return
    raise NotAllowedError(
        f"Chỉ lãnh đạo {level.label} (nơi cấp) được thu hồi giấy chứng nhận {certificate.code}.",
        field="actor",
        remedy="Lãnh đạo nơi cấp ký; văn phòng điều phối cấp dưới chỉ ghi lại quyết định của cấp trên.",
    )
