"""The dates of a certificate's life, by the law in force on a day (domain.md §5); pure date arithmetic."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

from models.errors import InputError
from models.regimes.loader import regime_in_force, regimes
from models.regimes.parts import CertificateRules


class CertificateState(StrEnum):
    """Where a certificate stands on a day."""

    VALID = "valid"
    NOTICE_DUE = "notice_due"
    RENEWAL_WINDOW_OPEN = "renewal_window_open"
    LATE = "late"
    EXTENDED = "extended"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        """The Vietnamese name of the state."""
        return _LABELS[self]

    @property
    def is_over(self) -> bool:
        """Whether the certificate counts no more."""
        return self in {CertificateState.LAPSED, CertificateState.REVOKED, CertificateState.REPLACED}


_LABELS = {
    CertificateState.VALID: "Còn hiệu lực",
    CertificateState.NOTICE_DUE: "Đến hạn thông báo",
    CertificateState.RENEWAL_WINDOW_OPEN: "Trong thời gian nộp hồ sơ đánh giá lại",
    CertificateState.LATE: "Quá thời gian nộp hồ sơ đánh giá lại",
    CertificateState.EXTENDED: "Kéo dài hiệu lực chờ kết quả đánh giá lại",
    CertificateState.LAPSED: "Hết hiệu lực",
    CertificateState.REVOKED: "Bị thu hồi",
    CertificateState.REPLACED: "Được thay thế",
}


@dataclass(frozen=True)
class CertificateDates:
    """The dates of one certificate; each is the last (or, for `renewal_opens`, first) day it names.

    Null where the law in force has no such date. A certificate that lapsed before a law came keeps the state
    `lapsed`; the dates are still those that the law in force on the day asked would give.
    """

    valid_until: date
    state: CertificateState
    notice_by: date | None = None
    renewal_opens: date | None = None
    renewal_closes: date | None = None
    extended_until: date | None = None


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that has no such day (29/02 → 28/02).

    Raises `InputError` for results in the year 9999 or later.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year >= MAXYEAR:
        raise InputError("Ngày quá xa", field="issued", remedy="Kiểm tra lại năm cấp giấy chứng nhận.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def certificate_dates(
    issued: date,
    on: date,
    *,
    revoked_on: date | None = None,
    replaced_on: date | None = None,
) -> CertificateDates:
    """The dates and the state on the day `on` of a certificate issued on `issued`.

    Revocation or replacement wins from its day on, whichever came first [ours]. Raises `InputError` when
    `on`, `revoked_on` or `replaced_on` is before `issued`, or `on` before the first regime.
    """
    for field, day in (("on", on), ("revoked_on", revoked_on), ("replaced_on", replaced_on)):
        _check_not_before(issued, day, field)
    rules = regime_in_force(on, field="on").certificate
    until = add_months(issued, rules.valid_months)
    notice_by = _before(until, rules.notice_days_before)
    opens = _before(until, rules.renewal_opens_days)
    closes = _before(until, rules.renewal_closes_days)
    extended = _after(until, rules)
    ended = _ended(on, revoked_on, replaced_on)
    kept = extended if _extends(until) else None
    state = ended or _state(on, until, notice_by, opens, closes, kept)
    return CertificateDates(until, state, notice_by, opens, closes, extended)


def _check_not_before(issued: date, day: date | None, field: str) -> None:
    if day is not None and day < issued:
        raise InputError(
            f"Ngày {day:%d/%m/%Y} trước ngày cấp {issued:%d/%m/%Y}",
            field=field,
            remedy="Nhập ngày không trước ngày cấp giấy chứng nhận.",
        )


def _before(until: date, days: int | None) -> date | None:
    return None if days is None else until - timedelta(days=days)


def _after(until: date, rules: CertificateRules) -> date | None:
    return None if rules.extended_days is None else until + timedelta(days=rules.extended_days)


def _extends(until: date) -> bool:
    """Whether the law of the day after the end extends: a later law revives nothing (decision 0005) [ours]."""
    day = max(until + timedelta(days=1), regimes()[0].received_from)
    return regime_in_force(day).certificate.extended_days is not None


def _ended(on: date, revoked_on: date | None, replaced_on: date | None) -> CertificateState | None:
    facts = ((revoked_on, CertificateState.REVOKED), (replaced_on, CertificateState.REPLACED))
    happened = [(day, state) for day, state in facts if day is not None and day <= on]
    return min(happened, key=lambda fact: fact[0])[1] if happened else None


def _state(
    on: date,
    until: date,
    notice_by: date | None,
    opens: date | None,
    closes: date | None,
    extended: date | None,
) -> CertificateState:
    """The state by date alone: the last of the milestones that has been passed."""
    milestones = (
        (notice_by, CertificateState.NOTICE_DUE),
        (opens, CertificateState.RENEWAL_WINDOW_OPEN),
        (_day_after(closes), CertificateState.LATE),
        (_day_after(until), CertificateState.EXTENDED if extended else CertificateState.LAPSED),
        (_day_after(extended), CertificateState.LAPSED),
    )
    passed = [state for day, state in milestones if day is not None and day <= on]
    return passed[-1] if passed else CertificateState.VALID


def _day_after(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)


def certificate_answer(issued: date, on: date) -> dict[str, str | None]:
    """The answer of `ocop certificate` as plain JSON values (dates in ISO form, null where none applies)."""
    dates = certificate_dates(issued, on)
    return {
        "valid_until": dates.valid_until.isoformat(),
        "state": dates.state.value,
        "notice_by": _iso(dates.notice_by),
        "renewal_opens": _iso(dates.renewal_opens),
        "renewal_closes": _iso(dates.renewal_closes),
        "extended_until": _iso(dates.extended_until),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
