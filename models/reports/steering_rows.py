"""Finds the rows from which the steering figures are made: of one round, or of all rounds of a plan."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.access import certificates_of_offices
from models.clock import vn_date
from models.councils.scoring_rows import rules_of
from models.criteria import load_set
from models.enums import AttemptStatus, ItemStatus
from models.errors import NotFoundError
from models.offices.history import PlacesThen
from models.process import Scope
from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.reports.part_scores import PartScore, part_scores
from models.reports.steering import OpenItem, Recognised, RoundProgress, SetGates, StepTime, round_progress
from models.rounds.board import NOT_HANDED_IN, board
from models.tables import (
    Certificate,
    CouncilSession,
    DossierAttempt,
    Office,
    Outcome,
    Product,
    Result,
    Round,
    ScoreSheet,
    SessionProduct,
    WorkItem,
)
from models.work_items.authority import addressee
from models.work_items.ledger import days_between, replay, used_on
from models.work_items.queries import kinds_of
from models.work_items.terms import office_calendar


def progress_of(session: Session, round_: Round, today: date) -> RoundProgress:
    """Where the dossiers of a round are, by the facts of its board."""
    return round_progress(board(session, round_, today).rows, AttemptStatus.IN_PROGRESS.label, NOT_HANDED_IN)


def open_items(session: Session, round_ids: Collection[int]) -> list[OpenItem]:
    """The open items of rounds with whom they wait for."""
    query = (
        select(WorkItem)
        .where(WorkItem.round_id.in_(round_ids), WorkItem.status == ItemStatus.OPEN)
        .options(joinedload(WorkItem.assignee), joinedload(WorkItem.producer), joinedload(WorkItem.office))
        .order_by(WorkItem.id)
    )
    return [
        OpenItem(addressee(session, item), item.due_on, item.suspended_on is not None)
        for item in session.scalars(query)
    ]


def done_items(session: Session, round_ids: Collection[int]) -> list[StepTime]:
    """The steps of rounds and dossiers that were done, by the ledger of their clocks; score sheets are left out.

    Where the plan names the day instead of a term, the days from start to that day stand for it.
    """
    calendar = cache(lambda office_id: office_calendar(session.get_one(Office, office_id)))
    query = (
        select(WorkItem)
        .where(WorkItem.round_id.in_(round_ids), WorkItem.status == ItemStatus.DONE)
        .where(WorkItem.kind.not_in(kinds_of(Scope.SHEET)), WorkItem.closed_at.is_not(None))
        .options(
            joinedload(WorkItem.assignee),
            joinedload(WorkItem.producer),
            joinedload(WorkItem.office),
            selectinload(WorkItem.clock),
        )
        .order_by(WorkItem.id)
    )
    found = []
    for item in session.scalars(query):
        if item.closed_at is None or not item.clock:
            continue
        days, state = calendar(item.owner_office_id), replay(calendar(item.owner_office_id), item.clock)
        closed, unit = vn_date(item.closed_at), state.budget.unit
        term = state.budget.days if state.may_pause else days_between(days, state.started_on, state.due, unit)
        spent = used_on(days, state, closed)
        late = state.suspended_on is None and closed > state.due
        found.append(StepTime(item.kind, addressee(session, item), spent, term, late))
    return found


def returned_for(session: Session, round_ids: Collection[int]) -> list[list[EvidenceKind]]:
    """What each return of a dossier said was missing, as it stands now (a correction counts, not what it corrected)."""
    query = (
        select(Outcome.item_id, Outcome.code, Outcome.data)
        .join(WorkItem, Outcome.item_id == WorkItem.id)
        .where(
            WorkItem.round_id.in_(round_ids),
            WorkItem.kind == StepKind.REGISTRATION_CHECK,
            WorkItem.status == ItemStatus.DONE,
        )
        .order_by(Outcome.item_id, Outcome.version)
    )
    latest = {item: (code, data) for item, code, data in session.execute(query)}
    return [
        [EvidenceKind(kind) for kind in data.get("missing", [])] for code, data in latest.values() if code == "returned"
    ]


def gates_missed(session: Session, round_ids: Collection[int]) -> list[SetGates]:
    """The gates that held each result of the councils of rounds below the stars that its points alone would give.

    A gate of more stars than the points reach held nothing back: counted, it would hide those that did.
    """
    query = (
        select(Result.missed_gates, Result.band, DossierAttempt.criteria_source, DossierAttempt.criteria_set)
        .join(SessionProduct, Result.session_product_id == SessionProduct.id)
        .join(CouncilSession, SessionProduct.session_id == CouncilSession.id)
        .join(DossierAttempt, SessionProduct.attempt_id == DossierAttempt.id)
        .where(CouncilSession.round_id.in_(round_ids), SessionProduct.taken_off == "", Result.mean.is_not(None))
        .order_by(Result.id)
    )
    return [
        SetGates(
            source, number, [(gate["stars"], gate["criterion"]) for gate in missed if gate["stars"] <= (band or 0)]
        )
        for missed, band, source, number in session.execute(query)
    ]


def recognised(session: Session, on: date, offices: set[int]) -> list[Recognised]:
    """The certificates issued by `on` in what these offices look after, with the commune as it was named at issue."""
    query = (
        select(Certificate)
        .where(Certificate.issued_on <= on, certificates_of_offices(session, offices))
        .options(joinedload(Certificate.product).joinedload(Product.place))
        .order_by(Certificate.id)
    )
    places = PlacesThen(session, select(Certificate.product_id))
    return [
        Recognised(c.issued_on.year, places.title(c.product_id, c.product.place.title, c.issued_on), c.stars)
        for c in session.scalars(query)
    ]


def parts_of(session: Session, session_product_id: int) -> list[PartScore]:
    """The points of one product of one session by part, of the scoring that counts. For those who may see scores only.

    Raises:
        NotFoundError: no such product on an agenda, or no sheet was handed in.
    """
    product = session.get(SessionProduct, session_product_id)
    sheets = [] if product is None else _sheets(session, product)
    if product is None or not sheets:
        raise NotFoundError("Sản phẩm này chưa có phiếu chấm.", field="product", remedy="Xem sau khi đóng phiên chấm.")
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    every_member = rules_of(product).gate_rule == "every_member"
    return part_scores(criteria, attempt.case, sheets, every_member=every_member)


def _sheets(session: Session, product: SessionProduct) -> list[dict[str, int]]:
    query = select(ScoreSheet.choices).where(
        ScoreSheet.session_product_id == product.id, ScoreSheet.scoring == product.scoring
    )
    return [dict(choices) for choices in session.scalars(query.order_by(ScoreSheet.id))]
