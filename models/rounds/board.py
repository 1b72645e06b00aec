"""The board of a round: where every product is, for whom it waits and until when (`ocop status`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Required, TypedDict

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.dossiers.limits import limit_of
from models.enums import AttemptStatus, RoundStatus
from models.paging import Page, PageAsked
from models.process import step_definition
from models.regimes.kinds import DossierKind
from models.rounds.board_facts import BoardFacts, BoardItem, board_facts
from models.rounds.board_index import BoardFilter, BoardScope, board_index, shown_by
from models.rounds.declined import DECLINED
from models.subjects import attempt_subject, round_subject
from models.tables import Round, RoundCarry

NOT_HANDED_IN = "Chưa nộp hồ sơ"
CARRIED = "Chuyển đợt sau"
WAITS_FOR_ROUND = "Chờ đợt kế tiếp"
ENGINE = "Hệ thống"
"""What a case under way waits for between two steps."""


@dataclass(frozen=True)
class BoardRow:
    """One line of the board: the round itself, a dossier, or a planned product that was not handed in yet.

    `subject` is what work items belong to (`None` before a dossier is there). `days_left` counts calendar
    days and is negative when late [ours]; it is `None` where nobody is waited for. `finish_by`: transition limit of its
    rules.
    """

    subject: str | None
    product: str
    commune: str
    dossier: str | None
    attempt: int | None
    target_stars: int | None
    status: str
    step: int | None
    stage: str
    item: int | None = None
    waiting_for: str | None = None
    due_on: date | None = None
    days_left: int | None = None
    late: bool = False
    finish_by: date | None = None


@dataclass(frozen=True)
class Board:
    """The board of one round on one day."""

    round: str
    title: str
    status: str
    status_label: str
    today: date
    rows: list[BoardRow]

    @property
    def late(self) -> int:
        """How many lines are late."""
        return sum(row.late for row in self.rows)


def board(session: Session, round_: Round, today: date) -> Board:
    """The board of `round_`: its own open steps, its dossiers by code (latest attempt in it), then what is missing."""
    rows = board_rows(board_facts(session, round_), round_, today)
    return Board(round_.code, round_.title, round_.status.value, round_.status.label, today, rows)


@dataclass(frozen=True)
class BoardPage:
    """One page of a board. `late`, `steps` and `communes` are those of the whole round: what can be filtered by.

    `steps`: how many lines wait in each step of the cycle.
    """

    round: str
    title: str
    status: str
    status_label: str
    today: date
    rows: Page[BoardRow]
    late: int
    steps: dict[int, int]
    communes: list[str]


def board_page(
    session: Session,
    round_: Round,
    today: date,
    wanted: BoardFilter,
    asked: PageAsked,
    scope: BoardScope | None = None,
) -> BoardPage:
    """One page of the lines of the board that are wanted, in the board's order; of all, or of those in `scope`."""
    counts, found = board_index(session, round_, today, wanted, asked, scope)
    facts = board_facts(session, round_, shown_by(found))
    return BoardPage(
        round=round_.code,
        title=round_.title,
        status=round_.status.value,
        status_label=round_.status.label,
        today=today,
        rows=Page(board_rows(facts, round_, today), found.total, found.page, found.size),
        late=counts.late,
        steps=counts.steps,
        communes=counts.communes,
    )


def board_rows(facts: BoardFacts, round_: Round, today: date) -> list[BoardRow]:
    """Every line of the board that the facts are about, in its order. Pure."""
    rows = [_round_row(round_, item, today) for item in facts.items.get(round_subject(round_.id), [])]
    rows += [_attempt_row(facts, attempt, today) for attempt in facts.attempts]
    rows += [_carried_row(facts, carry) for carry in facts.gone]
    handed_in = {row.product_id for row in [*facts.attempts, *facts.gone_attempts.values()]}
    return rows + [_planned_row(facts, p, round_.closes_on) for p in facts.planned if p.product_id not in handed_in]


def rounds_to_watch(session: Session) -> list[Round]:
    """The rounds under way; when there is none, all that were ever opened."""
    rounds = session.scalars(select(Round).order_by(Round.opens_on, Round.id)).all()
    under_way = [r for r in rounds if r.status not in {RoundStatus.PLANNED, RoundStatus.CLOSED}]
    return under_way or [r for r in rounds if r.status is not RoundStatus.PLANNED]


def _carried_row(facts: BoardFacts, carry: RoundCarry) -> BoardRow:
    """What missed the council of this round: from here on it is on the board of the other."""
    attempt, to = facts.gone_attempts[carry.attempt_id], carry.to_round
    return BoardRow(
        subject=attempt_subject(attempt.id),
        product=attempt.product,
        commune=facts.places.title(attempt.product_id, attempt.place, attempt.ended_on),
        dossier=attempt.code,
        attempt=attempt.number,
        target_stars=attempt.target_stars,
        status=CARRIED,
        step=None,
        stage=f"Chuyển sang {to.title}" if to is not None else WAITS_FOR_ROUND,
    )


def _round_row(round_: Round, item: BoardItem, today: date) -> BoardRow:
    return BoardRow(
        subject=round_subject(round_.id),
        product=f"({round_.title})",
        commune="",
        dossier=None,
        attempt=None,
        target_stars=None,
        status=round_.status.label,
        **_waiting(item, today),
    )


def _attempt_row(facts: BoardFacts, attempt: Row[Any], today: date) -> BoardRow:
    item = next(iter(facts.items.get(attempt_subject(attempt.id), [])), None)
    in_progress = attempt.status is AttemptStatus.IN_PROGRESS
    between: _Waiting = {
        "step": None,
        "stage": "Đang chuyển bước" if in_progress else attempt.status.label,
        "waiting_for": ENGINE if in_progress else None,
    }
    evaluated = partial(facts.evaluated.get, attempt.id)
    waits = in_progress and attempt.id in facts.waiting
    return BoardRow(
        subject=attempt_subject(attempt.id),
        product=attempt.product,
        commune=facts.places.title(attempt.product_id, attempt.place, attempt.ended_on),
        dossier=attempt.code,
        attempt=attempt.number,
        target_stars=attempt.target_stars,
        status=WAITS_FOR_ROUND if waits else attempt.status.label,
        finish_by=limit_of(attempt.status, attempt.received_on, DossierKind(attempt.kind), evaluated, today),
        **(_waiting(item, today) if item is not None else between),
    )


def _planned_row(facts: BoardFacts, planned: Row[Any], closes_on: date) -> BoardRow:
    status = DECLINED if planned.product_id in facts.declined else NOT_HANDED_IN
    return BoardRow(
        subject=None,
        product=planned.product,
        commune=facts.places.title(planned.product_id, planned.place, closes_on),
        dossier=None,
        attempt=None,
        target_stars=planned.target_stars,
        status=status,
        step=None,
        stage=status,
    )


class _Waiting(TypedDict, total=False):
    step: Required[int | None]
    stage: Required[str]
    item: int
    waiting_for: str | None
    due_on: date
    days_left: int
    late: bool


def _waiting(item: BoardItem, today: date) -> _Waiting:
    definition = step_definition(item.kind)
    return {
        "step": definition.step,
        "stage": f"{definition.step}. {definition.label}",
        "item": item.id,
        "waiting_for": item.waiting_for,
        "due_on": item.due_on,
        "days_left": (item.due_on - today).days,
        "late": _is_late(item, today),
    }


def _is_late(item: BoardItem, today: date) -> bool:
    return not item.suspended and item.due_on < today
