"""What a scoring came to, product by product, once it is closed: points, spread, gates, conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access.scores import SCORING_CLOSED, may_see_scores, scores_visible_of
from models.charts import Chart
from models.charts.parts import parts_chart
from models.councils.scoring_rows import evaluate_product, rules_of
from models.councils.sessions import granted_by
from models.criteria import CriteriaSet, load_set
from models.enums import Level
from models.errors import NotAllowedError
from models.reports.part_scores import part_scores
from models.scoring.labels import number
from models.scoring.result import to_json
from models.tables import Capacity, CouncilSession, Result, SessionProduct


@dataclass(frozen=True)
class MemberTotal:
    """What one member gave: the total of the first and, if there was one, of the second scoring."""

    name: str
    seat: str
    first: int | None
    second: int | None
    state: str
    opinion: str


@dataclass(frozen=True)
class MissedGateLine:
    """One star gate that is not met."""

    stars: int
    criterion: str
    title: str
    least: int
    got: str


@dataclass(frozen=True)
class ProductResult:
    """What came of one product. Figures are exact and shown cut to two decimals; empty ones: no sheet counts.

    `stars`: what the council proposes; `computed`: what points and gates give. `final` when the council has concluded.
    """

    product: int
    position: int
    dossier: str
    name: str
    producer: str
    place: str
    scoring: int
    mean: str
    mean_exact: str
    spread: str
    spread_limit: str
    needs_rescoring: bool
    quorum_met: bool
    band: int | None
    computed: int | None
    stars: int | None
    missed: list[MissedGateLine]
    eliminated: list[str]
    granted_by: str
    forward_to: str
    explanation: str
    conclusion: str
    override_reason: str
    final: bool
    members: list[MemberTotal]


def meeting_results(session: Session, capacities: Sequence[Capacity], meeting: CouncilSession) -> list[ProductResult]:
    """The results of a meeting whose scoring is closed, in the order of its agenda, for who may see them.

    Raises:
        NotAllowedError: the scoring is not closed, or these capacities see no scores.
    """
    products = [product for product in meeting.products if not product.taken_off]
    visible = scores_visible_of(session, capacities, meeting)
    if products and not visible:
        raise not_yet(meeting)
    _load_scores(session, meeting)
    return [_result(product) for product in products if product.id in visible]


def results_open(meeting: CouncilSession) -> bool:
    """Whether the scoring is closed, so that there is something to see."""
    return meeting.status in SCORING_CLOSED


def not_yet(meeting: CouncilSession) -> NotAllowedError:
    """The refusal of scores that are not to be seen, or not by this person."""
    why = (
        "Điểm chưa mở cho vai trò của anh/chị."
        if results_open(meeting)
        else "Chấm điểm chưa đóng nên chưa ai xem được điểm."
    )
    return NotAllowedError(why, field="session", remedy="Chờ thư ký đóng chấm điểm.")


def _load_scores(session: Session, meeting: CouncilSession) -> None:
    """Sheets, recusals and results of all products by a few queries, into the rows that are there."""
    rows = (
        selectinload(SessionProduct.sheets),
        selectinload(SessionProduct.recusals),
        joinedload(SessionProduct.result),
    )
    session.scalars(select(SessionProduct).where(SessionProduct.session_id == meeting.id).options(*rows)).all()


def meeting_charts(session: Session, capacities: Sequence[Capacity], meeting: CouncilSession) -> dict[int, Chart]:
    """The charts of the products whose scores may be seen, by the product's id on the agenda."""
    visible = scores_visible_of(session, capacities, meeting)
    return {product.id: _chart(product) for product in meeting.products if product.id in visible}


def product_chart(session: Session, capacities: Sequence[Capacity], product: SessionProduct) -> Chart:
    """Points by part against the gates.

    Raises:
        NotAllowedError: scores that are not to be seen.
    """
    if not may_see_scores(session, capacities, product):
        raise not_yet(product.session)
    return _chart(product)


def _chart(product: SessionProduct) -> Chart:
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    counting = [sheet.choices for sheet in product.sheets if sheet.scoring == product.scoring]
    every = rules_of(product).gate_rule == "every_member"
    parts = part_scores(criteria, attempt.case, counting, every_member=every) if counting else []
    return parts_chart(parts, attempt.dossier.product.name)


def _result(product: SessionProduct) -> ProductResult:
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    facts = _concluded(product.result) if product.result is not None else _computed(product)
    own = attempt.dossier.product
    return ProductResult(
        product=product.id,
        position=product.position,
        dossier=attempt.dossier.code,
        name=own.name,
        producer=own.producer.name,
        place=own.place.name,
        scoring=product.scoring,
        mean=(facts["mean"] or "").replace(".", ","),
        mean_exact=facts["mean_exact"] or "",
        spread=number(Fraction(facts["spread"])) if facts["spread"] is not None else "",
        spread_limit=number(rules_of(product).spread_limit),
        needs_rescoring=facts["needs_rescoring"],
        quorum_met=facts["quorum_met"],
        band=facts["band"],
        computed=facts["computed"],
        stars=facts["stars"],
        missed=[_gate(criteria, gate) for gate in facts["missed_gates"]],
        eliminated=[_ground(criteria, code) for code in facts["eliminated"]],
        granted_by=level_in_words(facts["granted_by"]),
        forward_to=level_in_words(facts["forward_to"]),
        explanation=facts["explanation"],
        conclusion=product.conclusion,
        override_reason=facts["override_reason"],
        final=product.result is not None,
        members=_members(product),
    )


def _concluded(result: Result) -> dict[str, Any]:
    return {
        "mean": result.mean_cut,
        "mean_exact": result.mean,
        "spread": result.spread,
        "needs_rescoring": False,
        "quorum_met": True,
        "band": result.band,
        "computed": result.computed_stars,
        "stars": result.stars,
        "missed_gates": result.missed_gates,
        "eliminated": result.eliminated,
        "granted_by": result.granted_by,
        "forward_to": result.forward_to,
        "explanation": result.explanation,
        "override_reason": result.override_reason or "",
    }


def _computed(product: SessionProduct) -> dict[str, Any]:
    facts = to_json(evaluate_product(product))
    granted = granted_by(product.attempt, facts["stars"])
    return facts | {"computed": facts["stars"], "granted_by": granted, "override_reason": ""}


def _gate(criteria: CriteriaSet, gate: dict[str, Any]) -> MissedGateLine:
    code = gate["criterion"]
    return MissedGateLine(gate["stars"], code, criteria.title_of(code), gate["least"], gate["got"].replace(".", ","))


def _ground(criteria: CriteriaSet, code: str) -> str:
    place = "Hồ sơ" if code == "dossier" else criteria.title_of(code)
    grounds = "; ".join(criteria.elimination_grounds(code) or ())
    return f"{place}: {grounds}" if grounds else place


def level_in_words(code: str | None) -> str:
    """`province` as people read it; nothing for none."""
    return Level(code).label if code in set(Level) else code or ""


def _members(product: SessionProduct) -> list[MemberTotal]:
    sheets = {(sheet.member_id, sheet.scoring): (sheet.total, sheet.opinion) for sheet in product.sheets}
    recused = {recusal.member_id: recusal.reason for recusal in product.recusals}
    absent = set(product.session.absent)
    lines = []
    for seat in product.session.council.members:
        first, second = sheets.get((seat.id, 1)), sheets.get((seat.id, 2))
        state = f"Từ chối chấm: {recused[seat.id]}" if seat.id in recused else "Vắng" if seat.id in absent else ""
        latest = second or first
        lines.append(
            MemberTotal(
                name=seat.person.name,
                seat=seat.role.label,
                first=first[0] if first else None,
                second=second[0] if second else None,
                state="" if (seat.id, product.scoring) in sheets else state,
                opinion=latest[1] if latest else "",
            )
        )
    return lines
