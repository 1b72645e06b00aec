"""Whether a registration is complete: what its draft still lacks, and what the office's check may start from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from models.criteria import load_set
from models.dossiers.checklist import CheckEntry, checklist_of
from models.dossiers.evidence import expired_by, missing_kinds
from models.dossiers.self_assessment import SelfScore, self_score
from models.errors import InputError, Problem
from models.forms import EvidenceForm, problems_of
from models.forms.registration import FORMS_OF, lacking
from models.regimes import Regime
from models.tables import DossierAttempt, Office


@dataclass(frozen=True)
class Readiness:
    """What a registration lacks, by part of the wizard.

    `forms` keep it from being handed in; `papers` and `scores` would have it returned; `advice` is worth a look.
    """

    forms: tuple[Problem, ...]
    papers: tuple[Problem, ...]
    scores: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    checklist: tuple[CheckEntry, ...]
    score: SelfScore

    @property
    def complete(self) -> bool:
        """Whether nothing is lacking."""
        return not (self.forms or self.papers or self.scores)


def readiness(
    data: dict[str, Any], *, regime: Regime, criteria_set: int, office: Office, council_on: date, target: int = 3
) -> Readiness:
    """What the draft of a registration (of the shape that is handed in, in whatever state) still lacks.

    `council_on`: the day on which its papers have to be valid.

    Raises:
        InputError: the regime takes no dossiers any more.
    """
    if regime.criteria is None:
        raise InputError(
            f"Quy định {regime.code} không nhận hồ sơ mới.", field="received_on", remedy="Kiểm tra lại ngày nhận."
        )
    papers, wrong_papers = _papers(data.get("evidence"))
    checklist = checklist_of(regime.code, office)
    criteria = load_set(regime.criteria, criteria_set)
    case_chosen = data.get("case") if data.get("case") in criteria.cases else None
    score = self_score(criteria, case_chosen, _choices(data), regime, papers)
    unanswered = [
        Problem(f"self_assessment.scores.{code}", f"chưa chấm {criteria.title_of(code)}", "Chọn một mức.")
        for code in score.unanswered
    ]
    unproven = [
        Problem(f"self_assessment.scores.{code}", f"{criteria.title_of(code)}: chưa có minh chứng", "Gắn giấy tờ.")
        for code in score.without_evidence
    ]
    open_case = bool(criteria.cases) and case_chosen is None
    case = [Problem("case", "chưa chọn trường hợp", "Chọn trường hợp 1 hoặc 2.")] if open_case else []
    return Readiness(
        forms=tuple(forms_lacking(data) + case),
        papers=tuple(wrong_papers + _missing_papers(checklist, papers) + _expired(papers, council_on)),
        scores=tuple(list(score.problems) + unanswered),
        advice=tuple(unproven + _gates(score, target)),
        checklist=tuple(checklist),
        score=score,
    )


def forms_lacking(data: dict[str, Any]) -> list[Problem]:
    """What forms 01 and 02 still need."""
    return [p for name, form in FORMS_OF.items() for p in lacking(form, _mapping(data, name), name)]


def check_prefilled(attempt: DossierAttempt) -> dict[str, Any]:
    """What the office's check of completeness (`RegistrationCheckForm`) starts from; the officer decides.

    Forms are looked at only where they were filled in as forms: a file of the command line may say anything.
    """
    missing = missing_kinds(attempt)
    said = [
        f"{paper.title} hết hạn {paper.expires_on:%d/%m/%Y}" for paper in expired_by(attempt, attempt.round.council_on)
    ]
    for name, form in FORMS_OF.items():
        given = getattr(attempt, name)
        if given and set(given) <= set(form.model_fields):
            said += [problem.problem for problem in lacking(form, given, name)]
    if not missing and not said:
        return {"outcome": "accepted", "missing": [], "note": ""}
    note = "; ".join(said)
    return {
        "outcome": "returned",
        "missing": [kind.value for kind in missing],
        "note": f"{note[:1].upper()}{note[1:]}." if note else "",
    }


def _papers(given: Any) -> tuple[list[EvidenceForm], list[Problem]]:
    """The papers that can be read, and what is wrong with the others."""
    good: list[EvidenceForm] = []
    wrong: list[Problem] = []
    for number, entry in enumerate(given if isinstance(given, list) else []):
        try:
            good.append(EvidenceForm.model_validate(entry))
        except ValidationError as error:
            wrong += [Problem(f"evidence[{number}].{p.field}", p.problem, p.remedy) for p in problems_of(error)]
    return good, wrong


def _missing_papers(checklist: Iterable[CheckEntry], papers: Sequence[EvidenceForm]) -> list[Problem]:
    present = {paper.kind for paper in papers}
    return [
        Problem("evidence", f"thiếu {entry.kind.label}", entry.note or "Thêm giấy tờ loại này.")
        for entry in checklist
        if entry.mandatory and entry.kind not in present
    ]


def _expired(papers: Sequence[EvidenceForm], day: date) -> list[Problem]:
    return [
        Problem(
            f"evidence[{number}].expires_on",
            f"«{paper.title}» hết hạn trước ngày {day:%d/%m/%Y}",
            "Thay giấy tờ còn hạn.",
        )
        for number, paper in enumerate(papers)
        if paper.expires_on is not None and paper.expires_on < day
    ]


def _gates(score: SelfScore, target: int) -> list[Problem]:
    check = score.towards(target)
    return [
        Problem(
            f"self_assessment.scores.{gate.criterion}",
            f"{gate.title}: {gate.got} điểm, {gate.stars} sao cần từ {gate.least}",
            "Bổ sung minh chứng để đạt mức này, hoặc đăng ký hạng sao thấp hơn.",
        )
        for gate in check.missed
    ]


def _choices(data: dict[str, Any]) -> dict[str, Any]:
    """The answers; points may still be text as a page sends them."""
    given = _mapping(_mapping(data, "self_assessment"), "scores")
    return {code: int(p) if isinstance(p, str) and p.isdecimal() else p for code, p in given.items()}


def _mapping(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
