"""Revocation: a finding with its ground starts the clock, a signed decision ends the certificate (domain.md §5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM, Actor
from models.certificates.cases import end_all, is_open, item_in_case, lock_case, mark_ended, open_in_case
from models.certificates.register import certificate_by_code, standing
from models.certificates.telling import EVERYBODY, certificate_subject, tell
from models.clock import vn_date
from models.enums import Level, Role
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.forms import ProductionForm, RevocationDecisionForm, read_form
from models.process.kinds import StepKind
from models.regimes import load_regime, regime_in_force
from models.regimes.parts import CertificateRules
from models.steps.addressing import issuing_level
from models.tables import Certificate, Office, Revocation
from models.work_items.closing import store_outcome
from models.work_items.opening import cancel_item

DECIDE_WITHIN_DAYS = 15
"""Days to decide where the law of the day gives none (before 26/2026) [ours]."""

CONFIRM_WITHIN_DAYS = 10
"""Days for the commune to say whether production stopped; the law gives none [ours]."""

PRODUCTION_STOPPED = "Sản phẩm không còn sản xuất"
"""The ground in words where the law of the day lists none [ours]."""

MAY_FIND = {Role.COORDINATOR, Role.TECHNICAL_OFFICER, Role.COMMUNE_OFFICER, Role.LEADER}
OVER = {"lapsed", "revoked", "replaced"}


def record_finding(
    session: Session, code: str, ground: str, finding: str, found_on: date, who: Actor, now: datetime
) -> Revocation:
    """Record what may cost a certificate; the law of the day of the finding sets grounds and days to decide.

    `ground` is the text of the ground or its number (from 1). The same finding again gives the first one back.

    Raises:
        NotFoundError: no such certificate.
        NotAllowedError: not an office, commune or leader.
        InputError: the ground is none of the regime's, a text is missing, or the day is wrong.
        WrongMomentError: the certificate is over.
        ConflictError: another finding on this certificate waits for a decision.
    """
    certificate = certificate_by_code(session, code)
    if who.role not in MAY_FIND or not _of_own_commune(session, certificate, who):
        raise NotAllowedError(
            f"Vai trò «{who.role.label}» không được ghi phát hiện.",
            field="role",
            remedy="Văn phòng điều phối, cơ quan chuyên môn, UBND xã sở tại hoặc lãnh đạo mới ghi được.",
        )
    law = regime_in_force(found_on, field="found_on")
    rules = law.certificate
    named = _ground(ground, rules.revocation_grounds)
    _check_finding(session, certificate, finding, found_on, now)
    known = latest_finding(session, certificate)
    if known is not None and (known.ground, known.finding, known.found_on) == (named, finding, found_on):
        return known
    if known is not None and known.closed_on is None:
        raise ConflictError(
            f"Giấy chứng nhận {code} đã có phát hiện ngày {known.found_on:%d/%m/%Y} đang xử lý.",
            field="certificate",
            remedy="Ra quyết định cho phát hiện đó.",
        )
    row = Revocation(
        certificate=certificate,
        ground=named,
        finding=finding,
        found_on=found_on,
        regime=law.code,
        recorded_by_id=who.person_id,
    )
    # Production that stopped is for the commune to say: the days to decide start with that [law].
    if named == rules.production_stopped_ground and who.role is not Role.COMMUNE_OFFICER:
        row.confirm_by = found_on + timedelta(days=CONFIRM_WITHIN_DAYS)
    else:
        row.due_on = _decide_by(rules, found_on)
    session.add(row)
    session.flush()
    facts = {"ground": named, "found_on": found_on.isoformat(), "due_on": row.due_on and row.due_on.isoformat()}
    audit.record(session, who, "certificate.finding", certificate_subject(certificate), now, reason=finding, data=facts)
    words = f"có phát hiện ngày {found_on:%d/%m/%Y}: {_inside(named)}. {_until(row)}"
    tell(session, certificate, "finding", words, facts, to=(*EVERYBODY, Role.LEADER), once=row.id)
    asked = StepKind.PRODUCTION_CONFIRMATION if row.confirm_by is not None else StepKind.REVOCATION_DECISION
    open_in_case(session, row, asked, now)
    return row


def _of_own_commune(session: Session, certificate: Certificate, who: Actor) -> bool:
    if who.role is not Role.COMMUNE_OFFICER:
        return True
    office = session.get(Office, who.office_id) if who.office_id is not None else None
    return office is not None and office.place_id == certificate.product.place_id


def _decide_by(rules: CertificateRules, start: date) -> date:
    return start + timedelta(days=rules.revoked_within_days or DECIDE_WITHIN_DAYS)


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _until(row: Revocation) -> str:
    if row.due_on is None:
        return "UBND xã xác nhận cơ sở còn sản xuất hay không."
    return f"Hạn ra quyết định: {row.due_on:%d/%m/%Y}."


def confirm(session: Session, row: Revocation, form: ProductionForm, who: Actor, now: datetime) -> None:
    """The commune says whether production stopped; if so the days to decide start with its day [law].

    Raises:
        InputError: a day before the finding or in the future.
    """
    if not row.found_on <= form.confirmed_on <= vn_date(now):
        raise InputError(
            f"Ngày xác nhận {form.confirmed_on:%d/%m/%Y} không nằm giữa ngày phát hiện {row.found_on:%d/%m/%Y} "
            "và hôm nay.",
            field="confirmed_on",
            remedy="Ghi đúng ngày xác nhận.",
        )
    if form.outcome == "in_production":
        mark_ended(row, "UBND xã xác nhận cơ sở còn sản xuất.", now)
        return
    row.confirmed_on = form.confirmed_on
    row.due_on = _decide_by(load_regime(row.regime).certificate, form.confirmed_on)
    session.flush()
    facts = {"confirmed_on": form.confirmed_on.isoformat(), "due_on": row.due_on.isoformat()}
    subject = certificate_subject(row.certificate)
    audit.record(session, who, "certificate.production_stopped", subject, now, reason=form.note, data=facts)
    words = f"UBND xã xác nhận đã ngừng sản xuất. {_until(row)}"
    tell(session, row.certificate, "production_stopped", words, facts, to=(*EVERYBODY, Role.LEADER), once=row.id)
    open_in_case(session, row, StepKind.REVOCATION_DECISION, now)


def report_stopped(session: Session, certificate: Certificate, form: ProductionForm, who: Actor, now: datetime) -> None:
    """The commune reports of itself that production stopped: a finding, or the confirmation that one waits for."""
    row = finding_under_way(session, certificate)
    if row is None:
        law = regime_in_force(form.confirmed_on, field="confirmed_on")
        ground = law.certificate.production_stopped_ground or PRODUCTION_STOPPED
        record_finding(session, certificate.code, ground, form.note, form.confirmed_on, who, now)
        return
    lock_case(session, row)
    item = item_in_case(session, row, StepKind.PRODUCTION_CONFIRMATION)
    if item is not None and is_open(item):
        confirm(session, row, form, who, now)
        store_outcome(session, item, form, who, now)


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
    certificate = row.certificate
    if row.closed_on is not None or form.signed_on is None:
        if row.closed_on is not None:
            raise _over(certificate)
        mark_ended(row, f"Không có căn cứ thu hồi: {form.reason}", now)
        subject = certificate_subject(certificate)
        audit.record(session, who, "certificate.kept", subject, now, reason=form.reason, data={"ground": row.ground})
        words = f"không có căn cứ thu hồi: {form.reason}"
        tell(session, certificate, "kept", words, {"ground": row.ground}, once=row.id)
        return
    _check_decision(row, form.signed_on, now)
    if standing(session, certificate, form.signed_on).state.value in OVER:
        raise _over(certificate)
    row.decision_number, row.decided_on = form.decision_number, form.signed_on
    row.signer, row.decided_by_id = form.signer, who.person_id
    certificate.revoked_on = form.signed_on
    because = f"Thu hồi theo quyết định {form.decision_number} ngày {form.signed_on:%d/%m/%Y}."
    mark_ended(row, because, now)
    session.flush()
    facts = {"decision": form.decision_number, "decided_on": form.signed_on.isoformat(), "ground": row.ground}
    subject = certificate_subject(certificate)
    audit.record(session, who, "certificate.revoked", subject, now, reason=row.ground, data=facts)
    tell(session, certificate, "revoked", _inside(because), facts, to=(*EVERYBODY, Role.LEADER), once=row.id)
    end_all(session, certificate, because, SYSTEM, now, but=row)


def latest_finding(session: Session, certificate: Certificate) -> Revocation | None:
    """The last finding against a certificate, if there ever was one."""
    query = select(Revocation).where(Revocation.certificate_id == certificate.id)
    return session.scalar(query.order_by(Revocation.id.desc()).limit(1))


def finding_under_way(session: Session, certificate: Certificate) -> Revocation | None:
    """The finding that waits for a confirmation or a decision."""
    row = latest_finding(session, certificate)
    return row if row is not None and row.closed_on is None else None


def _ground(given: str, grounds: tuple[str, ...]) -> str:
    text = given.strip()
    if not grounds and text and not text.isdecimal():
        return text
    if text.isdecimal() and 1 <= int(text) <= len(grounds):
        return grounds[int(text) - 1]
    found = [ground for ground in grounds if ground.casefold() == text.casefold()]
    if found:
        return found[0]
    listed = "; ".join(f"{number} {ground}" for number, ground in enumerate(grounds, 1))
    raise InputError(
        f"«{given}» không phải căn cứ thu hồi.",
        field="ground",
        remedy=f"Chọn một căn cứ: {listed}." if grounds else "Ghi căn cứ bằng lời.",
    )


def _check_finding(session: Session, certificate: Certificate, finding: str, found_on: date, now: datetime) -> None:
    if not finding.strip():
        raise InputError("Chưa ghi nội dung phát hiện.", field="finding", remedy="Ghi rõ đã phát hiện điều gì.")
    if not certificate.issued_on <= found_on <= vn_date(now):
        raise InputError(
            f"Ngày phát hiện {found_on:%d/%m/%Y} không nằm giữa ngày cấp {certificate.issued_on:%d/%m/%Y} và hôm nay.",
            field="found_on",
            remedy="Ghi đúng ngày phát hiện.",
        )
    if standing(session, certificate, found_on).state.value in OVER:
        raise _over(certificate)


def _check_decision(row: Revocation, decided_on: date, now: datetime) -> None:
    if not row.found_on <= decided_on <= vn_date(now):
        raise InputError(
            f"Ngày ký {decided_on:%d/%m/%Y} không nằm giữa ngày phát hiện {row.found_on:%d/%m/%Y} và hôm nay.",
            field="decided_on",
            remedy="Ghi đúng ngày ký quyết định.",
        )


def check_may_decide(session: Session, certificate: Certificate, who: Actor, on: date) -> None:
    """The leader at the level that issued it; after 30/06/2025 the province for the district [ours].

    A coordinator records the paper of a level above the own office [ours].

    Raises:
        NotAllowedError: anyone else.
    """
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


def _over(certificate: Certificate) -> WrongMomentError:
    return WrongMomentError(
        f"Giấy chứng nhận {certificate.code} không còn hiệu lực.",
        field="certificate",
        remedy="Xem trạng thái: ocop certificate list.",
    )
