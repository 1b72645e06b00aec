"""Handing in a dossier, handing it in again, withdrawing it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import VN_TZ
from models.dossiers.attempts import check_none_under_way, check_window, dossier_by_code, end_attempt, new_attempt
from models.dossiers.candidacy import ground_for, target_of
from models.dossiers.carrying import carry_findings
from models.dossiers.evidence import add_evidence, carry_over
from models.enums import AttemptStatus, Role
from models.errors import InputError, NotAllowedError, Problem, WrongMomentError
from models.files.using import check_files
from models.forms import EvidenceForm, read_form
from models.forms.registration import FORMS_OF, as_kept, lacking
from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.rounds.following import round_for_resubmission
from models.rounds.queries import product_by_name, round_by_code
from models.steps.addressing import check_units
from models.subjects import attempt_subject, item_key
from models.tables import Dossier, DossierAttempt, Office, PlannedProduct, Product, Round
from models.work_items.closing import find_item
from models.work_items.locking import lock_attempt, locked_open_items


class DossierSubmission(BaseModel):
    """What is handed in: forms 01 and 02 and the evidence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    round: str = Field(title="Mã đợt", examples=["2024-1"])
    product: str = Field(title="Tên sản phẩm", min_length=1)
    kind: DossierKind = Field(title="Loại hồ sơ")
    target_stars: int | None = Field(default=None, ge=3, le=5, title="Số sao đăng ký")
    case: int | None = Field(default=None, ge=1, le=2, title="Trường hợp (bộ 26)")
    registration: dict[str, Any] = Field(default_factory=dict, title="Phiếu đăng ký (mẫu 01)")
    self_assessment: dict[str, Any] = Field(default_factory=dict, title="Tự đánh giá (mẫu 02)")
    evidence: list[EvidenceForm] = Field(default_factory=list, title="Minh chứng")


class Resubmission(BaseModel):
    """What is handed in again: the round and what changed; papers that are still valid are carried over."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    round: str | None = Field(default=None, title="Mã đợt (mặc định: đợt cũ, hoặc đợt kế tiếp đang nhận hồ sơ)")
    evidence: list[EvidenceForm] = Field(default_factory=list, title="Minh chứng mới hoặc thay thế")
    registration: dict[str, Any] = Field(default_factory=dict, title="Thay đổi trong phiếu đăng ký")
    self_assessment: dict[str, Any] = Field(default_factory=dict, title="Thay đổi trong tự đánh giá")


def submit(
    session: Session, data: Any, who: Actor, now: datetime, *, strict: bool = False, product: Product | None = None
) -> DossierAttempt:
    """Hand in a dossier for the first time in its candidacy.

    An upgrade or a re-evaluation starts from a copy of the dossier that earned the certificate in force: papers that
    are still valid are carried over, forms 01 and 02 are merged over the old ones (domain.md §3). `strict` (the
    portal and its API): forms 01 and 02 must be whole and the files of papers uploaded; a file of the command line may
    say what it likes in the forms and name papers that lie elsewhere. `product`: which one is meant, where names may be
    alike.

    Raises:
        InputError, NotFoundError: what was filled in is wrong, names an unknown round or product, or a unit that has to
            act on the dossier is not set up.
        NotAllowedError: neither the producer, nor the commune or office that helps it.
        WrongMomentError: outside the registration window, or no certificate in force to build on.
        ConflictError: the product already has a dossier under way.
    """
    form = read_form(DossierSubmission, data)
    round_ = round_by_code(session, form.round)
    product = product or product_by_name(session, form.product)
    check_may_hand_in(session, product, who, round_.plan.office_id)
    check_files(session, form.evidence, who, product.producer_id, must_be_stored=strict)
    on = now.astimezone(VN_TZ).date()
    check_window(round_, on)
    check_none_under_way(session, product)
    kind = DossierKind(form.kind)
    ground = ground_for(session, product, kind, on)
    old = ground.attempt if ground is not None else None
    dossier = Dossier(
        code=_next_code(session, round_),
        product=product,
        office_id=round_.plan.office_id,
        kind=kind,
        target_stars=target_of(kind, ground, form.target_stars or _planned_stars(session, round_, product)),
        previous_id=_previous_dossier(session, product) if ground is not None else None,
    )
    session.add(dossier)
    session.flush()
    attempt = new_attempt(session, dossier, round_, who, now, case=form.case or (old.case if old else None))
    check_units(session, attempt)
    _fill(session, attempt, form, old, on, strict=strict)
    return attempt


def resubmit(
    session: Session, code: str, data: Any, who: Actor, now: datetime, *, strict: bool = False
) -> DossierAttempt:
    """Hand in again a dossier that was returned, withdrawn or not recognised: a new attempt, a new run.

    In the same round while its window is open, else in the next that takes dossiers. Papers that are still valid and
    the commune's report, where it holds (`carrying`), are taken over: only the steps that are needed open again.

    Raises:
        WrongMomentError: the last attempt is still under way or was recognised; window closed.
        ConflictError: the product has another dossier under way.
        NotAllowedError, InputError, NotFoundError: as for `submit`.
    """
    form = read_form(Resubmission, data)
    dossier = dossier_by_code(session, code)
    old = dossier.latest
    if not old.status.may_be_handed_in_again:
        raise WrongMomentError(
            f"Hồ sơ {code} đang ở trạng thái «{old.status.label}» nên không nộp lại được.",
            field="dossier",
            remedy="Chỉ nộp lại hồ sơ bị trả, rút, bị loại hoặc chưa được công nhận.",
        )
    check_none_under_way(session, dossier.product)
    on = now.astimezone(VN_TZ).date()
    if form.round is None:
        round_ = round_for_resubmission(session, old, on)
    else:
        round_ = round_by_code(session, form.round)
        check_window(round_, on)
    check_may_hand_in(session, dossier.product, who, round_.plan.office_id)
    check_files(session, form.evidence, who, dossier.product.producer_id, must_be_stored=strict)
    attempt = new_attempt(session, dossier, round_, who, now, case=old.case)
    check_units(session, attempt)
    _fill(session, attempt, form, old, on, strict=strict)
    session.refresh(attempt, ["evidence"])
    carry_findings(session, old, attempt, who, now)
    return attempt


def _fill(
    session: Session,
    attempt: DossierAttempt,
    form: DossierSubmission | Resubmission,
    old: DossierAttempt | None,
    on: date,
    *,
    strict: bool,
) -> None:
    """What was handed in, over what is carried from the attempt before."""
    given = _checked(form, old) if strict else {name: getattr(form, name) for name in FORMS_OF}
    attempt.registration = (old.registration if old else {}) | given["registration"]
    attempt.self_assessment = (old.self_assessment if old else {}) | given["self_assessment"]
    if old is not None:
        carry_over(session, old, attempt, on, refused=refused_kinds(session, old))
    add_evidence(session, attempt, form.evidence)


def _checked(form: DossierSubmission | Resubmission, old: DossierAttempt | None) -> dict[str, dict[str, Any]]:
    """Forms 01 and 02 as they are kept, whole counting what stands of the attempt before.

    Raises:
        InputError: entries that are needed, wrong or unknown.
    """
    found: list[Problem] = []
    kept = {}
    for name, kind in FORMS_OF.items():
        given = getattr(form, name)
        try:
            kept[name] = as_kept(kind, given)
            found += lacking(kind, (getattr(old, name) if old else {}) | kept[name], name)
        except InputError as error:
            found += [replace(problem, field=f"{name}.{problem.field}") for problem in error.problems]
    if found:
        raise InputError.of(found)
    return kept


def refused_kinds(session: Session, old: DossierAttempt) -> set[EvidenceKind]:
    """The kinds of papers for which the office returned the attempt."""
    item = find_item(session, item_key(attempt_subject(old.id), StepKind.REGISTRATION_CHECK, 1))
    if item is None or item.outcome is None or item.outcome.code != "returned":
        return set()
    return {EvidenceKind(kind) for kind in item.outcome.data["missing"]}


def withdraw(session: Session, code: str, reason: str, who: Actor, now: datetime) -> DossierAttempt:
    """Withdraw the attempt that is under way; its run ends.

    Raises:
        WrongMomentError: nothing is under way.
        NotAllowedError: neither the producer nor the office.
    """
    dossier = dossier_by_code(session, code)
    attempt = dossier.latest
    check_may_hand_in(session, dossier.product, who, attempt.round.plan.office_id)
    # Items before the attempt, as closing an item does: two that lock in other orders would wait for each other.
    locked_open_items(session, attempt_subject(attempt.id))
    lock_attempt(session, attempt)
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        raise WrongMomentError(
            f"Hồ sơ {code} đã kết thúc («{attempt.status.label}») nên không rút được.",
            field="dossier",
            remedy="Xem hồ sơ: ocop dossier show.",
        )
    end_attempt(session, attempt, AttemptStatus.WITHDRAWN, reason, who, now)
    return attempt


def check_may_hand_in(session: Session, product: Product, who: Actor, office_id: int) -> None:
    """The producer itself, the commune that helps it, or the office that receives it (`office_id`), no other one.

    Raises:
        NotAllowedError: anyone else.
    """
    if who.role is Role.COORDINATOR and who.office_id == office_id:
        return
    if who.role is Role.PRODUCER and who.producer_id == product.producer_id:
        return
    office = session.get(Office, who.office_id) if who.role is Role.COMMUNE_OFFICER else None
    if office is not None and office.place_id == product.place_id:
        return
    raise NotAllowedError(
        f"Không được nộp hoặc rút hồ sơ của {product.producer.name}.",
        field="actor",
        remedy=f"Chủ thể, UBND {product.place.title} hoặc {session.get_one(Office, office_id).name} mới làm được.",
    )


def _next_code(session: Session, round_: Round) -> str:
    prefix = f"{round_.plan.year}-"
    count = session.scalar(select(func.count()).select_from(Dossier).where(Dossier.code.startswith(prefix)))
    return f"{prefix}{(count or 0) + 1:03d}"


def _planned_stars(session: Session, round_: Round, product: Product) -> int | None:
    return session.scalar(
        select(PlannedProduct.target_stars).where(
            PlannedProduct.round_id == round_.id, PlannedProduct.product_id == product.id
        )
    )


def _previous_dossier(session: Session, product: Product) -> int | None:
    return session.scalar(
        select(Dossier.id).where(Dossier.product_id == product.id).order_by(Dossier.id.desc()).limit(1)
    )
