"""Two attempts of one dossier side by side: `ocop dossier diff`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.attempts import dossier_by_code
from models.dossiers.evidence import in_force
from models.errors import InputError, NotFoundError
from models.forms import FORMS
from models.forms.registration import ProducerForm, RegistrationForm, SelfAssessmentForm, facts_in_words
from models.forms.words import flat, in_words, text
from models.process import step_definition
from models.process.kinds import StepKind
from models.subjects import attempt_subject
from models.tables import Dossier, DossierAttempt, Evidence, Outcome, WorkItem

FIELDS: dict[str, tuple[str, type[ProducerForm]]] = {
    "registration": ("Phiếu đăng ký", RegistrationForm),
    "self_assessment": ("Tự đánh giá", SelfAssessmentForm),
}


CHANGES = {
    "added": "thêm",
    "removed": "bỏ",
    "replaced": "thay",
    "carried": "mang sang",
    "changed": "đổi",
    "same": "như cũ",
}
"""How a line of a comparison differs, in words."""


@dataclass(frozen=True)
class Difference:
    """One thing that two attempts have: `change` is added, removed, replaced, changed, carried or same."""

    part: str
    what: str
    change: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """All that can be compared of two attempts of a dossier."""

    dossier: str
    before: int
    after: int
    lines: list[Difference]


def compare(
    session: Session, code: str, numbers: tuple[int, int] | None = None, *, without: Collection[StepKind] = ()
) -> Comparison:
    """Two attempts by their numbers, the last two when none are named; outcomes of the steps `without` are left out.

    Raises:
        NotFoundError: no such dossier or attempt.
        InputError: the dossier was handed in once only, or an attempt is compared with itself.
    """
    dossier = dossier_by_code(session, code)
    if numbers is None and len(dossier.attempts) < len(("before", "after")):
        raise InputError(f"Hồ sơ {code} mới nộp một lần.", field="dossier", remedy="Xem hồ sơ: ocop dossier show.")
    first, second = numbers or (dossier.attempts[-2].number, dossier.attempts[-1].number)
    if first == second:
        raise InputError("Hai lần nộp phải khác nhau.", field="--attempts", remedy="Ví dụ: --attempts 1,2.")
    old, new = _attempt(dossier, first), _attempt(dossier, second)
    before, after = _outcomes(session, old, without), _outcomes(session, new, without)
    lines = differences(old, new)
    lines += _facts("Kết quả các bước", _stated(before), _stated(after), _carried(after))
    return Comparison(code, first, second, lines)


def differences(old: DossierAttempt, new: DossierAttempt) -> list[Difference]:
    """What was handed in, side by side: papers, then forms 01 and 02 field by field."""
    lines = _papers(old, new)
    for name, (label, form) in FIELDS.items():
        lines += _facts(label, facts_in_words(form, getattr(old, name)), facts_in_words(form, getattr(new, name)))
    return lines


def _attempt(dossier: Dossier, number: int) -> DossierAttempt:
    found = next((attempt for attempt in dossier.attempts if attempt.number == number), None)
    if found is None:
        raise NotFoundError(
            f"Hồ sơ {dossier.code} không có lần nộp {number}.", field="--attempts", remedy="Xem: ocop dossier show."
        )
    return found


def _papers(old: DossierAttempt, new: DossierAttempt) -> list[Difference]:
    """A paper that came from one of before stands beside it, else beside one of its kind that did not stay."""
    left = {paper.id: paper for paper in in_force(old)}
    pairs: list[tuple[Evidence | None, Evidence | None]] = []
    fresh = [paper for paper in in_force(new) if paper.carried_from_id not in left]
    pairs += [(left.pop(p.carried_from_id), p) for p in in_force(new) if p.carried_from_id in left]
    for paper in fresh:
        was = next((one for one in left.values() if one.kind is paper.kind), None)
        if was is not None:
            del left[was.id]
        pairs.append((was, paper))
    pairs += [(paper, None) for paper in left.values()]
    return [
        Difference("Minh chứng", (now or was).kind.label, _paper_change(was, now), _paper(was), _paper(now))  # type: ignore[union-attr]
        for was, now in pairs
    ]


def _paper_change(was: Evidence | None, now: Evidence | None) -> str:
    if was is None or now is None:
        return "added" if was is None else "removed"
    return "carried" if now.carried_from_id is not None else "replaced"


def _paper(paper: Evidence | None) -> str:
    if paper is None:
        return ""
    until = f", đến {paper.expires_on:%d/%m/%Y}" if paper.expires_on else ""
    number = f" số {paper.number}" if paper.number else ""
    return f"{paper.title}{number}{until}"


def _outcomes(session: Session, attempt: DossierAttempt, without: Collection[StepKind]) -> dict[str, Outcome]:
    """What is in force of each step: the commune's findings, the council's and the decision's results."""
    query = select(WorkItem).where(WorkItem.subject == attempt_subject(attempt.id)).order_by(WorkItem.id)
    found = {}
    for item in session.scalars(query):
        if item.outcome is not None and item.kind not in without:
            turn = f" (lần {item.turn})" if item.turn > 1 else ""
            found[f"{step_definition(item.kind).label}{turn}"] = item.outcome
    return found


def _stated(outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    return {label: in_words(FORMS[outcome.item.kind], outcome.data) for label, outcome in outcomes.items()}


def _carried(outcomes: Mapping[str, Outcome]) -> set[str]:
    """The lines that were taken over from the attempt before, as they stood there."""
    taken = {label: outcome for label, outcome in outcomes.items() if outcome.carried_from_id is not None}
    return set(flat(_stated(taken)))


def _facts(
    part: str, before: Mapping[str, Any], after: Mapping[str, Any], carried: Collection[str] = ()
) -> list[Difference]:
    old, new = flat(before), flat(after)
    return [
        Difference(part, name, _change(name, old, new, carried), text(old.get(name)), text(new.get(name)))
        for name in dict.fromkeys([*old, *new])
    ]


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any], carried: Collection[str]) -> str:
    if name in carried and name in old:
        return "carried"
    if name not in old or name not in new:
        return "added" if name not in old else "removed"
    return "same" if old[name] == new[name] else "changed"
