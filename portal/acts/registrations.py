"""What people do to register a product: begin, fill in step by step, put papers to it, hand in, withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from models.actors import Actor
from models.dossiers.attempts import dossier_by_code
from models.dossiers.handing_in import withdraw
from models.dossiers.registering import Registration, registration_of, starts_open, who_hands_in
from models.dossiers.registration_draft import (
    SCORES,
    Seen,
    criteria_for,
    drop_paper,
    hand_in,
    paper_problems,
    papers_of,
    save_paper,
    save_part,
    start,
)
from models.dossiers.registration_versions import choose, set_aside
from models.drafts import DraftConflictError
from models.enums import Role
from models.errors import NotFoundError
from models.forms import EvidenceForm
from models.forms.registration import RegistrationForm, SelfAssessmentForm
from models.tables import Draft
from portal.access import Access, of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options
from portal.forms.lenient import lenient
from portal.registrations import draft_answer, step_path, steps_context, wrong_in_step
from portal.view import View

REGISTRARS: Access = of(Role.PRODUCER, Role.COMMUNE_OFFICER, Role.COORDINATOR)
CASE: Mapping[str, type] = {"round": str, "product_id": int}
PAPER: Mapping[str, type] = {**CASE, "number": int}
TAG = "Đăng ký sản phẩm"
STAY = "stay"


class DraftForm(ActForm):
    """What every saving of a draft says: the version that was seen, and which open page sends it."""

    version: int = Field(default=0, ge=0, title="Bản nháp đã xem", description="0: chưa có bản nháp.")
    page: str = Field(default="", max_length=64, title="Trang đang mở", description="Chỉ trang của cổng dùng.")


class StepForm(DraftForm):
    """A step of the wizard: where to go after saving."""

    then: str = Field(default="next", max_length=20, title="Sau khi lưu", description="next: bước sau; stay: ở lại.")


class StartForm(DraftForm):
    """What the product is registered for."""

    start: str = Field(title="Loại hồ sơ", examples=["first", "upgrade", "renewal", "again:2024-007"])
    target_stars: int | None = Field(default=None, ge=3, le=5, title="Số sao đăng ký")
    case: int | None = Field(default=None, ge=1, le=2, title="Trường hợp (bộ dịch vụ du lịch)")


class HandInForm(ActForm):
    """Handing in what the draft holds, as it was seen."""

    version: int = Field(ge=1, title="Bản nháp đã xem")
    although_lacking: bool = Field(default=False, title="Nộp dù còn thiếu giấy tờ hoặc điểm tự chấm")


class ChooseForm(ActForm):
    """Which of two versions of each entry is kept."""

    version: int = Field(ge=1, title="Bản nháp đã xem")
    mine: list[str] = Field(default_factory=list, title="Mục lấy theo bản của tôi")


class WithdrawalForm(ActForm):
    """Why a dossier is withdrawn."""

    reason: str = Field(min_length=1, max_length=2000, title="Lý do rút hồ sơ")


STEP_FORMS: dict[str, type[StepForm]] = {
    "registration": lenient("RegistrationStep", RegistrationForm, StepForm),
    "self_assessment": lenient("SelfAssessmentStep", SelfAssessmentForm, StepForm, SCORES),
    "scores": lenient(
        "ScoresStep", SelfAssessmentForm, StepForm, tuple(set(SelfAssessmentForm.model_fields) - set(SCORES))
    ),
}
PAPER_FORM = lenient("PaperStep", EvidenceForm, StepForm)
OWN = set(StepForm.model_fields)


def registration(desk: Desk, ids: Ids) -> Registration:
    """The registration that a path names."""
    return registration_of(desk.session, desk.held, ids["round"], ids["product_id"])


def _check(desk: Desk, ids: Ids) -> None:
    registration(desk, ids)


def _seen(form: DraftForm) -> Seen:
    return Seen(form.version, form.page)


def _typed(form: DraftForm) -> dict[str, Any]:
    return form.model_dump(mode="json", exclude_unset=True, exclude=OWN)


def _saved(
    desk: Desk, ids: Ids, save: Callable[[Registration], Draft], message: str, goto: Callable[[Registration], str]
) -> Done:
    """Save; what somebody else was quicker than is kept aside and shown beside theirs."""
    reg = registration(desk, ids)
    try:
        draft = save(reg)
    except DraftConflictError as conflict:
        raise set_aside(desk.session, conflict, reg, desk.now) from None
    fresh = registration(desk, ids)
    return Done(message, goto(fresh), draft_answer(desk, fresh, draft))


def _start(desk: Desk, ids: Ids, form: StartForm) -> Done:
    facts = {"target_stars": form.target_stars, "case": form.case}

    def save(reg: Registration) -> Draft:
        return start(desk.session, reg, form.start, facts, _seen(form), desk.now)

    return _saved(desk, ids, save, "Đã lưu loại hồ sơ.", lambda reg: step_path(reg, "registration"))


def _save_step(name: str, following: str) -> Callable[[Desk, Ids, Any], Done]:
    def run(desk: Desk, ids: Ids, form: StepForm) -> Done:
        def save(reg: Registration) -> Draft:
            return save_part(desk.session, reg, name, _typed(form), _seen(form), desk.now)

        def goto(reg: Registration) -> str:
            stay = form.then == STAY or wrong_in_step(reg, name)
            return step_path(reg, name if stay else following)

        return _saved(desk, ids, save, "Đã lưu bản nháp.", goto)

    return run


def _save_paper(desk: Desk, ids: Ids, form: StepForm) -> Done:
    typed = _typed(form)

    def save(reg: Registration) -> Draft:
        return save_paper(desk.session, reg, ids["number"], typed, _seen(form), desk.now)

    def goto(reg: Registration) -> str:
        wrong = paper_problems(desk.session, reg, typed) or form.then == STAY
        return step_path(reg, f"papers/{ids['number']}" if wrong else "evidence")

    return _saved(desk, ids, save, "Đã lưu giấy tờ.", goto)


def _drop_paper(desk: Desk, ids: Ids, form: DraftForm) -> Done:
    def save(reg: Registration) -> Draft:
        return drop_paper(desk.session, reg, ids["number"], _seen(form), desk.now)

    return _saved(desk, ids, save, "Đã bỏ giấy tờ khỏi bản nháp.", lambda reg: step_path(reg, "evidence"))


def _hand_in(desk: Desk, ids: Ids, form: HandInForm) -> Done:
    reg = registration(desk, ids)
    attempt = hand_in(desk.session, reg, form.version, desk.now, although_lacking=form.although_lacking)
    code = attempt.dossier.code
    facts = {"dossier": code, "attempt": attempt.number, "received_on": attempt.received_on}
    return Done(f"Đã nộp hồ sơ {code} (lần {attempt.number}).", f"/dossiers/{code}", facts)


def _choose(desk: Desk, ids: Ids, form: ChooseForm) -> Done:
    reg = registration(desk, ids)
    draft = choose(desk.session, reg, form.mine, form.version, desk.now)
    fresh = registration(desk, ids)
    return Done("Đã ghép hai bản.", step_path(fresh, "review"), draft_answer(desk, fresh, draft))


def _withdrawer(desk: Desk, code: str) -> Actor:
    dossier = dossier_by_code(desk.session, code)
    return who_hands_in(desk.session, dossier.product, desk.held, dossier.latest.round.plan.office_id)


def _check_withdrawer(desk: Desk, ids: Ids) -> None:
    _withdrawer(desk, ids["code"])


def _withdraw(desk: Desk, ids: Ids, form: WithdrawalForm) -> Done:
    code = ids["code"]
    withdraw(desk.session, code, form.reason, _withdrawer(desk, code), desk.now)
    return Done(f"Đã rút hồ sơ {code}.", f"/dossiers/{code}", {"dossier": code})


def start_options(desk: Desk, ids: Ids) -> Options:
    """How the product may be registered now, for how many stars, and in which case of the sheet."""
    reg = registration(desk, ids)
    found = starts_open(desk.session, reg.product, reg.round, desk.today)
    cases = criteria_for(reg, desk.today).cases
    return {
        "start": [Option(one.value, one.label) for one in found],
        "target_stars": [Option(str(stars), f"{stars} sao") for stars in (3, 4, 5)],
        "case": [Option(str(number), label) for number, label in cases.items()],
    }


def _start_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    reg = registration(desk, ids)
    found = starts_open(desk.session, reg.product, reg.round, desk.today)
    first = found[0] if found else None
    own = {"start": first.value, "target_stars": first.stars} if first else {}
    if reg.draft is not None:
        again = reg.data.get("dossier")
        own = {
            "start": f"again:{again}" if again else reg.data.get("kind"),
            "target_stars": reg.data.get("target_stars"),
        }
    return {**own, "case": reg.data.get("case"), **_hidden(reg)}


def _hidden(reg: Registration) -> dict[str, Any]:
    return {"version": reg.version, "page": uuid.uuid4().hex}


def _part_prefill(name: str) -> Callable[[Desk, Ids], Mapping[str, Any]]:
    where = "registration" if name == "registration" else "self_assessment"

    def prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
        reg = registration(desk, ids)
        return {**reg.data.get(where, {}), **_hidden(reg)}

    return prefill


def _paper_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    reg = registration(desk, ids)
    papers = papers_of(reg)
    number = ids["number"]
    if not 1 <= number <= len(papers) + 1:
        raise NotFoundError(f"Không có giấy tờ số {number}.", field="number", remedy="Mở lại danh sách giấy tờ.")
    return {**(papers[number - 1] if number <= len(papers) else {}), **_hidden(reg)}


def _context(step: str) -> Callable[[View, Ids], Mapping[str, Any]]:
    return lambda view, ids: steps_context(view.desk, registration(view.desk, ids), step, ids)


def _act(
    name: str, title: str, tail: str, form: type[ActForm], run: Callable[[Desk, Ids, Any], Done], **more: Any
) -> Act:
    step = more.pop("step", name)
    return Act(
        name=f"registration.{name}", title=title, path=f"/registrations/{{round}}/{{product_id}}/{tail}", form=form,
        run=run,
        check=_check, access=REGISTRARS, tag=TAG, own_page=False, context=_context(step),
        **{"ids": CASE, "template": f"registrations/{step}.html.j2", "button": "Lưu và sang bước sau"} | more,
    )  # fmt: skip


START = _act(
    "start", "Loại hồ sơ", "start", StartForm, _start, prefill=_start_prefill, options=start_options,
    explanation="Chọn đăng ký lần đầu, nâng hạng, đánh giá lại hay nộp lại hồ sơ trước.",
)  # fmt: skip
REGISTRATION = _act(
    "registration", "Phiếu đăng ký (mẫu 01)", "registration", STEP_FORMS["registration"],
    _save_step("registration", "self_assessment"), prefill=_part_prefill("registration"), step="registration",
)  # fmt: skip
SELF_ASSESSMENT = _act(
    "self_assessment", "Tự đánh giá (mẫu 02)", "self_assessment", STEP_FORMS["self_assessment"],
    _save_step("self_assessment", "scores"), prefill=_part_prefill("self_assessment"),
)  # fmt: skip
SCORED = _act(
    "scores", "Tự chấm điểm", "scores", STEP_FORMS["scores"], _save_step("scores", "evidence"),
    prefill=_part_prefill("scores"),
)  # fmt: skip
SAVE_PAPER = _act(
    "paper", "Giấy tờ", "papers/{number}", PAPER_FORM, _save_paper, ids=PAPER, takes_files=True, prefill=_paper_prefill,
    button="Lưu giấy tờ",
)  # fmt: skip
DROP_PAPER = _act(
    "paper_removal", "Bỏ giấy tờ", "papers/{number}/removal", DraftForm, _drop_paper, ids=PAPER, step="evidence",
    button="Bỏ", danger=True,
)  # fmt: skip
HAND_IN = _act("hand_in", "Nộp hồ sơ", "review", HandInForm, _hand_in, step="review", button="Nộp hồ sơ", status=201)
CHOOSE = _act(
    "versions", "Ghép hai bản", "versions", ChooseForm, _choose, step="versions", button="Ghi các mục đã chọn"
)
WITHDRAW = Act(
    name="dossier.withdrawal", title="Rút hồ sơ", path="/dossiers/{code}/withdrawal", ids={"code": str},
    access=REGISTRARS, form=WithdrawalForm, run=_withdraw, tag="Hồ sơ", button="Rút hồ sơ", danger=True,
    check=_check_withdrawer,
    explanation="Hồ sơ dừng lại ở đây; sau này có thể nộp lại. Lý do được lưu.",
    back=lambda ids: f"/dossiers/{ids['code']}",
)  # fmt: skip

STEPS: dict[str, Act] = {"registration": REGISTRATION, "self_assessment": SELF_ASSESSMENT, "scores": SCORED}
ACTS: list[Act] = [START, *STEPS.values(), SAVE_PAPER, DROP_PAPER, HAND_IN, CHOOSE, WITHDRAW]
