"""Three years of a certificate, and the transition of 2026, day by day and without a server."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.filing import candidate_of
from models.certificates.findings import record_finding
from models.certificates.issuing import issue, register_old
from models.certificates.kinds import Milestone
from models.certificates.life import CertificateState
from models.certificates.listing import register
from models.certificates.register import RegisterRow, standing
from models.certificates.renewal import paper_changes, renew
from models.certificates.revoking import revoke
from models.certificates.sweeping import sweep
from models.dossiers.attempts import end_attempt
from models.dossiers.handing_in import submit as hand_in
from models.enums import AttemptStatus, Level, OutboxKind, Role, RoundStatus
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.regimes.loader import finish_by
from models.rounds.queries import product_by_name, round_by_code
from models.tables import (
    Certificate,
    Decision,
    DossierAttempt,
    OutboxMessage,
    PlannedInspection,
    PlannedProduct,
    Round,
)
from tests.factories import CAKE, LONGAN, at, coordinator, decided, papers, producer_of, someone


def later_round(session: Session, opens: str, closes: str) -> Round:
    """One more round that takes dossiers."""
    plan = round_by_code(session, "2024-2").plan
    round_ = Round(
        plan=plan,
        code=f"r-{opens}",
        number=len(plan.rounds) + 1,
        opens_on=date.fromisoformat(opens),
        registration_closes_on=date.fromisoformat(closes),
        council_on=date.fromisoformat(closes) + timedelta(days=30),
        closes_on=date.fromisoformat(closes) + timedelta(days=60),
        status=RoundStatus.OPEN,
    )
    session.add(round_)
    session.flush()
    return round_


def granted(session: Session) -> Certificate:
    """The rice cake's certificate of 20/09/2024: three stars by the district."""
    attempt = decided(session, 60)
    return session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one()


def old_one(session: Session, issued_on: str, product: str = CAKE) -> Certificate:
    return register_old(
        session,
        product_by_name(session, product),
        stars=3,
        decision_number=f"{issued_on}/QĐ-UBND",
        issued_on=date.fromisoformat(issued_on),
        level=Level.DISTRICT,
    )


def decide(session: Session, attempt: DossierAttempt, on: str, stars: int = 3) -> Certificate:
    """The province recognises an attempt."""
    decision = Decision(
        level=Level.PROVINCE, issuer="UBND tỉnh", number=f"{on}/QĐ", signed_on=at(on).date(), signer="B"
    )
    session.add(decision)
    session.flush()
    certificate = issue(session, attempt, stars, Level.PROVINCE, decision, at(on))
    end_attempt(session, attempt, AttemptStatus.RECOGNISED, "Công nhận.", coordinator(session), at(on))
    return certificate


def state(session: Session, certificate: Certificate, on: str) -> CertificateState:
    return standing(session, certificate, date.fromisoformat(on)).state


def told(session: Session, kind: OutboxKind = OutboxKind.NOTIFICATION) -> list[str]:
    """What was told about certificates, in order."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id))
    return [row.payload["what"] for row in rows if "certificate" in row.payload]


def days(first: str, last: str, step: int = 1) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range(0, (end - start).days + 1, step)]


def test_three_years_of_a_certificate_that_nobody_renews(session: Session) -> None:
    certificate = granted(session)

    passed = [(day, one.new) for day in days("2027-03-01", "2028-05-01") for one in sweep(session, at(day))]

    assert passed == [
        ("2027-03-24", (Milestone.WINDOW_OPEN,)),
        ("2027-05-24", (Milestone.WINDOW_CLOSED,)),
        ("2027-09-21", (Milestone.END, Milestone.LAPSE)),
    ]
    assert told(session) == ["window-open", "window-closed", "lapse"]
    assert told(session, OutboxKind.EVENT) == ["window-open", "window-closed", "lapse"]
    assert state(session, certificate, "2027-09-20") is CertificateState.LATE
    assert state(session, certificate, "2027-09-21") is CertificateState.LAPSED


def test_three_years_of_a_certificate_renewed_in_its_window(session: Session) -> None:
    certificate = granted(session)
    round_ = later_round(session, "2027-04-01", "2027-04-29")
    sweep(session, at("2027-03-24"))
    expected = session.scalars(select(PlannedProduct).where(PlannedProduct.round_id == round_.id)).one()
    candidate = candidate_of(session, certificate)
    who = producer_of(session, certificate.product)
    changed = {"evidence": papers("test_sheets", title="Phiếu 2027") + papers("product_story")}

    attempt = renew(session, certificate.code, changed, who, at("2027-04-10"))

    assert (expected.product, expected.kind) == (certificate.product, "renewal")
    assert candidate is not None
    assert {paper["mark"] for paper in candidate.papers} == {"keep"}
    assert (attempt.dossier.previous_id is not None, attempt.round, attempt.regime) == (True, round_, "qd26-2026")
    assert {(c.kind, c.change) for c in paper_changes(session, attempt)} == {
        ("business_registration", "carried"),
        ("material_origin", "carried"),
        ("local_labour", "carried"),
        ("product_story", "replaced"),
        ("test_sheets", "new"),
    }
    assert state(session, certificate, "2027-06-01") is CertificateState.VALID
    assert [one.new for day in days("2027-04-10", "2027-07-01", 7) for one in sweep(session, at(day))] == []

    new = decide(session, attempt, "2027-06-20")

    assert (certificate.replaced_on, certificate.replaced_by_id) == (date(2027, 6, 20), new.id)
    assert (state(session, certificate, "2027-06-20"), new.valid_until) == (
        CertificateState.REPLACED,
        date(2030, 6, 20),
    )
    assert sweep(session, at("2027-10-01")) == []


def test_late_filing_extends_until_the_result(session: Session) -> None:
    certificate = granted(session)
    later_round(session, "2027-09-01", "2027-09-30")
    who = producer_of(session, certificate.product)

    attempt = renew(session, certificate.code, {}, who, at("2027-09-10"))

    assert state(session, certificate, "2027-09-15") is CertificateState.LATE
    assert state(session, certificate, "2027-09-21") is CertificateState.EXTENDED
    assert state(session, certificate, "2028-03-18") is CertificateState.EXTENDED
    assert state(session, certificate, "2028-03-19") is CertificateState.LAPSED
    end_attempt(session, attempt, AttemptStatus.NOT_RECOGNISED, "Dưới 50.", coordinator(session), at("2027-12-01"))
    assert state(session, certificate, "2027-11-30") is CertificateState.EXTENDED
    assert state(session, certificate, "2027-12-01") is CertificateState.LAPSED


def test_extended_certificate_is_replaced_by_the_renewal(session: Session) -> None:
    certificate = granted(session)
    later_round(session, "2027-09-01", "2027-09-30")
    attempt = renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2027-09-10"))

    new = decide(session, attempt, "2027-12-01")

    assert certificate.replaced_by_id == new.id


@pytest.mark.parametrize("day", ["2027-03-23", "2027-09-21"])
def test_renewal_too_early_or_after_the_end_is_refused(session: Session, day: str) -> None:
    certificate = granted(session)
    later_round(session, "2027-03-01", "2027-12-01")

    with pytest.raises(WrongMomentError):
        renew(session, certificate.code, {}, producer_of(session, certificate.product), at(day))


def test_catch_up_after_months_tells_only_the_latest(session: Session) -> None:
    granted(session)

    passed = [one.new for one in sweep(session, at("2027-06-15"))]

    assert passed == [(Milestone.WINDOW_OPEN, Milestone.WINDOW_CLOSED)]
    assert told(session) == ["window-closed"]
    assert sweep(session, at("2027-06-15")) == []


def test_inspections_are_planned_yearly_once(session: Session) -> None:
    certificate = granted(session)
    for day in days("2024-09-21", "2027-09-20", 30):
        sweep(session, at(day))

    planned = session.scalars(select(PlannedInspection.planned_on)).all()

    assert planned == [date(2025, 9, 20), date(2026, 9, 20), certificate.valid_until]


# The transition of 2026 (26/2026/QĐ-TTg Điều 11-12)


def test_dossiers_of_the_day_before_and_the_day_keep_their_own_law(session: Session) -> None:
    later_round(session, "2026-05-01", "2026-06-30")
    round_code = "r-2026-05-01"
    upgraded = old_one(session, "2024-07-10", LONGAN)

    def file(product: str, kind: str, day: str) -> DossierAttempt:
        form: dict[str, Any] = {"round": round_code, "product": product, "kind": kind, "target_stars": 4}
        who = producer_of(session, product_by_name(session, product))
        return hand_in(session, {**form, "evidence": papers()}, who, at(day))

    before, after = file(CAKE, "first", "2026-05-21"), file(LONGAN, "upgrade", "2026-05-22")

    assert (before.regime, after.regime) == ("qd1489-2025", "qd26-2026")
    pending = date(2026, 5, 22)
    kind = before.dossier.kind
    assert finish_by(before.received_on, kind, pending) == date(2026, 7, 21)
    assert finish_by(after.received_on, after.dossier.kind, pending) is None
    new = decide(session, after, "2026-08-01", stars=4)
    assert (upgraded.replaced_by_id, upgraded.regime, new.regime) == (new.id, "qd148-2023", "qd26-2026")


def test_certificate_of_2023_that_ends_in_june_2026(session: Session) -> None:
    certificate = old_one(session, "2023-06-15")
    later_round(session, "2026-05-01", "2026-06-30")
    before = state(session, certificate, "2026-05-21")

    passed = [(day, one.told.value) for day in days("2026-05-10", "2026-05-30") for one in sweep(session, at(day))]

    assert (before, state(session, certificate, "2026-05-22")) == (CertificateState.NOTICE_DUE, CertificateState.LATE)
    assert passed == [("2026-05-16", "notice_due"), ("2026-05-22", "window_closed")]
    attempt = renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2026-06-10"))
    assert attempt.regime == "qd26-2026"
    assert state(session, certificate, "2026-06-16") is CertificateState.EXTENDED
    assert certificate.regime == "qd148-2023"


def test_renewal_filed_the_day_before_is_finished_within_thirty_days_under_the_old_rules(session: Session) -> None:
    certificate = old_one(session, "2023-06-15")
    later_round(session, "2026-05-01", "2026-06-30")
    who = producer_of(session, certificate.product)

    attempt = renew(session, certificate.code, {}, who, at("2026-05-21"))

    assert (attempt.regime, attempt.dossier.kind) == ("qd1489-2025", "renewal")
    assert finish_by(attempt.received_on, attempt.dossier.kind, date(2026, 5, 22)) == date(2026, 6, 21)
    assert state(session, certificate, "2026-06-16") is CertificateState.EXTENDED
    new = decide(session, attempt, "2026-06-20")
    assert (certificate.replaced_by_id, new.regime, new.valid_until) == (new.id, "qd1489-2025", date(2029, 6, 20))


def test_certificate_that_ended_before_the_new_law_is_not_revived(session: Session) -> None:
    certificate = old_one(session, "2023-05-10")
    later_round(session, "2026-04-01", "2026-06-30")
    renew(session, certificate.code, {}, producer_of(session, certificate.product), at("2026-05-04"))

    assert state(session, certificate, "2026-05-11") is CertificateState.LAPSED
    assert state(session, certificate, "2026-06-01") is CertificateState.LAPSED


# Revocation


def test_revocation_has_fifteen_days_and_is_signed_by_whoever_issued(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")
    certificate.level = Level.PROVINCE
    who = coordinator(session)

    row = record_finding(session, certificate.code, "2", "Nhãn sai.", date(2026, 6, 1), who, at("2026-06-02"))

    assert (row.ground, row.due_on) == ("Sản phẩm không còn đáp ứng tiêu chí", date(2026, 6, 16))
    leader = someone(session, "lanh-dao", Role.LEADER)
    with pytest.raises(NotAllowedError):
        revoke(session, certificate.code, "9/QĐ", date(2026, 6, 18), "A", leader, at("2026-06-18"))
    for _ in range(2):
        revoke(session, certificate.code, "9/QĐ", date(2026, 6, 18), "A", who, at("2026-06-18"))
    assert state(session, certificate, "2026-06-17") is CertificateState.VALID
    assert state(session, certificate, "2026-06-18") is CertificateState.REVOKED
    with pytest.raises(ConflictError):
        revoke(session, certificate.code, "10/QĐ", date(2026, 6, 18), "A", who, at("2026-06-18"))


def test_revocation_on_no_ground_of_the_law_is_refused(session: Session) -> None:
    certificate = old_one(session, "2024-09-20")

    with pytest.raises(InputError, match="không phải căn cứ"):
        record_finding(
            session, certificate.code, "Không thích", "x", date(2026, 6, 1), coordinator(session), at("2026-06-02")
        )
    with pytest.raises(WrongMomentError, match="chưa có phát hiện"):
        revoke(session, certificate.code, "1/QĐ", date(2026, 6, 1), "A", coordinator(session), at("2026-06-02"))


# The register


def test_register_lists_what_ends_first_and_filters(session: Session) -> None:
    soon, later = old_one(session, "2023-06-15"), old_one(session, "2025-01-10", LONGAN)
    on = date(2026, 5, 22)

    def codes(rows: list[RegisterRow]) -> list[str]:
        return [row.code for row in rows]

    assert codes(register(session, on)) == [soon.code, later.code]
    assert codes(register(session, on, ending=180)) == [soon.code]
    assert codes(register(session, on, state=CertificateState.VALID)) == [later.code]
