"""Step 5, what must hold before the secretary may close the scoring; every fault is listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.errors import InputError, Problem, WrongMomentError
from models.forms import CouncilSessionForm
from models.scoring.result import Result as Scoring
from models.steps.council_sheets import handed_in
from models.tables import CouncilSession, SessionProduct


def absent_seats(meeting: CouncilSession, codes: list[str], products: list[SessionProduct]) -> list[int]:
    seats = {member.person.code: member.id for member in meeting.council.members}
    scored = set.intersection(*map(handed_in, products)) if products else set()
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


def check_day_has_come(meeting: CouncilSession, today: date) -> None:
    # The minutes say that day; who meets earlier moves the meeting first, which tells everybody anew [ours].
    if today < meeting.held_on:
        raise WrongMomentError(
            f"Hội đồng được triệu tập ngày {meeting.held_on:%d/%m/%Y}, chưa tới ngày họp.",
            field="outcome",
            remedy="Họp sớm hơn thì đính chính ngày họp ở việc «Triệu tập hội đồng» trước.",
        )


def check_codes(form: CouncilSessionForm, known: set[str]) -> None:
    problems = [
        Problem(f"{field}.{code}", "hồ sơ không có trong chương trình phiên họp", "Kiểm tra lại mã hồ sơ.")
        for field, codes in (("eliminations", form.eliminations), ("conclusions", form.conclusions))
        for code in codes
        if code not in known
    ]
    if problems:
        raise InputError.of(problems)


def check_sheets_in(meeting: CouncilSession, products: Iterable[SessionProduct]) -> None:
    missing = [
        f"{member.person.name} ({product.attempt.dossier.code})"
        for product in products
        for member in meeting.council.members
        if member.id not in meeting.absent
        and member.id not in {r.member_id for r in product.recusals}
        and member.id not in handed_in(product)
    ]
    if missing:
        raise WrongMomentError(
            "Còn phiếu chấm chưa nộp: " + "; ".join(missing) + ".",
            field="absent",
            remedy="Chờ thành viên nộp phiếu, hoặc ghi họ vắng mặt.",
        )


def check_overrides(form: CouncilSessionForm, scored: dict[str, Scoring]) -> None:
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


def check_quorum(scored: dict[str, Scoring]) -> None:
    short = [code for code, result in scored.items() if not result.quorum_met]
    if short:
        raise WrongMomentError(
            "Chưa đủ số thành viên theo quy chế để kết luận: " + ", ".join(short) + ".",
            field="absent",
            remedy="Họp lại khi đủ thành viên, có chủ tịch hoặc phó chủ tịch hội đồng.",
        )
