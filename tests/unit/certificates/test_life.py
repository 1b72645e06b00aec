"""Every state of a certificate at each of its boundary days (domain.md §5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.certificates.life import (
    CertificateDates,
    CertificateState,
    add_months,
    certificate_answer,
    certificate_dates,
)
from models.errors import InputError

ISSUED = date(2024, 7, 10)  # ends 10/07/2027, under 26/2026
ISSUED_148 = date(2021, 4, 6)  # ends 06/04/2024, under 148


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2024, 7, 10), date(2027, 7, 10)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2024, 12, 31), date(2027, 12, 31)),
        (date(2024, 1, 1), date(2027, 1, 1)),
    ],
)
def test_add_months_thirty_six(day: date, until: date) -> None:
    assert add_months(day, 36) == until


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
    ],
)
def test_add_months_ends_of_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_add_months_beyond_all_years() -> None:
    with pytest.raises(InputError):
        add_months(date(9998, 1, 1), 36)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 5, 22), CertificateState.VALID),
        (date(2027, 1, 10), CertificateState.VALID),
        (date(2027, 1, 11), CertificateState.RENEWAL_WINDOW_OPEN),
        (date(2027, 3, 12), CertificateState.RENEWAL_WINDOW_OPEN),
        (date(2027, 3, 13), CertificateState.LATE),
        (date(2027, 7, 10), CertificateState.LATE),
        (date(2027, 7, 11), CertificateState.EXTENDED),
        (date(2028, 1, 6), CertificateState.EXTENDED),
        (date(2028, 1, 7), CertificateState.LAPSED),
    ],
)
def test_certificate_dates_under_26(on: date, state: CertificateState) -> None:
    assert certificate_dates(ISSUED, on) == CertificateDates(
        valid_until=date(2027, 7, 10),
        state=state,
        notice_by=None,
        renewal_opens=date(2027, 1, 11),
        renewal_closes=date(2027, 3, 12),
        extended_until=date(2028, 1, 6),
    )


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2023, 2, 24), CertificateState.VALID),
        (date(2024, 3, 6), CertificateState.VALID),
        (date(2024, 3, 7), CertificateState.NOTICE_DUE),
        (date(2024, 4, 6), CertificateState.NOTICE_DUE),
        (date(2024, 4, 7), CertificateState.LAPSED),
        (date(2026, 5, 21), CertificateState.LAPSED),
    ],
)
def test_certificate_dates_under_148(on: date, state: CertificateState) -> None:
    assert certificate_dates(ISSUED_148, on) == CertificateDates(
        valid_until=date(2024, 4, 6), state=state, notice_by=date(2024, 3, 7)
    )


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2019, 12, 1), CertificateState.VALID),
        (date(2022, 12, 1), CertificateState.VALID),
        (date(2022, 12, 2), CertificateState.LAPSED),
        (date(2023, 2, 23), CertificateState.LAPSED),
    ],
)
def test_certificate_dates_under_1048(on: date, state: CertificateState) -> None:
    assert certificate_dates(date(2019, 12, 1), on) == CertificateDates(date(2022, 12, 1), state)


@pytest.mark.parametrize(
    ("issued", "on", "state"),
    [
        (date(2023, 5, 20), date(2026, 5, 21), CertificateState.LAPSED),
        (date(2023, 5, 20), date(2026, 5, 22), CertificateState.LAPSED),
        (date(2023, 5, 21), date(2026, 5, 22), CertificateState.EXTENDED),
        (date(2023, 5, 22), date(2026, 5, 22), CertificateState.LATE),
    ],
)
def test_certificate_dates_revive_nothing_that_lapsed_before_the_law(
    issued: date, on: date, state: CertificateState
) -> None:
    assert certificate_dates(issued, on).state == state


def test_certificate_dates_change_with_the_law() -> None:
    before = certificate_dates(ISSUED, date(2026, 5, 21))
    after = certificate_dates(ISSUED, date(2026, 5, 22))

    assert (before.notice_by, before.renewal_opens) == (date(2027, 6, 10), None)
    assert (after.notice_by, after.renewal_opens) == (None, date(2027, 1, 11))


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2025, 1, 1), CertificateState.VALID),
        (date(2025, 1, 2), CertificateState.REVOKED),
        (date(2029, 1, 1), CertificateState.REVOKED),
    ],
)
def test_certificate_dates_revoked_from_that_day(on: date, state: CertificateState) -> None:
    assert certificate_dates(ISSUED, on, revoked_on=date(2025, 1, 2)).state == state


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2025, 1, 1), CertificateState.VALID), (date(2025, 1, 2), CertificateState.REPLACED)],
)
def test_certificate_dates_replaced_from_that_day(on: date, state: CertificateState) -> None:
    assert certificate_dates(ISSUED, on, replaced_on=date(2025, 1, 2)).state == state


@pytest.mark.parametrize(
    ("revoked", "replaced", "state"),
    [
        (date(2025, 1, 2), date(2025, 1, 3), CertificateState.REVOKED),
        (date(2025, 1, 3), date(2025, 1, 2), CertificateState.REPLACED),
        (date(2025, 1, 2), date(2025, 1, 2), CertificateState.REVOKED),
    ],
)
def test_certificate_dates_what_came_first_stays(revoked: date, replaced: date, state: CertificateState) -> None:
    found = certificate_dates(ISSUED, date(2025, 6, 1), revoked_on=revoked, replaced_on=replaced)

    assert found.state == state


@given(
    st.dates(date(2019, 8, 21), date(2040, 1, 1)),
    st.integers(0, 2000),
)
def test_certificate_dates_lapse_exactly_after_the_last_day(issued: date, age: int) -> None:
    on = issued + timedelta(days=age)

    found = certificate_dates(issued, on)

    extends = found.valid_until >= date(2026, 5, 21)  # by 26/2026, in force from the day after
    last = found.extended_until if extends and found.extended_until else found.valid_until
    assert (found.state == CertificateState.LAPSED) == (on > last)


def test_certificate_dates_on_the_day_of_issue() -> None:
    assert certificate_dates(ISSUED, ISSUED).state == CertificateState.VALID


def test_certificate_dates_before_issue() -> None:
    with pytest.raises(InputError) as caught:
        certificate_dates(ISSUED, ISSUED - timedelta(days=1))

    assert caught.value.problems[0].field == "on"


def test_certificate_dates_revoked_before_issue() -> None:
    with pytest.raises(InputError) as caught:
        certificate_dates(ISSUED, ISSUED, revoked_on=ISSUED - timedelta(days=1))

    assert caught.value.problems[0].field == "revoked_on"


def test_certificate_dates_replaced_before_issue() -> None:
    with pytest.raises(InputError) as caught:
        certificate_dates(ISSUED, ISSUED, replaced_on=ISSUED - timedelta(days=1))

    assert caught.value.problems[0].field == "replaced_on"


def test_certificate_dates_before_the_first_regime() -> None:
    with pytest.raises(InputError) as caught:
        certificate_dates(date(2019, 1, 1), date(2019, 8, 20))

    assert caught.value.problems[0].field == "on"


def test_certificate_answer_under_26() -> None:
    assert certificate_answer(date(2024, 7, 10), date(2027, 2, 1)) == {
        "valid_until": "2027-07-10",
        "state": "renewal_window_open",
        "notice_by": None,
        "renewal_opens": "2027-01-11",
        "renewal_closes": "2027-03-12",
        "extended_until": "2028-01-06",
    }


def test_certificate_answer_under_148() -> None:
    assert certificate_answer(date(2024, 2, 29), date(2024, 3, 1)) == {
        "valid_until": "2027-02-28",
        "state": "valid",
        "notice_by": "2027-01-29",
        "renewal_opens": None,
        "renewal_closes": None,
        "extended_until": None,
    }


def test_certificate_state_labels_differ() -> None:
    assert len({state.label for state in CertificateState}) == 8
