"""The registration wizard as its pages and calls show it: the steps, what is lacking and where, the running score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.criteria import CriteriaSet
from models.criteria.choices import choices_of
from models.dossiers.readiness import Readiness
from models.dossiers.registering import Registration, before, carried_papers, to_replace
from models.dossiers.registration_draft import SCORES, as_form, criteria_for, paper_problems, papers_of, ready
from models.dossiers.registration_versions import aside, differences
from models.dossiers.self_assessment import SelfScore
from models.errors import Problem
from models.files.store import SHA256, path_of
from models.forms.registration import FORMS_OF, facts_in_words, known, lacking
from models.forms.words import flat, text
from models.regimes.evidence_kinds import EvidenceKind
from models.settings import settings
from models.tables import DossierAttempt, Draft
from portal.desk import Desk

STEPS = {
    "start": "Loại hồ sơ",
    "registration": "Mẫu 01",
    "self_assessment": "Mẫu 02",
    "scores": "Tự chấm",
    "evidence": "Minh chứng",
    "review": "Xem lại, nộp",
}
"""The steps in their order, as the way through the wizard names them."""


@dataclass(frozen=True)
class StepLink:
    """One step on the way through the wizard; `lacking`: how much it still lacks (`None`: not to be said yet)."""

    name: str
    label: str
    path: str
    here: bool
    lacking: int | None


@dataclass(frozen=True)
class Lacking:
    """One thing that lacks, with the page where it is mended."""

    problem: str
    remedy: str
    path: str


@dataclass(frozen=True)
class RegistrationView:
    """A registration as it is drafted: `version` for the next saving, what lacks, the producer's own score."""

    round: str
    product_id: int
    product: str
    version: int
    data: dict[str, Any]
    forms: tuple[Problem, ...]
    papers: tuple[Problem, ...]
    scores: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    score: SelfScore | None
    kept_aside: dict[str, Any] | None


def step_path(reg: Registration, step: str) -> str:
    """The page of one step."""
    return f"/registrations/{reg.round.code}/{reg.product.id}/{step}"


def registration_view(desk: Desk, reg: Registration) -> RegistrationView:
    """What programs are told of a registration."""
    found = ready(desk.session, reg, desk.today) if reg.draft is not None else None
    own = aside(desk.session, reg)
    return RegistrationView(
        round=reg.round.code,
        product_id=reg.product.id,
        product=reg.product.name,
        version=reg.version,
        data=reg.data,
        forms=found.forms if found else (),
        papers=found.papers if found else (),
        scores=found.scores if found else (),
        advice=found.advice if found else (),
        score=found.score if found else None,
        kept_aside=own.data if own else None,
    )


def draft_answer(desk: Desk, reg: Registration, _draft: Draft) -> RegistrationView:
    """What a saving answers."""
    return registration_view(desk, reg)


def wrong_in_step(reg: Registration, step: str) -> list[Problem]:
    """Entries of a step that are filled in wrongly (what is merely empty is no problem of a draft)."""
    where = "registration" if step == "registration" else "self_assessment"
    form = FORMS_OF[where]
    filled = {key: value for key, value in known(form, reg.data.get(where, {})).items() if _of_step(step, key)}
    wrong = [problem for problem in lacking(form, filled, where) if not problem.problem.startswith("chưa ghi ")]
    return [Problem(p.field.removeprefix(f"{where}."), p.problem, p.remedy) for p in wrong]


def needed(step: str) -> tuple[str, ...]:
    """Entries of a step without which the registration cannot be handed in."""
    return FORMS_OF[step].NEEDED if step in FORMS_OF else ()


def _of_step(step: str, key: str) -> bool:
    return step == "registration" or (key in SCORES) == (step == "scores")


@dataclass(frozen=True)
class _At:
    """Where in the wizard a page is."""

    desk: Desk
    reg: Registration
    found: Readiness | None
    old: DossierAttempt | None
    ids: Mapping[str, Any]


def steps_context(desk: Desk, reg: Registration, step: str, ids: Mapping[str, Any]) -> dict[str, Any]:
    """What every page of the wizard shows, and what this step shows besides."""
    on = desk.today
    found = ready(desk.session, reg, on) if reg.draft is not None else None
    old = before(desk.session, reg, on)
    common = {
        "reg": reg,
        "step": step,
        "steps": _links(reg, step, found),
        "root": step_path(reg, ""),
        "found": found,
        "old": old,
        "aside": aside(desk.session, reg),
        "target": reg.data.get("target_stars") or 3,
        "score": found.score if found else None,
    }
    more = MORE.get(step)
    return common | (more(_At(desk, reg, found, old, ids)) if more is not None else {})


def _links(reg: Registration, step: str, found: Readiness | None) -> list[StepLink]:
    shown = "evidence" if step == "paper" else step
    counts = _counts(found) if found is not None else {}
    return [
        StepLink(name, label, step_path(reg, name), name == shown, counts.get(name)) for name, label in STEPS.items()
    ]


def _counts(found: Readiness) -> dict[str, int]:
    fields = [problem.field for problem in found.forms]
    scores = found.scores
    return {
        "start": sum(field == "case" for field in fields),
        "registration": sum(field.startswith("registration.") for field in fields),
        "self_assessment": sum(
            field.startswith("self_assessment.") and not field.startswith("self_assessment.scores") for field in fields
        ),
        "scores": len(scores),
        "evidence": len(found.papers),
    }


def lacking_at(reg: Registration, problems: Sequence[Problem]) -> list[Lacking]:
    """Problems with the page where each is mended."""
    return [Lacking(problem.problem, problem.remedy, _place(reg, problem.field)) for problem in problems]


def _place(reg: Registration, field: str) -> str:
    part, _, rest = field.partition(".")
    if part == "registration":
        return f"{step_path(reg, 'registration')}#f-{rest}"
    if part == "self_assessment":
        name, _, code = rest.partition(".")
        return _score_place(reg, code) if name in SCORES else f"{step_path(reg, 'self_assessment')}#f-{name}"
    if part.startswith("evidence["):
        number = int(part.removeprefix("evidence[").rstrip("]")) + 1
        return step_path(reg, f"papers/{number}" if number <= len(papers_of(reg)) else "evidence")
    return step_path(reg, "evidence" if part == "evidence" else "start")


def _score_place(reg: Registration, code: str) -> str:
    return f"{step_path(reg, 'scores')}#c-{code.replace('.', '-')}"


def _scores(at: _At) -> dict[str, Any]:
    criteria = criteria_for(at.reg, at.desk.today)
    case = at.reg.data.get("case") if criteria.cases else None
    return {
        "criteria": criteria,
        "choices": {code: choices_of(criterion, case) for code, criterion in criteria.criteria.items()},
        "earlier": at.old.self_assessment.get("scores", {}) if at.old is not None else {},
    }


def _evidence(at: _At) -> dict[str, Any]:
    papers = papers_of(at.reg)
    carried = carried_papers(at.desk.session, at.old, at.desk.today)
    names = {(paper.get("kind"), paper.get("title")) for paper in papers}
    present = {paper.get("kind") for paper in papers} | {paper.kind.value for paper in carried}
    return {
        "papers": [_paper(at.desk, at.reg, number, paper) for number, paper in enumerate(papers, 1)],
        "carried": [
            {
                "row": paper,
                "form": as_form(paper),
                "replaced": (paper.kind.value, paper.title) in names,
                "stored": _is_stored(paper.file_sha256),
            }
            for paper in carried
        ],
        "refused": to_replace(at.desk.session, at.old) if at.reg.data.get("dossier") else [],
        "present": present,
        "next_number": len(papers) + 1,
    }


def _paper(desk: Desk, reg: Registration, number: int, paper: dict[str, Any]) -> dict[str, Any]:
    kind = paper.get("kind")
    uses = paper.get("uses") or []
    sha256 = paper.get("file_sha256")
    return {
        "number": number,
        "kind": EvidenceKind(kind).label if kind in set(EvidenceKind) else "Chưa chọn loại",
        "title": paper.get("title") or "Chưa ghi tên",
        "form": paper,
        "uses": [use.get("criterion") for use in uses if isinstance(use, dict)] + list(paper.get("criteria") or []),
        "issued": _day(paper.get("issued_on")),
        "expires": _day(paper.get("expires_on")),
        "wrong": paper_problems(desk.session, reg, paper),
        "stored": _is_stored(sha256 if isinstance(sha256, str) else None),
    }


def _day(typed: Any) -> str:
    """A day as typed, as people read it."""
    try:
        return f"{date.fromisoformat(typed):%d/%m/%Y}"
    except (TypeError, ValueError):
        return str(typed or "")


def _is_stored(sha256: str | None) -> bool:
    return (
        sha256 is not None and SHA256.fullmatch(sha256) is not None and path_of(settings().files_dir, sha256).exists()
    )


def _one_paper(at: _At) -> dict[str, Any]:
    criteria = criteria_for(at.reg, at.desk.today)
    papers = papers_of(at.reg)
    number = at.ids.get("number", 1)
    return {
        "number": number,
        "is_new": number > len(papers),
        "use_rows": lambda data, problems: use_rows(criteria, data, problems),
    }


def use_rows(criteria: CriteriaSet, data: Mapping[str, Any], problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Every criterion with whether the paper proves it and on which pages, as typed, and what is wrong there."""
    typed = [use if isinstance(use, Mapping) else {} for use in data.get("uses") or []]
    places = {str(use.get("criterion")): number for number, use in enumerate(typed)}
    whole = {str(code) for code in data.get("criteria") or []}
    rows = []
    for number, (code, criterion) in enumerate(criteria.criteria.items()):
        place = places.get(code)
        use = typed[place] if place is not None else {}
        wrong = [p for p in problems if place is not None and p.field.startswith(f"uses[{place}]")]
        rows.append(
            {"number": number, "code": code, "title": criterion.title, "chosen": place is not None or code in whole,
             "page_from": use.get("page_from") or "", "page_to": use.get("page_to") or "", "problems": wrong}
        )  # fmt: skip
    return rows


def _review(at: _At) -> dict[str, Any]:
    if at.found is None:
        return {"lacking": {}, "changes": [], "facts": []}
    unfiled = [
        Problem(
            f"evidence[{number}].file_sha256", f"«{paper.get('title')}» chưa có tệp", "Tải bản quét hoặc ảnh chụp lên."
        )
        for number, paper in enumerate(papers_of(at.reg))
        if not paper.get("file_sha256")
    ]
    wrong = [
        Problem(f"evidence[{number}].{p.field}", p.problem, p.remedy)
        for number, paper in enumerate(papers_of(at.reg))
        for p in paper_problems(at.desk.session, at.reg, paper)
    ]
    papers = list(dict.fromkeys([*at.found.papers, *wrong]))
    return {
        "lacking": {
            "forms": lacking_at(at.reg, at.found.forms),
            "papers": lacking_at(at.reg, papers),
            "scores": lacking_at(at.reg, at.found.scores),
            "advice": lacking_at(at.reg, [*at.found.advice, *unfiled]),
        },
        "changes": changes(at.reg, at.old) if at.old is not None else [],
    }


def changes(reg: Registration, old: DossierAttempt) -> list[tuple[str, str, str]]:
    """What forms 01 and 02 say otherwise than the attempt before: the entry, as it was, as it is now."""
    found = []
    for name, form in FORMS_OF.items():
        was = flat(facts_in_words(form, getattr(old, name)))
        now = flat(facts_in_words(form, reg.data.get(name, {})))
        for entry in dict.fromkeys([*was, *now]):
            if text(was.get(entry)) != text(now.get(entry)):
                found.append((entry, text(was.get(entry)), text(now.get(entry))))
    return found


def _versions(at: _At) -> dict[str, Any]:
    own = aside(at.desk.session, at.reg)
    return {"entries": differences(own.data, at.reg.data) if own is not None else []}


MORE = {
    "scores": _scores,
    "evidence": _evidence,
    "paper": _one_paper,
    "review": _review,
    "versions": _versions,
}


def earlier_hints(reg: Registration, old: DossierAttempt | None, step: str) -> dict[str, str]:
    """What the attempt before had in entries that differ now, for the fields of a form."""
    if old is None or step not in {"registration", "self_assessment"}:
        return {}
    form = FORMS_OF[step]
    was, now = known(form, getattr(old, step)), reg.data.get(step, {})
    in_words_was = {key: text(next(iter(facts_in_words(form, {key: value}).values()))) for key, value in was.items()}
    in_words_now = {key: text(next(iter(facts_in_words(form, {key: now[key]}).values()))) for key in known(form, now)}
    return {key: f"Lần nộp trước: {words}" for key, words in in_words_was.items() if words != in_words_now.get(key, "")}
