"""Step 5: convening, score sheets, second scoring, conclusion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import VN_TZ
from models.councils.scoring_rows import check_choices, evaluate_product
from models.dossiers.attempts import dossier_by_code, end_attempt
from models.enums import AttemptStatus, ItemStatus, SessionStatus
from models.errors import InputError, NotFoundError, Problem, WrongMomentError
from models.forms import (
    CouncilConveningForm,
    CouncilEvaluationForm,
    CouncilSessionForm,
    ScoreSheetForm,
)
from models.forms.round import ProductConclusion
from models.notifications.invitations import invite
from models.process import Scope
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.scoring.result import Result as Scoring
from models.scoring.result import cut, to_json
from models.steps.addressing import council_of
from models.subjects import attempt_subject, item_key, subject_of
from models.tables import (
    CouncilMember,
    CouncilSession,
    DossierAttempt,
    Recusal,
    Result,
    ScoreSheet,
    SessionProduct,
    WorkItem,
)
from models.work_items.closing import complete_for, find_item
from models.work_items.locking import lock_meeting
from models.work_items.opening import Addressee, cancel_open_items, open_item
from models.work_items.terms import Budget


def convene(session: Session, item: WorkItem, form: CouncilConveningForm, _who: Actor, now: datetime) -> None:
    """Make the session with its agenda and give every member a sheet for every product.

    Raises:
        InputError: dossiers that do not wait for the council, or a day in the past (all are listed).
    """
    round_ = item.round
    if form.held_on < now.astimezone(VN_TZ).date():
        raise InputError("Ngày họp đã qua.", field="held_on", remedy="Chọn ngày từ hôm nay trở đi.")
    attempts = _waiting_attempts(session, item, form.dossiers)
    number = session.scalar(
        select(func.count()).select_from(CouncilSession).where(CouncilSession.round_id == round_.id)
    )
    meeting = CouncilSession(
        round=round_,
        council=council_of(session, round_.plan.office),
        number=(number or 0) + 1,
        held_on=form.held_on,
        place=form.place,
        products=[SessionProduct(attempt=a, position=i) for i, a in enumerate(attempts, start=1)],
    )
    session.add(meeting)
    session.flush()
    for product in meeting.products:
        _open_sheets(session, item, product, now)
    invite(session, meeting)


def hand_in_sheet(session: Session, item: WorkItem, form: ScoreSheetForm, who: Actor, now: datetime) -> None:
    """Lock one member's sheet for the current scoring, or record the recusal.

    Raises:
        WrongMomentError: the session is concluded or this scoring is closed.
        InputError: a criterion is missing or a choice is no option.
    """
    product = _product_of(session, item)
    member = session.scalars(
        select(CouncilMember).where(
            CouncilMember.council_id == product.session.council_id,
            CouncilMember.person_id == who.person_id,
        )
    ).one()
    lock_meeting(session, product.session, shared=True)
    if product.session.status is SessionStatus.CONCLUDED or product.scoring != item.turn:
        raise WrongMomentError(
            "Phiên chấm này đã đóng.", field="item", remedy="Liên hệ thư ký hội đồng nếu cần chấm lại."
        )
    if form.outcome == "recused":
        product.recusals.append(Recusal(member=member, reason=form.reason, recorded_at=now))
        return
    product.sheets.append(
        ScoreSheet(
            member=member,
            scoring=item.turn,
            choices=dict(form.choices),
            total=check_choices(product, member, form.choices),
            opinion=form.opinion,
            submitted_at=now,
        )
    )


def close_session(session: Session, item: WorkItem, form: CouncilSessionForm, who: Actor, now: datetime) -> None:
    """Close the scoring: order a second one where the spread asks for it, or conclude product by product.

    Raises:
        InputError: unknown names, or an outcome that the sheets do not allow.
        WrongMomentError: sheets of present members are missing, or the quorum is not met.
    """
    meeting = latest_session(session, item.round_id)
    lock_meeting(session, meeting)
    by_code = {product.attempt.dossier.code: product for product in still_on_agenda(meeting)}
    meeting.absent = _absent_seats(meeting, form.absent, list(by_code.values()))
    _check_codes(form, set(by_code))
    _check_sheets_in(meeting, by_code.values())
    for code, grounds in form.eliminations.items():
        by_code[code].eliminations = grounds
    session.flush()
    scored = {code: _evaluate(code, product) for code, product in by_code.items()}
    _check_overrides(form, scored)
    again = [code for code, result in scored.items() if result.needs_rescoring and not result.eliminated]
    if form.outcome == "second_scoring":
        _order_second_scoring(session, item, [by_code[code] for code in again], who, now)
        return
    if again:
        raise WrongMomentError(
            "Chênh lệch điểm giữa các thành viên vượt mức, phải chấm lần hai: " + ", ".join(again) + ".",
            field="outcome",
            remedy="Chọn «second_scoring»; kết luận sau khi chấm lại.",
        )
    _check_quorum(scored)
    meeting.status = SessionStatus.CONCLUDED
    meeting.minutes_number = form.minutes_number or None
    for code, result in scored.items():
        _conclude(session, by_code[code], result, form.conclusions.get(code), who, now)
        sheets = subject_of(Scope.SHEET, by_code[code].id)
        cancel_open_items(session, sheets, "Phiên chấm đã đóng, thành viên vắng mặt.", who, now)


def still_on_agenda(meeting: CouncilSession) -> list[SessionProduct]:
    """The products of a session whose producer has not withdrawn in the meantime."""
    return [p for p in meeting.products if p.attempt.status is not AttemptStatus.WITHDRAWN]


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


def latest_session(session: Session, round_id: int) -> CouncilSession:
    """The session of the round that is under way or was last.

    Raises:
        NotFoundError: none was convened.
    """
    meeting = session.scalar(
        select(CouncilSession)
        .where(CouncilSession.round_id == round_id)
        .order_by(CouncilSession.number.desc())
        .limit(1)
    )
    if meeting is None:
        raise NotFoundError("Đợt chưa triệu tập hội đồng.", field="round", remedy="Triệu tập hội đồng trước.")
    return meeting


def _waiting_attempts(session: Session, item: WorkItem, codes: list[str]) -> list[DossierAttempt]:
    attempts, problems = [], []
    for index, code in enumerate(dict.fromkeys(codes)):
        attempt = dossier_by_code(session, code).latest
        waiting = find_item(session, item_key(attempt_subject(attempt.id), StepKind.COUNCIL_EVALUATION, 1))
        if attempt.round_id != item.round_id or waiting is None or waiting.status is not ItemStatus.OPEN:
            problems.append(
                Problem(
                    f"dossiers[{index}]",
                    f"hồ sơ {code} chưa sẵn sàng cho hội đồng của đợt này",
                    "Bỏ hồ sơ này khỏi danh sách, hoặc hoàn tất các bước trước.",
                )
            )
        attempts.append(attempt)
    if problems:
        raise InputError.of(problems)
    return attempts


def _open_sheets(session: Session, item: WorkItem, product: SessionProduct, now: datetime) -> None:
    meeting = product.session
    recused = {recusal.member_id for recusal in product.recusals}
    for member in meeting.council.members:
        if member.id in recused or member.id in meeting.absent:
            continue
        open_item(
            session,
            StepKind.SCORE_SHEET,
            subject_of(Scope.SHEET, product.id),
            round_=item.round,
            office=item.round.plan.office,
            to=Addressee(person_id=member.person_id),
            budget=Budget(0, "date", "Ngày họp hội đồng", meeting.held_on),
            now=now,
            turn=product.scoring,
            attempt_id=product.attempt_id,
            member_id=member.id,
        )


def _product_of(session: Session, item: WorkItem) -> SessionProduct:
    return session.get_one(SessionProduct, int(item.subject.partition(":")[2]))


def _absent_seats(meeting: CouncilSession, codes: list[str], products: list[SessionProduct]) -> list[int]:
    seats = {member.person.code: member.id for member in meeting.council.members}
    scored = set.intersection(*map(_handed_in, products)) if products else set()
    problems = []
    for index, code in enumerate(codes):
        if code not in seats:
            why, remedy = f"«{code}» không phải thành viên hội đồng", "Ghi mã người dùng của thành viên."
            problems.append(Problem(f"absent[{index}]", why, remedy))
        elif seats[code] in scored:
            why, remedy = f"«{code}» đã nộp đủ phiếu chấm nên không vắng", "Bỏ người này khỏi danh sách vắng."
            problems.append(Problem(f"absent[{index}]", why, remedy))
    if problems:
        raise InputError.of(problems)
    return [seats[code] for code in dict.fromkeys(codes)]


def _handed_in(product: SessionProduct) -> set[int]:
    return {sheet.member_id for sheet in product.sheets if sheet.scoring == product.scoring}


def _evaluate(code: str, product: SessionProduct) -> Scoring:
    try:
        return evaluate_product(product)
    except InputError as error:
        named = (replace(p, field=p.field.replace("eliminations", f"eliminations.{code}")) for p in error.problems)
        raise InputError.of(named) from error


def _check_overrides(form: CouncilSessionForm, scored: dict[str, Scoring]) -> None:
    # Points fix the band [law]; what a council may weigh are the gates within it [ours].
    problems = []
    for code, conclusion in form.conclusions.items():
        result, stars = scored[code], conclusion.stars
        if stars is not None and result.eliminated:
            why, remedy = "sản phẩm đã bị loại nên không xếp hạng sao", "Bỏ số sao, hoặc bỏ căn cứ loại."
            problems.append(Problem(f"conclusions.{code}.stars", why, remedy))
        elif stars is not None and stars > (result.band or 0):
            why = f"{stars} sao cao hơn khung điểm ({result.band} sao)"
            problems.append(Problem(f"conclusions.{code}.stars", why, f"Ghi nhiều nhất {result.band} sao."))
    if problems:
        raise InputError.of(problems)


def _check_codes(form: CouncilSessionForm, known: set[str]) -> None:
    problems = [
        Problem(f"{field}.{code}", "hồ sơ không có trong chương trình phiên họp", "Kiểm tra lại mã hồ sơ.")
        for field, codes in (("eliminations", form.eliminations), ("conclusions", form.conclusions))
        for code in codes
        if code not in known
    ]
    if problems:
        raise InputError.of(problems)


def _check_sheets_in(meeting: CouncilSession, products: Iterable[SessionProduct]) -> None:
    missing = [
        f"{member.person.name} ({product.attempt.dossier.code})"
        for product in products
        for member in meeting.council.members
        if member.id not in meeting.absent
        and member.id not in {r.member_id for r in product.recusals}
        and member.id not in _handed_in(product)
    ]
    if missing:
        raise WrongMomentError(
            "Còn phiếu chấm chưa nộp: " + "; ".join(missing) + ".",
            field="absent",
            remedy="Chờ thành viên nộp phiếu, hoặc ghi họ vắng mặt.",
        )


def _check_quorum(scored: dict[str, Scoring]) -> None:
    short = [code for code, result in scored.items() if not result.quorum_met]
    if short:
        raise WrongMomentError(
            "Chưa đủ số thành viên theo quy chế để kết luận: " + ", ".join(short) + ".",
            field="absent",
            remedy="Họp lại khi đủ thành viên, có chủ tịch hoặc phó chủ tịch hội đồng.",
        )


def _order_second_scoring(
    session: Session, item: WorkItem, products: list[SessionProduct], who: Actor, now: datetime
) -> None:
    if not products:
        raise InputError(
            "Không sản phẩm nào có chênh lệch vượt mức để chấm lần hai.",
            field="outcome",
            remedy="Chọn «concluded» để kết luận.",
        )
    for product in products:
        sheets = subject_of(Scope.SHEET, product.id)
        cancel_open_items(session, sheets, "Phiên chấm lần một đã đóng.", who, now)
        product.scoring = 2
        _open_sheets(session, item, product, now)


def _conclude(
    session: Session,
    product: SessionProduct,
    scoring: Scoring,
    conclusion: ProductConclusion | None,
    who: Actor,
    now: datetime,
) -> None:
    conclusion = conclusion or ProductConclusion()
    facts = to_json(scoring)
    stars = facts["stars"] if conclusion.stars is None else conclusion.stars
    product.conclusion = conclusion.text
    session.add(
        Result(
            product=product,
            mean=facts["mean_exact"],
            mean_cut=facts["mean"],
            spread=facts["spread"],
            band=facts["band"],
            computed_stars=facts["stars"],
            stars=stars,
            override_reason=conclusion.reason or None,
            missed_gates=facts["missed_gates"],
            eliminated=facts["eliminated"],
            granted_by=granted_by(product.attempt, stars),
            forward_to=facts["forward_to"],
            explanation=facts["explanation"],
            details={"totals": facts["totals"], "warnings": facts["warnings"], "scoring": product.scoring},
            concluded_at=now,
        )
    )
    form = CouncilEvaluationForm(
        outcome="eliminated" if scoring.eliminated else "evaluated",
        mean=cut(scoring.mean) if scoring.mean is not None else None,
        stars=stars,
        explanation=scoring.explanation,
    )
    subject = attempt_subject(product.attempt_id)
    item = find_item(session, item_key(subject, StepKind.COUNCIL_EVALUATION, 1))
    complete_for(session, subject, item, form, who, now)
    if scoring.eliminated:
        end_attempt(session, product.attempt, AttemptStatus.ELIMINATED, scoring.explanation, who, now)


def granted_by(attempt: DossierAttempt, stars: int | None) -> str | None:
    """The level that certifies so many stars under the attempt's regime; `None` below three."""
    if stars is None:
        return None
    body = load_regime(attempt.regime).grants.get(stars)
    return body.value if body is not None else None
