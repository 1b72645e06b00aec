"""Step 5, closing the scoring: a second one where the spread asks for it, or the conclusion product by product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import vn_date
from models.councils.scoring_rows import evaluate_product
from models.councils.sessions import granted_by, latest_session, still_on_agenda
from models.dossiers.attempts import end_attempt
from models.enums import AttemptStatus, SessionStatus
from models.errors import InputError, WrongMomentError
from models.forms import CouncilEvaluationForm, CouncilSessionForm
from models.forms.round import ProductConclusion
from models.process import Scope
from models.process.kinds import StepKind
from models.scoring.result import Result as Scoring
from models.scoring.result import cut, to_json
from models.steps.council_checks import (
    absent_seats,
    check_codes,
    check_day_has_come,
    check_overrides,
    check_quorum,
    check_sheets_in,
)
from models.steps.council_sheets import open_sheets
from models.subjects import attempt_subject, item_key, subject_of
from models.tables import Result, SessionProduct, WorkItem
from models.work_items.closing import complete_for, find_item
from models.work_items.locking import lock_meeting
from models.work_items.opening import cancel_open_items


def close_session(session: Session, item: WorkItem, form: CouncilSessionForm, who: Actor, now: datetime) -> None:
    """Close the scoring: order a second one where the spread asks for it, or conclude product by product.

    Raises:
        InputError: unknown names, or an outcome that the sheets do not allow.
        WrongMomentError: the day of the meeting has not come, sheets of present members are missing, or the quorum is
            not met.
    """
    meeting = latest_session(session, item.round.id)
    lock_meeting(session, meeting)
    check_day_has_come(meeting, vn_date(now))
    by_code = {product.attempt.dossier.code: product for product in still_on_agenda(meeting)}
    meeting.absent = absent_seats(meeting, form.absent, list(by_code.values()))
    check_codes(form, set(by_code))
    check_sheets_in(meeting, by_code.values())
    for code, grounds in form.eliminations.items():
        by_code[code].eliminations = grounds
    session.flush()
    scored = {code: evaluate_named(code, product) for code, product in by_code.items()}
    check_overrides(form, scored)
    again = [code for code, result in scored.items() if result.needs_rescoring and not result.eliminated]
    if form.outcome == "second_scoring":
        _order_second_scoring(session, item, [by_code[code] for code in again], who, now)
        return
    if again:
        raise WrongMomentError(
            "Chênh lệch điểm giữa các thành viên vượt mức, phải chấm lần hai: " + ", ".join(again) + ".",
            field="outcome",
            remedy="Chọn «Chấm lần hai»; kết luận sau khi chấm lại.",
        )
    check_quorum(scored)
    meeting.status = SessionStatus.CONCLUDED
    meeting.minutes_number = form.minutes_number or None
    for code, result in scored.items():
        _conclude(session, by_code[code], result, form.conclusions.get(code), who, now)
        sheets = subject_of(Scope.SHEET, by_code[code].id)
        cancel_open_items(session, sheets, "Phiên chấm đã đóng, thành viên vắng mặt.", who, now)


def record_corrected(session: Session, item: WorkItem, form: CouncilEvaluationForm, who: Actor, now: datetime) -> None:
    """A corrected conclusion that eliminates a product ends its attempt."""
    if form.outcome == "eliminated":
        end_attempt(session, item.case, AttemptStatus.ELIMINATED, form.explanation, who, now)


def by_hand(_session: Session, _item: WorkItem, _form: CouncilEvaluationForm, _who: Actor, _now: datetime) -> None:
    """A product's result is what the session concluded, never what somebody types.

    Raises:
        WrongMomentError: always.
    """
    raise WrongMomentError(
        "Kết quả của hội đồng do kết luận phiên họp ghi.",
        field="item",
        remedy="Ghi kết luận ở việc «Họp hội đồng» của đợt.",
    )


def evaluate_named(code: str, product: SessionProduct) -> Scoring:
    """As `evaluate_product`; faults name the dossier."""
    try:
        return evaluate_product(product)
    except InputError as error:
        named = (replace(p, field=p.field.replace("eliminations", f"eliminations.{code}")) for p in error.problems)
        raise InputError.of(named) from error


def _order_second_scoring(
    session: Session, item: WorkItem, products: list[SessionProduct], who: Actor, now: datetime
) -> None:
    if not products:
        raise InputError(
            "Không sản phẩm nào có chênh lệch vượt mức để chấm lần hai.",
            field="outcome",
            remedy="Chọn «Đã kết luận».",
        )
    for product in products:
        sheets = subject_of(Scope.SHEET, product.id)
        cancel_open_items(session, sheets, "Phiên chấm lần một đã đóng.", who, now)
        product.scoring = 2
        product.session.status = SessionStatus.CALLED
        open_sheets(session, item, product, now)


def write_result(
    session: Session, product: SessionProduct, scoring: Scoring, conclusion: ProductConclusion, now: datetime
) -> CouncilEvaluationForm:
    """Write the result in force of one product; gives what the product's own step states of it."""
    facts = to_json(scoring)
    stars = facts["stars"] if conclusion.stars is None else conclusion.stars
    product.conclusion = conclusion.text
    result = product.result or Result(product=product, concluded_at=now)
    result.mean, result.mean_cut, result.spread = facts["mean_exact"], facts["mean"], facts["spread"]
    result.band, result.computed_stars, result.stars = facts["band"], facts["stars"], stars
    result.override_reason = conclusion.reason or None
    result.missed_gates, result.eliminated = facts["missed_gates"], facts["eliminated"]
    result.granted_by = granted_by(product.attempt, stars)
    result.forward_to, result.explanation = facts["forward_to"], facts["explanation"]
    result.details = {"totals": facts["totals"], "warnings": facts["warnings"], "scoring": product.scoring}
    session.add(result)
    return CouncilEvaluationForm(
        outcome="eliminated" if scoring.eliminated else "evaluated",
        mean=cut(scoring.mean) if scoring.mean is not None else None,
        stars=stars,
        explanation=scoring.explanation,
    )


def _conclude(
    session: Session,
    product: SessionProduct,
    scoring: Scoring,
    conclusion: ProductConclusion | None,
    who: Actor,
    now: datetime,
) -> None:
    form = write_result(session, product, scoring, conclusion or ProductConclusion(), now)
    subject = attempt_subject(product.attempt_id)
    item = find_item(session, item_key(subject, StepKind.COUNCIL_EVALUATION, 1))
    complete_for(session, subject, item, form, who, now)
    if scoring.eliminated:
        end_attempt(session, product.attempt, AttemptStatus.ELIMINATED, scoring.explanation, who, now)
