"""100 certificates and a decision with an annex of 100 rows as Word files: `python -m benchmarks.documents --json`.

Everything is built from rows of a database in a temporary folder and rendered in one process; the limit of issue 5 is
10 s on 2 cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deployments.database_upgrade import upgrade
from models.actors import actor
from models.database import reading, transaction
from models.documents.building import build
from models.documents.framing import Making
from models.documents.issuing import write_file
from models.documents.kinds import kind_named
from models.documents.rendering import render
from models.documents.subjects import SUBJECTS, file_name
from models.documents.templates import template_of
from models.enums import AttemptStatus, Level, Role, RoundStatus, SessionStatus
from models.offices.setup import read_office_file, set_up_office
from models.regimes.kinds import DossierKind
from models.rounds.plan_import import import_plan, read_plan
from models.steps.addressing import council_of
from models.tables import (
    Certificate,
    CouncilSession,
    Decision,
    DecisionLine,
    Dossier,
    DossierAttempt,
    Place,
    Producer,
    Product,
    Result,
    Round,
    SessionProduct,
)

DEMO = Path(__file__).parents[1] / "deployments" / "demo"
PLANNED, SIGNED_ON = datetime(2024, 2, 23, 2, tzinfo=UTC), date(2024, 9, 20)
LIMIT_SECONDS = 10.0


def main() -> int:
    """Fill, render, print; the last line is the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ocop.sqlite"
        fill(url, asked.certificates)
        found = measure(url, Path(folder))
    if not asked.json:
        print(f"{found['documents']} tệp Word: {found['seconds']} giây (giới hạn {LIMIT_SECONDS:.0f})")
    print(json.dumps(found))
    return 0 if found["documents"] == asked.certificates + 1 and found["annex_rows"] == asked.certificates else 1


def measure(url: str, folder: Path) -> dict[str, Any]:
    """Build, render and write them all."""
    began, began_cpu = time.perf_counter(), time.process_time()
    sizes = []
    with reading(url) as session:
        making = Making(session, SIGNED_ON)
        round_ = session.scalars(select(Round).where(Round.status == RoundStatus.DECIDED)).one()
        subjects: list[tuple[str, Any]] = [("decision", round_)]
        subjects += [("certificate", one) for one in session.scalars(select(Certificate).order_by(Certificate.id))]
        for code, subject in subjects:
            kind = kind_named(code)
            paper = build(making, kind, subject)
            if paper is None:
                continue
            content = render(template_of(kind, folder), paper)
            write_file(folder / "out" / file_name(code, SUBJECTS[kind.of].name(subject)), content)
            sizes.append(len(content))
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
        decision = build(making, kind_named("decision"), round_)
    return {
        "documents": len(sizes),
        "annex_rows": len(getattr(decision, "rows", [])),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "limit_seconds": LIMIT_SECONDS,
        "megabytes": round(sum(sizes) / 2**20, 2),
    }


def fill(url: str, count: int) -> None:
    """The demo's office with a decided round of `count` recognised products."""
    upgrade(url)
    with transaction(url) as session:
        set_up_office(session, read_office_file(DEMO / "office.yaml"), PLANNED)
        who = actor(session, "dieu-phoi", Role.COORDINATOR, PLANNED.date())
        import_plan(session, read_plan(DEMO / "plan-2024.yaml"), who, PLANNED)
        round_ = session.scalars(select(Round).order_by(Round.id)).all()[1]
        round_.status = RoundStatus.DECIDED
        meeting = CouncilSession(
            round=round_,
            council=council_of(session, round_.plan.office),
            number=1,
            held_on=SIGNED_ON - timedelta(days=8),
            place="Hội trường",
            status=SessionStatus.CONCLUDED,
            minutes_number="05/BB-HĐ",
        )
        decision = Decision(
            round_id=round_.id,
            level=Level.DISTRICT,
            issuer=round_.plan.authority,
            number="2105/QĐ-UBND",
            signed_on=SIGNED_ON,
            signer="Nguyễn Quang Minh",
        )
        session.add_all([meeting, decision])
        session.flush()
        places = session.scalars(select(Place).where(Place.level == Level.COMMUNE, Place.valid_to.is_not(None))).all()
        for number in range(1, count + 1):
            _recognised(session, number, round_, meeting, decision, places[number % len(places)])


def _recognised(
    session: Session, number: int, round_: Round, meeting: CouncilSession, decision: Decision, place: Place
) -> None:
    producer = Producer(
        code=f"do-{number}", name=f"Hợp tác xã nông nghiệp số {number}", form="cooperative", place=place, address=""
    )
    product = Product(producer=producer, place=place, name=f"Bánh gai truyền thống số {number}", criteria_set=6)
    dossier = Dossier(
        code=f"do-{number:03d}",
        product=product,
        office=round_.plan.office,
        kind=DossierKind.FIRST,
        target_stars=3,
    )
    attempt = DossierAttempt(
        dossier=dossier,
        number=1,
        round=round_,
        received_on=date(2024, 7, 8),
        regime="qd148-2023",
        criteria_source="qd148",
        criteria_set=6,
        process_version="2024.1",
        status=AttemptStatus.RECOGNISED,
        ended_on=SIGNED_ON,
    )
    on_agenda = SessionProduct(session=meeting, attempt=attempt, position=number)
    result = Result(
        product=on_agenda,
        mean="63",
        mean_cut="63.00",
        spread="6",
        band=3,
        computed_stars=3,
        stars=3,
        granted_by="district",
        explanation="",
        concluded_at=PLANNED,
    )
    session.add_all([producer, product, dossier, attempt, on_agenda, result])
    session.flush()
    decision.lines.append(DecisionLine(attempt=attempt, points="63.00", stars=3))
    session.add(
        Certificate(
            code=f"38-395-{number:05d}-01-2024",
            product=product,
            attempt_id=attempt.id,
            decision_id=decision.id,
            decision_number=decision.number,
            stars=3,
            regime="qd148-2023",
            level=Level.DISTRICT,
            issued_on=SIGNED_ON,
            valid_until=date(2027, 9, 20),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
