"""The rows of one dossier of the large database: its product, attempt, papers, steps, scores and certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeAlias

from models.certificates.life import add_months
from models.criteria import load_set
from models.enums import AttemptStatus, ClockEvent, ItemStatus, Level, OrganisationForm, Role
from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.tables import (
    AuditEntry,
    Base,
    Certificate,
    ClockEntry,
    DecisionLine,
    Dossier,
    DossierAttempt,
    Evidence,
    EvidenceUse,
    Outcome,
    Producer,
    Product,
    Result,
    Round,
    ScoreSheet,
    SessionProduct,
    WorkItem,
)

Rows: TypeAlias = list[tuple[type[Base], dict[str, Any]]]

GOODS = ("Kẹo lạc", "Bánh gai", "Bánh nhãn", "Rượu nếp cẩm", "Nem chua", "Dưa vàng", "Mật ong hoa nhãn", "Tương nếp",
         "Bưởi Luận Văn", "Giò lụa", "Hạt sen sấy", "Bột rau má")  # fmt: skip
NAMES = ("Tuyên Tâm", "Huân Hường", "Anh Sơn", "Lâm Thắm", "Đồng Ngâu", "Vinh Lài", "Chương Xuân", "Kim Hồng Ngọc")
PAPERS = (
    EvidenceKind.BUSINESS_REGISTRATION,
    EvidenceKind.MATERIAL_ORIGIN,
    EvidenceKind.LOCAL_LABOUR,
    EvidenceKind.PRODUCT_STORY,
)
PER_PRODUCER = 8
"""Products of one producer."""

ITEMS_EACH = 16
"""Room for the ids of one dossier's items; ids are the number of the dossier and a place in it."""

SET = 6
KINDS = StepKind
ROLES = {
    KINDS.REGISTRATION_CHECK: Role.COORDINATOR,
    KINDS.COMMUNE_ASSESSMENT: Role.COMMUNE_OFFICER,
    KINDS.CONSULTING: Role.CONSULTANT,
    KINDS.SUPPLEMENT: Role.PRODUCER,
    KINDS.COUNCIL_EVALUATION: Role.COUNCIL_SECRETARY,
    KINDS.DECISION: Role.LEADER,
    KINDS.INSPECTION: Role.TECHNICAL_OFFICER,
    KINDS.SCORE_SHEET: Role.COUNCIL_MEMBER,
}
OFFICES = {
    KINDS.REGISTRATION_CHECK: "vpdp",
    KINDS.CONSULTING: "tu-van",
    KINDS.COUNCIL_EVALUATION: "vpdp",
    KINDS.DECISION: "ubnd-huyen",
    KINDS.INSPECTION: "phong-nnptnt",
}
TERMS = {
    KINDS.REGISTRATION_CHECK: 3,
    KINDS.COMMUNE_ASSESSMENT: 14,
    KINDS.CONSULTING: 20,
    KINDS.SUPPLEMENT: 10,
    KINDS.COUNCIL_EVALUATION: 30,
    KINDS.DECISION: 15,
    KINDS.INSPECTION: 60,
    KINDS.SCORE_SHEET: 2,
}
DONE: dict[StepKind, tuple[str, dict[str, Any]]] = {
    KINDS.REGISTRATION_CHECK: ("accepted", {}),
    KINDS.COMMUNE_ASSESSMENT: (
        "proposed",
        {"report_number": "15/BC-UBND", "signed_on": "2025-05-20", "signer": "Lê Văn Tư"},
    ),
    KINDS.CONSULTING: ("ready", {"visited_on": "2025-05-30", "findings": "Đủ điều kiện."}),
    KINDS.COUNCIL_EVALUATION: ("evaluated", {}),
    KINDS.DECISION: ("recognised", {"stars": 3}),
    KINDS.INSPECTION: ("passed", {"findings": "Đúng như hồ sơ."}),
}
BEFORE_COUNCIL = (KINDS.REGISTRATION_CHECK, KINDS.COMMUNE_ASSESSMENT, KINDS.CONSULTING)
ON_THE_WAY = (*BEFORE_COUNCIL, KINDS.SUPPLEMENT, KINDS.COUNCIL_EVALUATION)


@dataclass(frozen=True)
class Cast:
    """What rows refer to, by id. `communes`: place, office and officer; `members`: seat and person."""

    today: date
    now: datetime
    past: list[Round]
    council: Round
    current: Round
    office: int
    offices: dict[str, int]
    communes: list[tuple[int, int, int]]
    people: dict[Role, int]
    members: list[tuple[int, int]]
    sessions: dict[int, int]
    decisions: dict[int, tuple[int, str]]


@dataclass(frozen=True)
class Story:
    """How far a dossier is: its round, the steps it has behind it, and the one that is open."""

    round: Round
    status: AttemptStatus
    done: tuple[StepKind, ...]
    open: StepKind | None = None
    sheets: bool = False


EVALUATED = (*BEFORE_COUNCIL, KINDS.COUNCIL_EVALUATION, KINDS.DECISION)
IN_CURRENT, IN_COUNCIL = 25, 9
"""Of 100 dossiers: in the round that takes them, and before the council; the rest is of past rounds."""

ENDED: tuple[tuple[int, AttemptStatus, tuple[StepKind, ...], StepKind | None], ...] = (
    (6, AttemptStatus.RETURNED, BEFORE_COUNCIL[:1], None),
    (4, AttemptStatus.NOT_PROPOSED, BEFORE_COUNCIL[:2], None),
    (23, AttemptStatus.RECOGNISED, EVALUATED, KINDS.INSPECTION),
    (14, AttemptStatus.RECOGNISED, (*EVALUATED, KINDS.INSPECTION), None),
    (19, AttemptStatus.NOT_RECOGNISED, EVALUATED, None),
)
"""Of 100 dossiers: how many of past rounds ended so, after which steps, with which step still open."""


def story_of(cast: Cast, number: int) -> Story:
    """The story of the dossier of this number (see the table at the head of `portal_data`)."""
    slot, past = number % 100, cast.past[number // 3 % len(cast.past)]
    if slot < IN_CURRENT:
        open_step = slot % len(ON_THE_WAY)
        return Story(cast.current, AttemptStatus.IN_PROGRESS, BEFORE_COUNCIL[:open_step], ON_THE_WAY[open_step])
    slot -= IN_CURRENT
    if slot < IN_COUNCIL:
        return Story(cast.council, AttemptStatus.IN_PROGRESS, BEFORE_COUNCIL, KINDS.COUNCIL_EVALUATION, sheets=True)
    slot -= IN_COUNCIL
    ends = [(status, done, still) for share, status, done, still in ENDED for _ in range(share)]
    return Story(past, *ends[slot])


def rows_of_dossier(cast: Cast, number: int) -> Rows:
    """Every row of one dossier, with its product (and its producer, when it is the first of that producer)."""
    story, row_id = story_of(cast, number), number + 1_000
    place, commune, _ = cast.communes[number // PER_PRODUCER % len(cast.communes)]
    producer = number // PER_PRODUCER + 1_000
    received = story.round.opens_on + timedelta(days=number * 7 % 36)
    ended = None if story.status is AttemptStatus.IN_PROGRESS else story.round.closes_on - timedelta(days=7)
    rows: Rows = []
    if number % PER_PRODUCER == 0:
        rows.append((Producer, _producer(producer, place)))
    name = f"{GOODS[number % len(GOODS)]} {NAMES[number // 5 % len(NAMES)]} {number}"
    rows += [
        (Product, {"id": row_id, "producer_id": producer, "place_id": place, "name": name, "criteria_set": SET}),
        (
            Dossier,
            {
                "id": row_id,
                "code": f"{story.round.code[:4]}-{number:05d}",
                "product_id": row_id,
                "office_id": cast.office,
                "kind": DossierKind.FIRST,
                "target_stars": 3 + number % 2,
            },
        ),
        (DossierAttempt, _attempt(row_id, story, received, ended)),
    ]
    rows += _papers(row_id)
    rows += _audit(cast, row_id, received, "dossier.received", Role.COORDINATOR)
    rows += _steps(cast, story, row_id, producer, commune, received)
    if KINDS.COUNCIL_EVALUATION in story.done or story.sheets:
        rows += _council(cast, story, row_id, number)
    if story.status is AttemptStatus.RECOGNISED:
        rows += _recognised(cast, story, row_id, number)
    return rows


def _producer(producer: int, place: int) -> dict[str, Any]:
    return {
        "id": producer,
        "code": f"CT{producer:05d}",
        "name": f"Hợp tác xã {NAMES[producer % len(NAMES)]} {producer}",
        "form": OrganisationForm.COOPERATIVE,
        "place_id": place,
        "phone": "0912345678",
    }


def _attempt(row_id: int, story: Story, received: date, ended: date | None) -> dict[str, Any]:
    return {
        "id": row_id,
        "dossier_id": row_id,
        "number": 1,
        "round_id": story.round.id,
        "received_on": received,
        "regime": "qd148-2023",
        "criteria_source": "qd148",
        "criteria_set": SET,
        "process_version": "2024.1",
        "registration": {"representative": "Nguyễn Văn An", "address": "Thôn 1", "note": "x" * 400},
        "self_assessment": {"choices": dict.fromkeys(load_set("qd148", SET).criteria, 1)},
        "status": story.status,
        "ended_on": ended,
        "ended_because": "" if ended is None else story.status.label,
    }


def _papers(row_id: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    for place, kind in enumerate(PAPERS):
        paper = row_id * len(PAPERS) + place
        yield (
            Evidence,
            {"id": paper, "attempt_id": row_id, "kind": kind, "title": kind.label, "page_from": 1, "page_to": 9},
        )
        yield EvidenceUse, {"evidence_id": paper, "criterion": "1.1"}


def _steps(
    cast: Cast, story: Story, row_id: int, producer: int, commune: int, received: date
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    opened = received
    kinds = [*story.done, *([story.open] if story.open else [])]
    for place, kind in enumerate(kinds):
        is_open = place >= len(story.done)
        if is_open and kind is KINDS.INSPECTION:
            opened = cast.today - timedelta(days=row_id % 90)
        item = _item(cast, story, row_id * ITEMS_EACH + place, row_id, kind, opened)
        item |= {"office_id": commune if kind is KINDS.COMMUNE_ASSESSMENT else cast.offices.get(OFFICES.get(kind, ""))}
        item |= {"producer_id": producer if kind is KINDS.SUPPLEMENT else None}
        spent = TERMS[kind] * (row_id % 13 + 2) // 10
        yield from _with_clock(cast, story, item, None if is_open else opened + timedelta(days=spent))
        opened += timedelta(days=spent)
    if story.sheets:
        for place, (seat, person) in enumerate(cast.members):
            item = _item(cast, story, row_id * ITEMS_EACH + 8 + place, row_id, KINDS.SCORE_SHEET, cast.today)
            item |= {
                "subject": f"sheet:{row_id}",
                "key": f"sheet:{row_id}/score_sheet/1/m{seat}",
                "assignee_id": person,
            }
            yield from _with_clock(cast, story, item, None)


def _item(cast: Cast, story: Story, item_id: int, row_id: int, kind: StepKind, opened: date) -> dict[str, Any]:
    return {
        "id": item_id,
        "key": f"attempt:{row_id}/{kind}/1",
        "subject": f"attempt:{row_id}",
        "kind": kind,
        "turn": 1,
        "attempt_id": row_id,
        "round_id": story.round.id,
        "owner_office_id": cast.office,
        "role": ROLES[kind],
        "office_id": None,
        "producer_id": None,
        "assignee_id": None,
        "opened_at": _at(opened),
        "due_on": opened + timedelta(days=TERMS[kind]),
    }


def _with_clock(
    cast: Cast, story: Story, item: dict[str, Any], closed: date | None
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    kind, opened = item["kind"], item["opened_at"]
    status = ItemStatus.OPEN if closed is None else ItemStatus.DONE
    done = _at(closed) if closed else None
    yield WorkItem, item | {"status": status, "closed_at": done, "taken_up_at": done}
    started = {"event": ClockEvent.STARTED, "on": opened.date(), "days": TERMS[kind], "unit": "calendar"}
    yield ClockEntry, {"item_id": item["id"], **started, "rule": "Quy định", "recorded_at": opened}
    facts = {"item": item["id"], "kind": kind.value}
    yield from _audit(cast, item["attempt_id"], opened.date(), "item.opened", Role.SYSTEM, facts, item["subject"])
    if done is None or closed is None:
        return
    code, data = _ended(story, kind)
    stated = {"fingerprint": "0" * 64, "actor_id": cast.people[ROLES[kind]] if kind is not KINDS.SUPPLEMENT else None}
    yield (
        Outcome,
        {"item_id": item["id"], "version": 1, "code": code, "data": {"outcome": code, **data}, **stated}
        | {"capacity": ROLES[kind], "recorded_at": done},
    )
    yield from _audit(cast, item["attempt_id"], closed, "item.completed", ROLES[kind], facts | {"outcome": code})


def _ended(story: Story, kind: StepKind) -> tuple[str, dict[str, Any]]:
    if story.status is AttemptStatus.RETURNED:
        return "returned", {"missing": ["product_story", "local_labour"], "note": "Thiếu giấy tờ"}
    if story.status is AttemptStatus.NOT_PROPOSED and kind is KINDS.COMMUNE_ASSESSMENT:
        return "not_proposed", DONE[kind][1]
    if story.status is AttemptStatus.NOT_RECOGNISED and kind is KINDS.DECISION:
        return "not_recognised", {}
    return DONE[kind]


def _audit(
    cast: Cast, attempt: int, on: date, act: str, role: Role, data: dict[str, Any] | None = None, subject: str = ""
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    yield (
        AuditEntry,
        {"at": _at(on), "actor_id": cast.people.get(role), "capacity": role, "act": act}
        | {"subject": subject or f"attempt:{attempt}", "reason": "", "data": data or {}},
    )


@cache
def _choices(variant: int) -> dict[str, int]:
    criteria = load_set("qd148", SET).criteria
    return {
        code: c.printed_points()[-1 - (n + variant) % 3 % len(c.printed_points())]
        for n, (code, c) in enumerate(criteria.items())
    }


def _council(cast: Cast, story: Story, row_id: int, number: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    session = cast.sessions[story.round.id]
    yield SessionProduct, {"id": row_id, "session_id": session, "attempt_id": row_id, "position": number}
    if story.sheets:
        return
    if story.round.id == cast.past[-1].id:
        for n, (seat, _) in enumerate(cast.members):
            choices = _choices((number + n) % 9)
            sheet = {"session_product_id": row_id, "member_id": seat, "scoring": 1, "choices": choices}
            yield ScoreSheet, {**sheet, "total": sum(choices.values()), "submitted_at": _at(story.round.council_on)}
    yield Result, _result(story, row_id, number)


def _result(story: Story, row_id: int, number: int) -> dict[str, Any]:
    recognised = story.status is AttemptStatus.RECOGNISED
    stars, mean = (3 + number % 2, 55 + number % 30) if recognised else (2, 40 + number % 10)
    missed = [] if recognised else [{"stars": 3, "criterion": "3.6", "least": 1, "got": "0.00"}]
    return {
        "session_product_id": row_id,
        "mean": str(mean),
        "mean_cut": f"{mean}.00",
        "spread": "4",
        "band": stars,
        "computed_stars": stars,
        "stars": stars,
        "missed_gates": missed,
        "explanation": "Điểm trung bình và điều kiện sao.",
        "concluded_at": _at(story.round.council_on),
    }


def _recognised(cast: Cast, story: Story, row_id: int, number: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    decision, decision_number = cast.decisions[story.round.id]
    stars, issued = 3 + number % 2, story.round.closes_on - timedelta(days=7)
    yield DecisionLine, {"decision_id": decision, "attempt_id": row_id, "points": "60.00", "stars": stars}
    yield (
        Certificate,
        {
            "id": row_id,
            "code": f"GCN-{number:05d}-{issued.year}",
            "product_id": row_id,
            "attempt_id": row_id,
            "decision_id": decision,
            "decision_number": decision_number,
            "stars": stars,
            "regime": "qd148-2023",
            "level": Level.DISTRICT,
            "issued_on": issued,
            "valid_until": add_months(issued, 36),
            "revoked_on": issued + timedelta(days=200) if number % 47 == 0 else None,
        },
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(2), UTC)
