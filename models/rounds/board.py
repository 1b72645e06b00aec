"""The board of a round: where every product is, for whom it waits and until when (`ocop status`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple, Required, TypedDict

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from models.dossiers.limits import limit_of
from models.enums import AttemptStatus, RoundStatus
from models.paging import Page, PageAsked
from models.process import step_definition
from models.regimes.kinds import DossierKind
from models.rounds.board_facts import BoardFacts, BoardItem, board_facts
from models.rounds.declined import DECLINED
from models.searching import folded
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
    facts = board_facts(session, round_)
    rows = [line.row() for line in board_lines(facts, round_, today)]
    return Board(round_.code, round_.title, round_.status.value, round_.status.label, today, rows)


class BoardLine(NamedTuple):
    """A line before it is written out: what it is filtered by, and how the whole row is made.

    Lines of the round itself have neither `dossier` nor `product`, planned products no dossier.
    """

    commune: str
    step: int | None
    late: bool
    row: Callable[[], BoardRow]
    dossier: int | None = None
    product: int | None = None


@dataclass(frozen=True)
class BoardScope:
    """What of a round somebody sees who does not see it as a whole: these dossiers, and planned these products."""

    dossiers: frozenset[int]
    products: frozenset[int]

    def shows(self, line: BoardLine) -> bool:
        """Whether the line is for them to see."""
        return line.product in self.products if line.dossier is None else line.dossier in self.dossiers


@dataclass(frozen=True)
class BoardFilter:
    """Which lines are wanted: of a commune (as the board names it), waiting in a step of the cycle (1–7), late ones."""

    commune: str | None = None
    step: int | None = None
    late: bool = False

    def takes(self, line: BoardLine) -> bool:
        """Whether the line is wanted; the lines of the round itself belong to no commune."""
        return (
            (self.commune is None or line.commune == self.commune)
            and (self.step is None or line.step == self.step)
            and (line.late or not self.late)
        )


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
    every = board_lines(board_facts(session, round_), round_, today)
    lines = [line for line in every if scope is None or scope.shows(line)]
    found = Page.of([line for line in lines if wanted.takes(line)], asked)
    return BoardPage(
        round=round_.code,
        title=round_.title,
        status=round_.status.value,
        status_label=round_.status.label,
        today=today,
        rows=found.map(lambda line: line.row()),
        late=sum(line.late for line in lines),
        steps=dict(sorted(Counter(line.step for line in lines if line.step is not None).items())),
        communes=sorted({line.commune for line in lines if line.commune}, key=folded),
    )


def board_lines(facts: BoardFacts, round_: Round, today: date) -> list[BoardLine]:
    """Every line of the board in its order. Pure."""
    lines = [
        BoardLine("", step_definition(item.kind).step, _is_late(item, today), partial(_round_row, round_, item, today))
        for item in facts.items.get(round_subject(round_.id), [])
    ]
    lines += [_attempt_line(facts, attempt, today) for attempt in facts.attempts]
    lines += [_carried_line(facts, carry) for carry in facts.gone]
    handed_in = {row.product_id for row in [*facts.attempts, *facts.gone_attempts.values()]}
    absent = [row for row in facts.planned if row.product_id not in handed_in]
    return lines + [_planned_line(facts, row, round_.closes_on) for row in absent]


def _attempt_line(facts: BoardFacts, attempt: Row[Any], today: date) -> BoardLine:
    item = next(iter(facts.items.get(attempt_subject(attempt.id), [])), None)
    commune = facts.places.title(attempt.product_id, attempt.place, attempt.ended_on)
    step = step_definition(item.kind).step if item is not None else None
    late = item is not None and _is_late(item, today)
    row = partial(_attempt_row, facts, attempt, commune, item, today)
    return BoardLine(commune, step, late, row, attempt.dossier_id, attempt.product_id)


def _carried_line(facts: BoardFacts, carry: RoundCarry) -> BoardLine:
    attempt = facts.gone_attempts[carry.attempt_id]
    commune = facts.places.title(attempt.product_id, attempt.place, attempt.ended_on)
    row = partial(_carried_row, attempt, commune, carry.to_round)
    return BoardLine(commune, None, False, row, attempt.dossier_id, attempt.product_id)


def _planned_line(facts: BoardFacts, planned: Row[Any], closes_on: date) -> BoardLine:
    commune = facts.places.title(planned.product_id, planned.place, closes_on)
    declined = planned.product_id in facts.declined
    row = partial(_planned_row, planned, commune, declined=declined)
    return BoardLine(commune, None, False, row, None, planned.product_id)


def rounds_to_watch(session: Session) -> list[Round]:
    """The rounds under way; when there is none, all that were ever opened."""
    rounds = session.scalars(select(Round).order_by(Round.opens_on, Round.id)).all()
    under_way = [r for r in rounds if r.status not in {RoundStatus.PLANNED, RoundStatus.CLOSED}]
    return under_way or [r for r in rounds if r.status is not RoundStatus.PLANNED]


def _carried_row(attempt: Row[Any], commune: str, to: Round | None) -> BoardRow:
    """What missed the council of this round: from here on it is on the board of the other."""
    return BoardRow(
        subject=attempt_subject(attempt.id),
        product=attempt.product,
        commune=commune,
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


def _attempt_row(facts: BoardFacts, attempt: Row[Any], commune: str, item: BoardItem | None, today: date) -> BoardRow:
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
        commune=commune,
        dossier=attempt.code,
        attempt=attempt.number,
        target_stars=attempt.target_stars,
        status=WAITS_FOR_ROUND if waits else attempt.status.label,
        finish_by=limit_of(attempt.status, attempt.received_on, DossierKind(attempt.kind), evaluated, today),
        **(_waiting(item, today) if item is not None else between),
    )


def _planned_row(planned: Row[Any], commune: str, *, declined: bool) -> BoardRow:
    status = DECLINED if declined else NOT_HANDED_IN
    return BoardRow(
        subject=None,
        product=planned.product,
        commune=commune,
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
