"""What several builders ask: who a product is from, what a step recorded, the frame of a round's office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.criteria import load_set
from models.criteria.schema import CriteriaSet
from models.documents.framing import Frame, Making
from models.documents.words import points, raised, star_words
from models.offices.history import office_as_of, place_of_attempt
from models.process.kinds import StepKind
from models.regimes import Body, DossierKind, Regime, load_regime, regime_for
from models.scoring.labels import GRANTER, LEVEL
from models.scoring.warn import ground_place
from models.subjects import item_key, round_subject
from models.tables import CyclePlan, DossierAttempt, Office, Place, Result, Round, WorkItem
from models.work_items.closing import find_item


@dataclass(frozen=True)
class ProductLine:
    """A product in a list: its number, name, producer, address, commune, and the code of its dossier."""

    no: int
    product: str
    producer: str
    address: str
    commune: str
    dossier: str
    kind: str
    set_name: str


@dataclass(frozen=True)
class ResultLine:
    """A product with what the council gave it; `points` with a comma, `stars` in words, `spread` in points."""

    no: int
    product: str
    producer: str
    address: str
    commune: str
    points: str
    stars: str
    spread: str
    conclusion: str


def frame_of_plan(making: Making, plan: CyclePlan, on: date | None = None) -> Frame:
    """The frame of the office that works by the plan; of a paper that is dated, as things were on its day."""
    day = on or making.today
    office: Office = office_as_of(making.session, f"plan:{plan.id}", plan.office, day)
    return Frame(making.session, office, day)


def regimes_of(session: Session, rounds: Sequence[Round]) -> list[Regime]:
    """The rules by which the dossiers of rounds are judged; of rounds without any those of the days they opened on."""
    query = select(DossierAttempt.regime).where(DossierAttempt.round_id.in_([one.id for one in rounds])).distinct()
    codes = set(session.scalars(query)) or {regime_for(one.opens_on, DossierKind.FIRST).code for one in rounds}
    return sorted((load_regime(code) for code in codes), key=lambda regime: regime.received_from)


def outcome_of_round(session: Session, round_: Round, step: StepKind) -> dict[str, Any]:
    """What a step of a round recorded in its latest turn; empty before."""
    query = select(WorkItem).where(WorkItem.subject == round_subject(round_.id), WorkItem.kind == step)
    for item in session.scalars(query.order_by(WorkItem.turn.desc())):
        if item.outcome is not None:
            return dict(item.outcome.data)
    return {}


def outcome_at(session: Session, subject: str, step: StepKind, turn: int = 1) -> dict[str, Any]:
    """What a step of a case recorded; empty before."""
    item = find_item(session, item_key(subject, step, turn))
    return dict(item.outcome.data) if item is not None and item.outcome is not None else {}


def address_of(place: Place, address: str) -> str:
    """Where a producer is: the address if one was given, else the commune."""
    return address or place.title[:1].upper() + place.title[1:]


def product_line(session: Session, attempt: DossierAttempt, no: int) -> ProductLine:
    """One dossier in a list."""
    product, place = attempt.dossier.product, place_of_attempt(session, attempt)
    return ProductLine(
        no=no,
        product=product.name,
        producer=product.producer.name,
        address=address_of(place, product.producer.address),
        commune=place.title,
        dossier=attempt.dossier.code,
        kind=attempt.dossier.kind.label,
        set_name=load_set(attempt.criteria_source, attempt.criteria_set).name,
    )


def result_line(session: Session, result: Result, no: int, stars: int | None = None) -> ResultLine:
    """One product with its result; `stars` where others than those of the council count."""
    attempt = result.product.attempt
    line = product_line(session, attempt, no)
    given = None if result.eliminated else (stars if stars is not None else result.stars)
    return ResultLine(
        no=no,
        product=line.product,
        producer=line.producer,
        address=line.address,
        commune=line.commune,
        points=points(result.mean_cut),
        stars="bị loại" if result.eliminated else star_words(given),
        spread=points(result.spread),
        conclusion=raised(result.product.conclusion or follows(result)),
    )


def follows(result: Result) -> str:
    """What a result leads to, in one sentence: stars, who recognises, where it goes on to."""
    if result.eliminated:
        return "bị loại, không xếp hạng sao"
    said = [f"đề xuất {star_words(result.stars)}"]
    if result.granted_by is not None:
        said.append(f"{GRANTER[Body(result.granted_by)]} công nhận và cấp giấy chứng nhận")
    elif result.forward_to is None:
        said.append("chưa công nhận; thông báo lý do, hướng dẫn chủ thể hoàn thiện")
    if result.forward_to is not None:
        said.append(f"chuyển hồ sơ lên {LEVEL[Body(result.forward_to)]}")
    return "; ".join(said)


def missed_gates(result: Result, criteria: CriteriaSet, up_to: int | None = None) -> list[str]:
    """The star gates that held a product below what its points alone would give; `up_to`: those of this star too."""
    most = max(result.band or 0, up_to or 0)
    shown = [gate for gate in result.missed_gates if gate["stars"] <= most]
    return [
        f"Tiêu chí {criteria.title_of(gate['criterion'])}: cần ít nhất {gate['least']} điểm cho {gate['stars']} sao, "
        f"trung bình được {points(gate['got'])} điểm"
        for gate in shown
    ]


def ground(criteria: CriteriaSet, code: str) -> str:
    """A ground of elimination as the criteria print it."""
    printed = "; ".join(criteria.elimination_grounds(code) or ())
    return f"{ground_place(criteria, code)}{f': {printed}' if printed else ''}"
