"""Step 6: the decision of a round, of one product alone, and of the level above."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.issuing import issue
from models.councils.sessions import granted_by, latest_session, still_on_agenda
from models.dossiers.attempts import end_attempt
from models.enums import AttemptStatus, Level, RoundStatus
from models.errors import InputError, WrongMomentError
from models.forms import DecisionForm, DecisionSigningForm, HigherLevelResultForm
from models.process.kinds import StepKind
from models.regimes.kinds import DossierKind
from models.rounds.telling import tell_round
from models.steps.advancing import open_step
from models.steps.decision_days import check_after_answer, check_after_meeting
from models.steps.whose import of_round
from models.subjects import attempt_subject, item_key
from models.tables import (
    Certificate,
    Decision,
    DecisionLine,
    DossierAttempt,
    Result,
    SessionProduct,
    WorkItem,
)
from models.work_items.closing import complete_for, find_item

RECOGNISED_FROM = 3  # stars; below, reasons and guidance instead of a decision [law]


def sign_for_round(session: Session, item: WorkItem, form: DecisionSigningForm, who: Actor, now: datetime) -> None:
    """Record the signed decision: certificates for what this level grants, letters for what goes on.

    Raises:
        InputError: a number is missing although there is something to decide or to forward, or the day is before
            that of the meeting.
        WrongMomentError: the council has not concluded.
    """
    results = results_of(session, item.round.id)
    check_after_meeting(form.signed_on, latest_session(session, item.round.id))
    level = item.round.plan.office.level
    mine = [r for r in results if granted_here(r, level)]
    forwarded = [r for r in results if goes_on(r)]
    _check_numbers(form, bool(mine), bool(forwarded))
    decision = None
    if mine:
        decision = _decision(
            session, level, item.round.plan.authority, form.decision_number, form.signed_on, form.signer, who
        )
        decision.round_id = item.round_id
    for result in results:
        if result.eliminated:
            continue
        attempt = result.product.attempt
        outcome = _decide(session, result, decision if result in mine else None, level, now)
        subject = attempt_subject(attempt.id)
        complete_for(session, subject, _decision_item(session, item, attempt, now), outcome, who, now)
        _end(session, attempt, outcome, who, now)
    item.round.status = RoundStatus.DECIDED
    tell_round(session, item.round, "decided")


def _decision_item(session: Session, signing: WorkItem, attempt: DossierAttempt, now: datetime) -> WorkItem:
    # The leader may sign before the engine has brought every dossier to its step: a person never waits for it.
    item = find_item(session, item_key(attempt_subject(attempt.id), StepKind.DECISION, 1))
    if item is not None:
        return item
    return open_step(session, StepKind.DECISION, of_round(signing.round, attempt_subject(attempt.id), attempt), now)


def sign_for_one(session: Session, item: WorkItem, form: DecisionForm, who: Actor, now: datetime) -> None:
    """A decision for one product alone (after the level above did not recognise more).

    Raises:
        InputError: number, day, signer or stars are missing, the stars are not this level's to give, or the day is
            before that of the answer of the level above.
        WrongMomentError: the round's decision is what closes this step.
    """
    attempt = item.case
    if item.turn == 1:
        raise WrongMomentError(
            "Bước này do quyết định của đợt ghi.",
            field="item",
            remedy="Ghi quyết định ở việc «Ký quyết định».",
        )
    if form.outcome not in {"recognised", "not_recognised"}:
        raise InputError(
            "Quyết định riêng chỉ công nhận hoặc không công nhận.",
            field="outcome",
            remedy="Chọn «Công nhận» hoặc «Không công nhận».",
        )
    if form.outcome == "recognised":
        if not (form.decision_number and form.signed_on and form.signer and form.stars):
            raise InputError(
                "Công nhận phải có số quyết định, ngày ký, người ký và số sao.",
                field="decision_number",
                remedy="Ghi đủ bốn mục.",
            )
        check_after_answer(session, attempt, form.signed_on)
        level = item.round.plan.office.level
        _check_stars_here(session, attempt, form.stars, level)
        decision = _decision(
            session,
            level,
            item.round.plan.authority,
            form.decision_number,
            form.signed_on,
            form.signer,
            who,
        )
        form.certificate = _recognise(session, attempt, form.stars, level, decision, None, now).code
    _end(session, attempt, form, who, now)


def record_higher_level(
    session: Session, item: WorkItem, form: HigherLevelResultForm, who: Actor, now: datetime
) -> None:
    """What the level above decided; its certificate replaces the one in force.

    Raises:
        InputError: the day is before that of the council's meeting here.
    """
    attempt = item.case
    check_after_meeting(form.decided_on, result_of(session, attempt).product.session, "decided_on")
    if form.outcome == "recognised" and form.stars is not None:
        level = _level_above(result_of(session, attempt), form.stars)
        decision = _decision(session, level, form.issuer, form.decision_number, form.decided_on, "", None)
        _recognise(session, attempt, form.stars, level, decision, form.points, now)
        because = f"{form.issuer} công nhận {form.stars} sao (số {form.decision_number})."
        end_attempt(session, attempt, AttemptStatus.RECOGNISED, because, who, now)
    elif attempt.status is AttemptStatus.IN_PROGRESS and not may_fall_back(session, attempt):
        because = f"{form.issuer} không công nhận (số {form.decision_number}). {form.note}".strip()
        end_attempt(session, attempt, AttemptStatus.NOT_RECOGNISED, because, who, now)


def _level_above(result: Result, stars: int) -> Level:
    """Who issued the certificate: the level it went to, or the one above that where only that grants so many stars."""
    ladder = list(Level)
    levels = [granted_by(result.product.attempt, stars), result.forward_to]
    return max((level for level in ladder if level.value in levels), key=ladder.index)


def _check_stars_here(session: Session, attempt: DossierAttempt, stars: int, level: Level) -> None:
    proposed = result_of(session, attempt).stars or 0
    if granted_by(attempt, stars) != level.value or stars > proposed:
        raise InputError(
            f"{level.label} không công nhận {stars} sao cho sản phẩm này (hội đồng đề xuất {proposed} sao).",
            field="stars",
            remedy="Ghi số sao thuộc thẩm quyền, không quá mức hội đồng đề xuất.",
        )


def may_fall_back(session: Session, attempt: DossierAttempt) -> bool:
    """Whether this level decides itself once the level above did not recognise the product [ours].

    Only a first evaluation that reached three stars or more here and was forwarded without a certificate of
    this level. Asks only for what was stated before, so that a run that starts again goes the same way.
    """
    decided = find_item(session, item_key(attempt_subject(attempt.id), StepKind.DECISION, 1))
    forwarded = decided is not None and decided.outcome is not None and decided.outcome.code == "forwarded"
    enough = (result_of(session, attempt).stars or 0) >= RECOGNISED_FROM
    return forwarded and enough and attempt.dossier.kind is DossierKind.FIRST


def result_of(session: Session, attempt: DossierAttempt) -> Result:
    """The council's result of one attempt; what a correction took off an agenda no longer counts."""
    query = select(Result).join(Result.product)
    query = query.where(SessionProduct.attempt_id == attempt.id, SessionProduct.taken_off == "")
    return session.scalars(query).one()


def results_of(session: Session, round_id: int) -> list[Result]:
    """The council's results of a round, in the order of its agenda.

    Raises:
        WrongMomentError: not concluded yet.
    """
    results = [product.result for product in still_on_agenda(latest_session(session, round_id))]
    concluded = [r for r in results if r is not None]
    if len(concluded) != len(results):
        raise WrongMomentError("Hội đồng chưa kết luận.", field="item", remedy="Ghi kết luận phiên họp trước.")
    return concluded


def granted_here(result: Result, level: Level) -> bool:
    """Whether this level itself certifies what the council proposes."""
    return not result.eliminated and result.granted_by == level.value


def goes_on(result: Result) -> bool:
    """Whether the product goes on to the level above."""
    return not result.eliminated and result.forward_to is not None


def _check_numbers(form: DecisionSigningForm, decides: bool, forwards: bool) -> None:
    if decides and not form.decision_number:
        raise InputError(
            "Có sản phẩm được công nhận nên phải có số quyết định.",
            field="decision_number",
            remedy="Ghi số theo sổ văn thư.",
        )
    if forwards and not form.letter_number:
        raise InputError(
            "Có sản phẩm chuyển lên cấp trên nên phải có số văn bản chuyển.",
            field="letter_number",
            remedy="Ghi số theo sổ văn thư.",
        )


def _decision(
    session: Session, level: Level, issuer: str, number: str, on: date, signer: str, who: Actor | None
) -> Decision:
    decision = session.scalar(
        select(Decision).where(Decision.issuer == issuer, Decision.number == number, Decision.signed_on == on)
    )
    if decision is None:
        decision = Decision(
            level=level,
            issuer=issuer,
            number=number,
            signed_on=on,
            signer=signer,
            signer_id=who.person_id if who else None,
        )
        session.add(decision)
        session.flush()
    return decision


def _decide(session: Session, result: Result, decision: Decision | None, level: Level, now: datetime) -> DecisionForm:
    forward = result.forward_to
    if decision is not None and result.stars is not None:
        certificate = _recognise(session, result.product.attempt, result.stars, level, decision, result.mean_cut, now)
        return DecisionForm(outcome="recognised", stars=result.stars, certificate=certificate.code, forward_to=forward)
    if forward is not None:
        return DecisionForm(outcome="forwarded", forward_to=forward, reasons=result.explanation)
    return DecisionForm(outcome="not_recognised", reasons=result.explanation)


def _recognise(
    session: Session,
    attempt: DossierAttempt,
    stars: int,
    level: Level,
    decision: Decision,
    points: str | None,
    now: datetime,
) -> Certificate:
    decision.lines.append(DecisionLine(attempt=attempt, points=points, stars=stars))
    return issue(session, attempt, stars, level, decision, now)


def _end(session: Session, attempt: DossierAttempt, outcome: DecisionForm, who: Actor, now: datetime) -> None:
    if outcome.outcome == "recognised":
        because = f"Công nhận {outcome.stars} sao, giấy chứng nhận {outcome.certificate}."
        end_attempt(session, attempt, AttemptStatus.RECOGNISED, because, who, now)
    elif outcome.outcome == "not_recognised":
        end_attempt(session, attempt, AttemptStatus.NOT_RECOGNISED, outcome.reasons, who, now)
