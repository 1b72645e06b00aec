"""What the leader signs: the council's results as the decision will carry them out, product by product."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.councils.results_view import level_in_words
from models.errors import NotFoundError, WrongMomentError
from models.steps.decision import goes_on, granted_here, result_of, results_of
from models.tables import DossierAttempt, Result, Round


@dataclass(frozen=True)
class DraftLine:
    """One product of the draft. `follows` says in words what signing does for it."""

    position: int
    product: str
    producer: str
    address: str
    dossier: str
    points: str
    stars: int | None
    recognised: bool
    forward_to: str
    override_reason: str
    follows: str


@dataclass(frozen=True)
class DraftDecision:
    """The draft of a round's decision; `needs_*`: which numbers have to be given."""

    lines: list[DraftLine]
    needs_decision: bool
    needs_letter: bool
    authority: str


def draft_decision(session: Session, round_: Round) -> DraftDecision | None:
    """The draft of the decision of a round; none while the council has not concluded."""
    try:
        results = results_of(session, round_.id)
    except (NotFoundError, WrongMomentError):
        return None
    lines = [draft_line(result, round_) for result in results]
    return DraftDecision(
        lines=lines,
        needs_decision=any(line.recognised for line in lines),
        needs_letter=any(line.forward_to for line in lines),
        authority=round_.plan.authority,
    )


def draft_line_of(session: Session, attempt: DossierAttempt) -> DraftLine:
    """The council's result of one dossier, as a decision of its own would carry it out."""
    return draft_line(result_of(session, attempt), attempt.round)


def draft_line(result: Result, round_: Round) -> DraftLine:
    """One result as the decision will carry it out."""
    attempt = result.product.attempt
    product = attempt.dossier.product
    recognised = granted_here(result, round_.plan.office.level)
    forward = level_in_words(result.forward_to) if goes_on(result) else ""
    return DraftLine(
        position=result.product.position,
        product=product.name,
        producer=product.producer.name,
        address=product.producer.address or product.place.name,
        dossier=attempt.dossier.code,
        points=(result.mean_cut or "").replace(".", ","),
        stars=result.stars,
        recognised=recognised,
        forward_to=forward,
        override_reason=result.override_reason or "",
        follows=_follows(result, recognised, forward),
    )


def _follows(result: Result, recognised: bool, forward: str) -> str:
    if result.eliminated:
        return "Bị loại: không xếp hạng, hồ sơ đã kết thúc."
    said = [f"Cấp giấy chứng nhận {result.stars} sao."] if recognised else []
    if forward:
        said.append(f"Chuyển hồ sơ lên {forward}.")
    return " ".join(said) or "Không công nhận: thông báo lý do và hướng dẫn hoàn thiện cho chủ thể."
