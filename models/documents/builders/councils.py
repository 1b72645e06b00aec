"""Papers of step 5: invitation, advisory team's report, minutes with the table of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.councils.sessions import still_on_agenda
from models.criteria import load_set
from models.documents.builders.common import (
    ProductLine,
    ResultLine,
    follows,
    frame_of_plan,
    ground,
    missed_gates,
    outcome_of_round,
    product_line,
    regimes_of,
)
from models.documents.builders.common import result_line as line_of_result
from models.documents.building import builds
from models.documents.framing import Frame, Making
from models.documents.kinds import Kind
from models.documents.paper import NO_SIGNATURE, Paper, Signature
from models.documents.words import points, star_words
from models.dossiers.evidence import expired_by, missing_kinds
from models.enums import CouncilRole, SessionStatus
from models.process.kinds import StepKind
from models.tables import CouncilMember, CouncilSession, Result, SessionProduct
from models.vietnamese import long_date, name_key, short_date
from models.vietnamese.numbers import counted


@dataclass(frozen=True)
class PersonLine:
    """A member in a list: name, post, seat in the council, and why absent or not scoring."""

    no: int
    name: str
    post: str
    role: str
    note: str = ""


@dataclass(frozen=True)
class ScoreLine:
    """One member's totals for one product: of the first scoring, and of the second if there was one."""

    no: int
    name: str
    post: str
    first: str
    second: str
    note: str


@dataclass(frozen=True)
class ProductMinutes:
    """What the minutes say of one product; `presentation` and `discussion` are empty where nobody wrote them down."""

    no: int
    product: str
    producer: str
    commune: str
    kind: str
    set_name: str
    presentation: str
    findings: str
    discussion: str
    scores: list[ScoreLine]
    twice: bool
    mean: str
    spread: str
    first_spread: str
    stars: str
    missed_gates: list[str]
    eliminated: list[str]
    opinions: list[str]
    follows: str
    conclusion: str
    override_reason: str


@dataclass(frozen=True, kw_only=True)
class MinutesPaper(Paper):
    """The minutes of a session."""

    council: str
    council_decision: str
    round_title: str
    held_on: str
    place: str
    session_number: int
    members: int
    present: list[PersonLine]
    present_count: str
    absent: list[PersonLine]
    recused: list[PersonLine]
    secretary_name: str
    chair: str
    discussion: str
    products: list[ProductMinutes]
    summary: list[ResultLine]
    chair_signature: Signature = NO_SIGNATURE
    secretary_signature: Signature = NO_SIGNATURE


@dataclass(frozen=True, kw_only=True)
class InvitationPaper(Paper):
    """The invitation to a session: members, then products in the order of the agenda."""

    addressees: list[str]
    council: str
    round_title: str
    held_on: str
    place: str
    chair: str
    rows: list[ProductLine]
    count: str


@dataclass(frozen=True)
class CheckedLine:
    """One dossier as the advisory team checked it."""

    no: int
    product: str
    producer: str
    commune: str
    commune_report: str
    findings: str
    open_points: str


@dataclass(frozen=True, kw_only=True)
class AdvisoryPaper(Paper):
    """The advisory team's report on the dossiers of a session."""

    addressees: list[str]
    team: str
    council: str
    round_title: str
    held_on: str
    rows: list[CheckedLine]
    count: str
    ready: str


@builds("invitation", fields=InvitationPaper)
def invitation(making: Making, kind: Kind, meeting: CouncilSession) -> InvitationPaper:
    """Who is invited, when, where, what about."""
    frame = frame_of_plan(making, meeting.round.plan)
    rows = _product_lines(making, meeting)
    return InvitationPaper(
        addressees=[f"{seat.person.name}, {seat.post or seat.role.label}" for seat in seats(meeting)],
        council=meeting.council.name,
        round_title=meeting.round.title,
        held_on=long_date(meeting.held_on),
        place=meeting.place,
        chair=_named(meeting, CouncilRole.CHAIR),
        rows=rows,
        count=counted(len(rows)),
        **frame.parts(kind, council=meeting.council),
    )


@builds("advisory_report", fields=AdvisoryPaper)
def advisory_report(making: Making, kind: Kind, meeting: CouncilSession) -> AdvisoryPaper:
    """What the team found in the dossiers of the agenda."""
    frame = frame_of_plan(making, meeting.round.plan)
    rows = [_checked(making, meeting, p, no) for no, p in enumerate(still_on_agenda(meeting), start=1)]
    return AdvisoryPaper(
        addressees=[meeting.council.name],
        team=frame.settings.advisory_team,
        council=meeting.council.name,
        round_title=meeting.round.title,
        held_on=long_date(meeting.held_on),
        rows=rows,
        count=counted(len(rows)),
        ready=counted(sum(not row.open_points for row in rows)),
        **frame.parts(kind, council=meeting.council),
    )


@builds("council_minutes", fields=MinutesPaper)
def council_minutes(making: Making, kind: Kind, meeting: CouncilSession) -> MinutesPaper | None:
    """The minutes of a session that has concluded."""
    if meeting.status is not SessionStatus.CONCLUDED:
        return None
    frame = frame_of_plan(making, meeting.round.plan, meeting.held_on)
    products = [p for p in still_on_agenda(meeting) if p.result is not None]
    absent = [seat for seat in seats(meeting) if seat.id in meeting.absent]
    present = [seat for seat in seats(meeting) if seat.id not in meeting.absent]
    recorded = outcome_of_round(making.session, meeting.round, StepKind.COUNCIL_SESSION)
    heard = recorded.get("conclusions", {})
    secretary, chair = meeting.council.secretary.name, _named(meeting, CouncilRole.CHAIR, present)
    parts = frame.parts(
        kind,
        number=meeting.minutes_number,
        dated=meeting.held_on,
        bases=_bases(making.session, frame, meeting),
        council=meeting.council,
    )
    return MinutesPaper(
        council=meeting.council.name,
        council_decision=f"Quyết định số {meeting.council.decision_number} {long_date(meeting.council.decided_on)}",
        round_title=meeting.round.title,
        held_on=long_date(meeting.held_on),
        place=meeting.place,
        session_number=meeting.number,
        members=len(meeting.council.members),
        present=_people(present),
        present_count=counted(len(present)),
        absent=_people(absent),
        recused=_recused(products),
        secretary_name=secretary,
        chair=chair,
        discussion=str(recorded.get("discussion", "")),
        products=[_minutes(p, no, heard) for no, p in enumerate(products, start=1)],
        summary=[line_of_result(making.session, _result(p), no) for no, p in enumerate(products, start=1)],
        chair_signature=Signature([], "CHỦ TRÌ", chair),
        secretary_signature=Signature([], "THƯ KÝ", secretary),
        case="second_scoring" if any(p.scoring > 1 for p in products) else "one_scoring",
        **parts,
    )


def _bases(session: Session, frame: Frame, meeting: CouncilSession) -> list[str]:
    own = meeting.council
    known = frame.bases(meeting.round.plan, regimes_of(session, [meeting.round]))
    if any(own.decision_number in base for base in known):
        return known
    set_up = (
        f"Căn cứ Quyết định số {own.decision_number} {long_date(own.decided_on)} về thành lập, kiện toàn {own.name}"
    )
    return [*known, set_up]


def seats(meeting: CouncilSession) -> list[CouncilMember]:
    """The council's seats: chair, vice-chair, then the members in the order of their given names."""
    order = list(CouncilRole)
    return sorted(meeting.council.members, key=lambda seat: (order.index(seat.role), name_key(seat.person.name)))


def _named(meeting: CouncilSession, role: CouncilRole, among: Sequence[CouncilMember] | None = None) -> str:
    """Who sits in this seat; who stands in for the chair when the chair is not among those present."""
    candidates = seats(meeting) if among is None else among
    found = next((seat for seat in candidates if seat.role is role), None)
    if found is None:
        found = next((seat for seat in candidates if seat.role is CouncilRole.VICE_CHAIR), None)
    return found.person.name if found else ""


def _people(members: Sequence[CouncilMember]) -> list[PersonLine]:
    return [PersonLine(no, m.person.name, m.post, m.role.label) for no, m in enumerate(members, start=1)]


def _recused(products: Sequence[SessionProduct]) -> list[PersonLine]:
    found = [(recusal, product) for product in products for recusal in product.recusals]
    return [
        PersonLine(
            no,
            recusal.member.person.name,
            recusal.member.post,
            recusal.member.role.label,
            f"{product.attempt.dossier.product.name}: {recusal.reason}",
        )
        for no, (recusal, product) in enumerate(found, start=1)
    ]


def _product_lines(making: Making, meeting: CouncilSession) -> list[ProductLine]:
    agenda = still_on_agenda(meeting)
    return [product_line(making.session, p.attempt, no) for no, p in enumerate(agenda, start=1)]


def _result(product: SessionProduct) -> Result:
    if product.result is None:
        raise TypeError("only concluded products are put on paper")
    return product.result


def _minutes(product: SessionProduct, no: int, heard: dict[str, dict[str, str]]) -> ProductMinutes:
    said = heard.get(product.attempt.dossier.code, {})
    attempt, result = product.attempt, _result(product)
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    visit = attempt.visits[-1] if attempt.visits else None
    return ProductMinutes(
        no=no,
        product=attempt.dossier.product.name,
        producer=attempt.dossier.product.producer.name,
        commune=attempt.dossier.product.place.title,
        kind=attempt.dossier.kind.label,
        set_name=f"{criteria.name} (bộ số {criteria.number})",
        presentation=said.get("presentation", ""),
        findings=visit.findings if visit else "",
        discussion=said.get("discussion", ""),
        scores=_scores(product),
        twice=product.scoring > 1,
        mean=points(result.mean_cut),
        spread=points(result.spread),
        first_spread=_first_spread(product),
        stars=star_words(None if result.eliminated else result.stars),
        missed_gates=missed_gates(result, criteria),
        eliminated=[ground(criteria, code) for code in result.eliminated],
        opinions=[f"{s.member.person.name}: {s.opinion}" for s in product.sheets if s.opinion],
        follows=follows(result),
        conclusion=product.conclusion,
        override_reason=result.override_reason or "",
    )


def _scores(product: SessionProduct) -> list[ScoreLine]:
    totals = {(sheet.member_id, sheet.scoring): str(sheet.total) for sheet in product.sheets}
    recused = {recusal.member_id for recusal in product.recusals}
    absent = set(product.session.absent)
    return [
        ScoreLine(
            no=no,
            name=seat.person.name,
            post=seat.post,
            first=totals.get((seat.id, 1), "–"),
            second=totals.get((seat.id, 2), "–") if product.scoring > 1 else "",
            note="từ chối chấm" if seat.id in recused else ("vắng mặt" if seat.id in absent else ""),
        )
        for no, seat in enumerate(seats(product.session), start=1)
    ]


def _first_spread(product: SessionProduct) -> str:
    totals = [sheet.total for sheet in product.sheets if sheet.scoring == 1]
    return points(max(totals) - min(totals)) if totals and product.scoring > 1 else ""


def _checked(making: Making, meeting: CouncilSession, product: SessionProduct, no: int) -> CheckedLine:
    attempt = product.attempt
    line = product_line(making.session, attempt, no)
    report, visit = attempt.commune_assessment, attempt.visits[-1] if attempt.visits else None
    missing = [f"thiếu: {kind.label}" for kind in missing_kinds(attempt)]
    expired = [
        f"hết hạn trước ngày họp: {p.title} ({short_date(p.expires_on)})" for p in expired_by(attempt, meeting.held_on)
    ]
    return CheckedLine(
        no=no,
        product=line.product,
        producer=line.producer,
        commune=line.commune,
        commune_report=f"số {report.report_number}, {short_date(report.signed_on)}" if report else "",
        findings=visit.findings if visit else "",
        open_points="; ".join(missing + expired),
    )
