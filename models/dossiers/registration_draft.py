"""The draft of a registration as it grows: started, its parts saved as typed, its papers, handed in.

What is kept has the shape that is handed in (`DossierSubmission`), plus `dossier` (the code, when it is handed in
again) and `page` (models/drafts.py). Half-filled or wrong entries are kept as they were typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.criteria import CriteriaSet, load_set
from models.dossiers.attempts import check_none_under_way
from models.dossiers.candidacy import ground_for, target_of
from models.dossiers.handing_in import resubmit, submit
from models.dossiers.readiness import Readiness, readiness
from models.dossiers.registering import (
    Registration,
    before,
    carried_papers,
    known_facts,
    rules_of,
    starts_open,
)
from models.drafts import NEW, PAGE, DraftConflictError, drop_draft, save_draft, seen_version
from models.errors import InputError, Problem, WrongMomentError
from models.files.using import check_files
from models.forms import EvidenceForm, problems_of
from models.forms.registration import FORMS_OF, known
from models.tables import DossierAttempt, Draft, Evidence

SCORES = ("scores", "proofs")
"""Entries of form 02 that stand in a step of their own."""


@dataclass(frozen=True)
class Seen:
    """What the page that saves has seen: the draft's version, and the page's own mark (empty for programs)."""

    version: int = NEW
    page: str = ""


def start(
    session: Session, reg: Registration, chosen: str, facts: Mapping[str, Any], seen: Seen, now: datetime
) -> Draft:
    """Begin the draft, or change what it registers for; what was typed before stays, the rest is filled in.

    `facts`: `target_stars` and `case` as chosen.

    Raises:
        InputError: the product cannot be registered in that way now, or not for these stars.
        WrongMomentError: the round takes no dossiers.
        ConflictError: a dossier of the product is under way.
        DraftConflictError: somebody saved meanwhile.
    """
    on = vn_date(now)
    check_none_under_way(session, reg.product)
    open_now = starts_open(session, reg.product, reg.round, on)
    if not open_now:
        raise WrongMomentError(
            f"{reg.round.title} không nhận hồ sơ hôm nay.", field="round", remedy="Chọn đợt đang nhận hồ sơ."
        )
    wanted = next((one for one in open_now if one.value == chosen), None)
    if wanted is None:
        raise InputError("không đăng ký được theo loại này", field="start", remedy="Chọn một trong các loại ở trên.")
    again = wanted.again is not None  # a dossier that is handed in again stays what it was registered for
    stars = wanted.stars if again else facts.get("target_stars") or wanted.stars
    if not again:
        target_of(wanted.kind, ground_for(session, reg.product, wanted.kind, on), stars)
    data = {**reg.data, "round": reg.round.code, "product": reg.product.name, "kind": wanted.kind.value}
    data |= {"target_stars": stars, "case": facts.get("case"), "dossier": wanted.again}
    old = before(session, replace(reg, draft=Draft(data=data, version=0)), on)
    for name, own in known_facts(reg.product).items():
        data[name] = {**own, **(getattr(old, name) if old is not None else {}), **reg.data.get(name, {})}
    if old is not None and (again or data["case"] is None):
        data["case"] = old.case
    return _save(session, reg, data, seen, now)


def save_part(
    session: Session, reg: Registration, name: str, values: Mapping[str, Any], seen: Seen, now: datetime
) -> Draft:
    """Keep what is typed in form 01 (`registration`), form 02 (`self_assessment`) or its scores (`scores`).

    Raises:
        DraftConflictError: somebody saved meanwhile.
        WrongMomentError: the draft was not begun.
    """
    _check_begun(reg)
    where = "self_assessment" if name == "scores" else name
    others = {key: value for key, value in reg.data.get(where, {}).items() if _in_other_step(name, key)}
    return _save(session, reg, {**reg.data, where: {**others, **values}}, seen, now)


def save_paper(
    session: Session, reg: Registration, number: int, paper: Mapping[str, Any], seen: Seen, now: datetime
) -> Draft:
    """Keep one paper as typed: the `number`-th (from 1), or one more when it is one past the last.

    Raises:
        InputError: there is no such paper.
        DraftConflictError: somebody saved meanwhile.
    """
    _check_begun(reg)
    papers = papers_of(reg)
    if not 1 <= number <= len(papers) + 1:
        raise _no_paper(number)
    return _save(
        session, reg, {**reg.data, "evidence": [*papers[: number - 1], dict(paper), *papers[number:]]}, seen, now
    )


def drop_paper(session: Session, reg: Registration, number: int, seen: Seen, now: datetime) -> Draft:
    """Take a paper out of the draft; its file stays in the store.

    Raises:
        InputError: there is no such paper.
        DraftConflictError: somebody saved meanwhile.
    """
    papers = papers_of(reg)
    if not 1 <= number <= len(papers):
        raise _no_paper(number)
    return _save(session, reg, {**reg.data, "evidence": papers[: number - 1] + papers[number:]}, seen, now)


def papers_of(reg: Registration) -> list[dict[str, Any]]:
    """The papers of the draft as typed."""
    found = reg.data.get("evidence")
    return [paper for paper in found if isinstance(paper, dict)] if isinstance(found, list) else []


def paper_problems(session: Session, reg: Registration, paper: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with one paper as typed; an empty one has no problems yet."""
    if not paper:
        return []
    try:
        form = EvidenceForm.model_validate(paper)
        check_files(session, [form], reg.who, reg.product.producer_id, must_be_stored=True)
    except ValidationError as error:
        return problems_of(error)
    except InputError as error:
        return [replace(problem, field=problem.field.removeprefix("evidence[0].")) for problem in error.problems]
    return []


def as_form(paper: Evidence) -> dict[str, Any]:
    """A paper of an earlier attempt as the form for one would have it."""
    kept = {
        "kind": paper.kind.value,
        "title": paper.title,
        "number": paper.number,
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
        "expires_on": paper.expires_on.isoformat() if paper.expires_on else None,
        "page_from": paper.page_from,
        "page_to": paper.page_to,
        "file_name": paper.file_name,
        "file_sha256": paper.file_sha256,
    }
    uses = [
        {
            key: value
            for key, value in (("criterion", u.criterion), ("page_from", u.page_from), ("page_to", u.page_to))
            if value
        }
        for u in paper.uses
    ]
    return {key: value for key, value in kept.items() if value is not None} | ({"uses": uses} if uses else {})


def whole(session: Session, reg: Registration, on: date) -> dict[str, Any]:
    """The registration with what is taken over from the attempt before: what it is judged by."""
    carried = carried_papers(session, before(session, reg, on), on)
    replaced = {(paper.get("kind"), paper.get("title")) for paper in papers_of(reg)}
    kept = [as_form(paper) for paper in carried if (paper.kind.value, paper.title) not in replaced]
    return {**reg.data, "evidence": papers_of(reg) + kept}


def criteria_for(reg: Registration, on: date) -> CriteriaSet:
    """The sheet of the product by the rules of that day.

    Raises:
        InputError: these rules take no dossiers.
    """
    rules = rules_of(reg, on)
    if rules.criteria is None:
        raise InputError(f"Quy định {rules.code} không nhận hồ sơ mới.", field="received_on", remedy="Kiểm tra ngày.")
    return load_set(rules.criteria, reg.product.criteria_set)


def ready(session: Session, reg: Registration, on: date) -> Readiness:
    """What the registration still lacks if it were handed in on that day."""
    return readiness(
        whole(session, reg, on),
        regime=rules_of(reg, on),
        criteria_set=reg.product.criteria_set,
        office=reg.round.plan.home,
        council_on=reg.round.council_on,
        target=reg.data.get("target_stars") or 3,
    )


def hand_in(
    session: Session, reg: Registration, version: int, now: datetime, *, although_lacking: bool = False
) -> DossierAttempt:
    """Hand in what the draft holds, as the person saw it, and forget the draft.

    `although_lacking`: papers or scores are missing and the person knows that the office will return it [ours].

    Raises:
        DraftConflictError: the draft was changed after the person saw it, or handed in.
        InputError: forms 01 and 02 are not whole, or something else lacks and nobody said to hand it in anyway.
        OcopError: as for `submit` and `resubmit`.
    """
    if reg.draft is None or reg.draft.version != version:
        raise DraftConflictError(reg.data, reg.draft)
    on = vn_date(now)
    found = ready(session, reg, on)
    if found.forms:
        raise InputError.of(found.forms)
    if (found.papers or found.scores) and not although_lacking:
        raise InputError(
            "hồ sơ còn thiếu giấy tờ hoặc điểm tự chấm",
            field="although_lacking",
            remedy="Bổ sung, hoặc chọn «Có» để nộp dù còn thiếu (văn phòng có thể trả lại).",
        )
    data = _to_hand_in(reg, before(session, reg, on))
    code = reg.data.get("dossier")
    if code:
        again = {name: data[name] for name in ("evidence", *FORMS_OF)} | {"round": reg.round.code}
        attempt = resubmit(session, code, again, reg.who, now, strict=True)
    else:
        attempt = submit(session, data, reg.who, now, strict=True, product=reg.product)
    drop_draft(session, reg.key)
    return attempt


def _to_hand_in(reg: Registration, old: DossierAttempt | None) -> dict[str, Any]:
    """The shape that is handed in; entries of the attempt before that were emptied are given as empty."""
    given = {key: reg.data.get(key) for key in ("kind", "target_stars", "case")}
    given |= {"round": reg.round.code, "product": reg.product.name, "evidence": papers_of(reg)}
    for name, form in FORMS_OF.items():
        filled = known(form, reg.data.get(name, {}))
        emptied = [key for key in known(form, getattr(old, name) if old else {}) if key not in filled]
        given[name] = filled | {key: form.model_fields[key].get_default(call_default_factory=True) for key in emptied}
    return given


def _in_other_step(name: str, key: str) -> bool:
    return (key in SCORES) != (name == "scores") if name != "registration" else False


def _save(session: Session, reg: Registration, data: dict[str, Any], seen: Seen, now: datetime) -> Draft:
    version = seen_version(reg.draft, seen.version, seen.page)
    return save_draft(session, reg.key, {**data, PAGE: seen.page}, version, reg.who, now)


def _check_begun(reg: Registration) -> None:
    if reg.draft is None:
        raise WrongMomentError(
            "Chưa bắt đầu đăng ký, hoặc hồ sơ đã được nộp.",
            field="product_id",
            remedy="Chọn loại hồ sơ ở bước 1 trước.",
        )


def _no_paper(number: int) -> InputError:
    return InputError(
        f"không có giấy tờ số {number} trong bản nháp", field="number", remedy="Mở lại danh sách giấy tờ."
    )
