"""What may cost a certificate: findings with their ground, and the commune's word on whether production stopped."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.cases import is_open, item_in_case, lock_case, mark_ended, open_in_case
from models.certificates.register import certificate_by_code, standing
from models.certificates.telling import EVERYBODY, certificate_subject, tell
from models.clock import vn_date
from models.enums import Role
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.forms import ProductionForm
from models.offices.owning import check_own_office, office_of
from models.process.kinds import StepKind
from models.regimes import load_regime, regime_in_force
from models.regimes.parts import CertificateRules
from models.tables import Certificate, Office, Revocation
from models.work_items.closing import store_outcome

DECIDE_WITHIN_DAYS = 15
"""Days to decide where the law of the day gives none (before 26/2026) [ours]."""

CONFIRM_WITHIN_DAYS = 10
"""Days for the commune to say whether production stopped; the law gives none [ours]."""

PRODUCTION_STOPPED = "Sản phẩm không còn sản xuất"
"""The ground in words where the law of the day lists none [ours]."""

MAY_FIND = {Role.COORDINATOR, Role.TECHNICAL_OFFICER, Role.COMMUNE_OFFICER, Role.LEADER}


def record_finding(
    session: Session, code: str, ground: str, finding: str, found_on: date, who: Actor, now: datetime
) -> Revocation:
    """Record what may cost a certificate; the law of the day of the finding sets grounds and days to decide.

    `ground` is the text of the ground or its number (from 1). The same finding again gives the first one back.

    Raises:
        NotFoundError: no such certificate.
        NotAllowedError: not an office, commune or leader; a coordinator of another office than the one in charge.
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
    check_own_office(session, office_of(session, certificate.product), who, "ghi phát hiện về sản phẩm này")
    _check_day(certificate, found_on, vn_date(now))
    law = regime_in_force(found_on, field="found_on")
    rules = law.certificate
    named = _ground(ground, rules.revocation_grounds)
    known = latest_finding(session, certificate)
    if known is not None and (known.ground, known.finding, known.found_on) == (named, finding, found_on):
        return known
    _check_finding(session, certificate, finding, found_on, now)
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
    words = f"có phát hiện ngày {found_on:%d/%m/%Y}: {named[:1].lower() + named[1:]}. {_until(row)}"
    tell(session, certificate, "finding", words, facts, to=(*EVERYBODY, Role.LEADER), once=row.id)
    asked = StepKind.PRODUCTION_CONFIRMATION if row.confirm_by is not None else StepKind.REVOCATION_DECISION
    open_in_case(session, row, asked, now)
    return row


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


def latest_finding(session: Session, certificate: Certificate) -> Revocation | None:
    """The last finding against a certificate, if there ever was one."""
    query = select(Revocation).where(Revocation.certificate_id == certificate.id)
    return session.scalar(query.order_by(Revocation.id.desc()).limit(1))


def finding_under_way(session: Session, certificate: Certificate) -> Revocation | None:
    """The finding that waits for a confirmation or a decision."""
    row = latest_finding(session, certificate)
    return row if row is not None and row.closed_on is None else None


def _of_own_commune(session: Session, certificate: Certificate, who: Actor) -> bool:
    if who.role is not Role.COMMUNE_OFFICER:
        return True
    office = session.get(Office, who.office_id) if who.office_id is not None else None
    return office is not None and office.place_id == certificate.product.place_id


def _decide_by(rules: CertificateRules, start: date) -> date:
    return start + timedelta(days=rules.revoked_within_days or DECIDE_WITHIN_DAYS)


def _until(row: Revocation) -> str:
    if row.due_on is None:
        return "UBND xã xác nhận cơ sở còn sản xuất hay không."
    return f"Hạn ra quyết định: {row.due_on:%d/%m/%Y}."


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
    # What was over on the day is no longer a finding's to take, nor what is over by now.
    if any(standing(session, certificate, day).state.is_over for day in (found_on, vn_date(now))):
        raise over(certificate)


def _check_day(certificate: Certificate, found_on: date, today: date) -> None:
    if not certificate.issued_on <= found_on <= today:
        raise InputError(
            f"Ngày phát hiện {found_on:%d/%m/%Y} không nằm giữa ngày cấp {certificate.issued_on:%d/%m/%Y} và hôm nay.",
            field="found_on",
            remedy="Ghi đúng ngày phát hiện.",
        )


def over(certificate: Certificate) -> WrongMomentError:
    """The refusal of an act on a certificate that is over."""
    return WrongMomentError(
        f"Giấy chứng nhận {certificate.code} không còn hiệu lực.",
        field="certificate",
        remedy="Xem trạng thái: ocop certificate list.",
    )
