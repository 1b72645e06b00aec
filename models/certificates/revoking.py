"""Revocation: a finding with its ground starts the clock, a signed decision ends the certificate (domain.md §5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.register import certificate_by_code, standing
from models.certificates.telling import certificate_subject, tell
from models.clock import vn_date
from models.enums import Level, Role
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.offices.places import TWO_LEVELS_FROM
from models.regimes import regime_in_force
from models.tables import Certificate, Office, Revocation

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
    if who.role not in MAY_FIND:
        raise NotAllowedError(
            f"Vai trò «{who.role.label}» không được ghi phát hiện.",
            field="role",
            remedy="Văn phòng điều phối, cơ quan chuyên môn, UBND xã hoặc lãnh đạo mới ghi được.",
        )
    law = regime_in_force(found_on, field="found_on")
    rules = law.certificate
    named = _ground(ground, rules.revocation_grounds)
    _check_finding(session, certificate, finding, found_on, now)
    known = revocation_of(session, certificate)
    if known is not None:
        if (known.ground, known.finding, known.found_on) == (named, finding, found_on):
            return known
        raise ConflictError(
            f"Giấy chứng nhận {code} đã có phát hiện ngày {known.found_on:%d/%m/%Y} đang xử lý.",
            field="certificate",
            remedy="Ra quyết định cho phát hiện đó.",
        )
    days = rules.revoked_within_days
    row = Revocation(
        certificate=certificate,
        ground=named,
        finding=finding,
        found_on=found_on,
        regime=law.code,
        due_on=None if days is None else found_on + timedelta(days=days),
        recorded_by_id=who.person_id,
    )
    session.add(row)
    session.flush()
    facts = {"ground": named, "found_on": found_on.isoformat(), "due_on": row.due_on and row.due_on.isoformat()}
    audit.record(session, who, "certificate.finding", certificate_subject(certificate), now, reason=finding, data=facts)
    tell(session, certificate, "finding", facts)
    return row


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
    row = revocation_of(session, certificate)
    if row is None:
        raise WrongMomentError(
            f"Giấy chứng nhận {code} chưa có phát hiện nào.",
            field="certificate",
            remedy="Ghi phát hiện và căn cứ trước: ocop certificate revoke MÃ --ground … --finding ….",
        )
    _check_may_decide(session, certificate, who, decided_on)
    _check_decision(row, decision_number, signer, decided_on, now)
    if row.decision_number is not None:
        if (row.decision_number, row.decided_on) == (decision_number, decided_on):
            return certificate
        raise ConflictError(
            f"Giấy chứng nhận {code} đã bị thu hồi theo quyết định {row.decision_number}.",
            field="decision_number",
            remedy="Kiểm tra lại số quyết định.",
        )
    if standing(session, certificate, decided_on).state.value in OVER:
        raise _over(certificate)
    row.decision_number, row.decided_on = decision_number, decided_on
    row.signer, row.decided_by_id = signer, who.person_id
    certificate.revoked_on = decided_on
    session.flush()
    facts = {"decision": decision_number, "decided_on": decided_on.isoformat(), "ground": row.ground}
    audit.record(
        session, who, "certificate.revoked", certificate_subject(certificate), now, reason=row.ground, data=facts
    )
    tell(session, certificate, "revoked", facts)
    return certificate


def revocation_of(session: Session, certificate: Certificate) -> Revocation | None:
    """The finding against a certificate, if there is one."""
    return session.scalar(select(Revocation).where(Revocation.certificate_id == certificate.id))


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


def _check_decision(row: Revocation, number: str, signer: str, decided_on: date, now: datetime) -> None:
    if not number.strip() or not signer.strip():
        raise InputError("Thiếu số quyết định hoặc người ký.", field="decision_number", remedy="Ghi theo sổ văn thư.")
    if not row.found_on <= decided_on <= vn_date(now):
        raise InputError(
            f"Ngày ký {decided_on:%d/%m/%Y} không nằm giữa ngày phát hiện {row.found_on:%d/%m/%Y} và hôm nay.",
            field="decided_on",
            remedy="Ghi đúng ngày ký quyết định.",
        )


def _check_may_decide(session: Session, certificate: Certificate, who: Actor, on: date) -> None:
    """The leader at the level that issued it; after 30/06/2025 the province for the district [ours].

    A coordinator records the paper of a level above the own office [ours].
    """
    level = certificate.level
    if level is Level.DISTRICT and on >= TWO_LEVELS_FROM:
        level = Level.PROVINCE
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
