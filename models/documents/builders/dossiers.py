"""Papers of a dossier: forms 01 and 02, the commune's report (form 03), the request to supplement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.criteria import load_set
from models.documents.builders.common import address_of, frame_of_plan, outcome_at
from models.documents.building import builds
from models.documents.framing import Frame, Making
from models.documents.kinds import Kind
from models.documents.paper import Paper, Signature
from models.documents.words import raised, spelled_out, star_words
from models.dossiers.evidence import in_force
from models.enums import CommuneTopic, Level, OfficeKind, OrganisationForm
from models.offices.history import place_of_attempt
from models.process.kinds import StepKind
from models.regimes import Body, EvidenceKind, load_regime
from models.subjects import attempt_subject, item_key
from models.tables import DossierAttempt, Evidence, Office, Place, WorkItem
from models.vietnamese import long_date, short_date
from models.work_items.closing import find_item


@dataclass(frozen=True)
class PaperLine:
    """One paper of the dossier."""

    no: int
    kind: str
    title: str
    number: str
    issued_on: str
    expires_on: str
    pages: str


@dataclass(frozen=True)
class ScoreRow:
    """One criterion of the self-assessment: the most points, the producer's own, what proves them."""

    level: str
    code: str
    name: str
    most: str
    own: str
    proof: str


@dataclass(frozen=True)
class TopicRow:
    """One of the commune's four topics."""

    no: int
    topic: str
    described: str
    found: str
    agrees: str


@dataclass(frozen=True, kw_only=True)
class ProducerPaper(Paper):
    """What forms 01, 02 and 03 say of the producer and the product."""

    producer: str
    form: str
    registration: str
    registered_on: str
    address: str
    phone: str
    email: str
    representative: str
    representative_post: str
    representative_sex: str
    representative_ethnic_group: str
    product: str
    dossier: str
    branch: str
    group: str
    subgroup: str
    set_name: str
    kind_name: str
    target: str
    round_title: str
    commune: str


@dataclass(frozen=True, kw_only=True)
class RegistrationPaper(ProducerPaper):
    """Form 01: registration."""

    addressees: list[str]
    attachments: list[PaperLine]
    samples: str
    day: str


@dataclass(frozen=True, kw_only=True)
class SelfAssessmentPaper(ProducerPaper):
    """Form 02: general facts, results, self-scores with proof, plan."""

    results: list[str]
    rows: list[ScoreRow]
    total: str
    plan: list[str]
    day: str


@dataclass(frozen=True, kw_only=True)
class CommuneReportPaper(ProducerPaper):
    """Form 03: the commune's report on the four topics."""

    addressees: list[str]
    committee: str
    topics: list[TopicRow]
    proposes: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class SupplementPaper(Paper):
    """The request to supplement a dossier, by the office's check or by the consultant."""

    addressees: list[str]
    product: str
    producer: str
    dossier: str
    round_title: str
    findings: str
    requests: list[str]
    until: str


@builds("registration_form", fields=RegistrationPaper)
def registration_form(making: Making, kind: Kind, attempt: DossierAttempt) -> RegistrationPaper:
    """Form 01 as it was handed in."""
    frame = frame_of_plan(making, attempt.round.plan)
    sets = load_regime(attempt.regime).submission
    samples = _text(attempt.registration, "samples") or (str(sets.samples) if sets and sets.samples else "")
    return RegistrationPaper(
        addressees=[spelled_out(frame.authority_name), frame.office.name],
        attachments=[_paper(paper, no) for no, paper in enumerate(_ordered(attempt), start=1)],
        samples=f"{samples} mẫu" if samples.isdigit() else samples,
        day=long_date(attempt.received_on),
        **_about(making.session, attempt),
        **_frame(frame, kind, making.session, attempt),
    )


@builds("self_assessment", fields=SelfAssessmentPaper)
def self_assessment(making: Making, kind: Kind, attempt: DossierAttempt) -> SelfAssessmentPaper:
    """Form 02 as it was handed in."""
    frame = frame_of_plan(making, attempt.round.plan)
    stated = attempt.self_assessment
    scores = _scores(stated)
    return SelfAssessmentPaper(
        results=[*_lines(stated, "results"), *_years(stated)],
        rows=_self_scores(attempt, scores),
        total=str(sum(scores.values())) if scores else "",
        plan=_lines(stated, "plan"),
        day=long_date(attempt.received_on),
        **_about(making.session, attempt),
        **_frame(frame, kind, making.session, attempt),
    )


@builds("commune_report", fields=CommuneReportPaper)
def commune_report(making: Making, kind: Kind, attempt: DossierAttempt) -> CommuneReportPaper:
    """Form 03 as it was recorded; before that a draft for the commune to fill in."""
    frame = frame_of_plan(making, attempt.round.plan)
    report = attempt.commune_assessment
    place = place_of_attempt(making.session, attempt)
    unit = _commune_office(making.session, place)
    found = {finding.topic: finding for finding in (report.findings if report else [])}
    recorded = outcome_at(making.session, attempt_subject(attempt.id), StepKind.COMMUNE_ASSESSMENT)
    topics = []
    for no, topic in enumerate(CommuneTopic, start=1):
        finding = found.get(topic)
        agrees = "" if finding is None else ("đúng" if finding.agrees else "chưa đúng")
        topics.append(
            TopicRow(no, topic.label, finding.described if finding else "", finding.found if finding else "", agrees)
        )
    return CommuneReportPaper(
        addressees=[spelled_out(_asked(frame, attempt))],
        committee=spelled_out(unit.name if unit else f"UBND {place.title}"),
        topics=topics,
        proposes=report.proposes if report else True,
        note=str(recorded.get("note", "")),
        case="" if report is None else ("proposed" if report.proposes else "not_proposed"),
        **_about(making.session, attempt),
        **frame.parts(
            kind,
            number=report.report_number if report else None,
            dated=report.signed_on if report else None,
            signer=report.signer if report else "",
            unit=unit,
        ),
    )


@builds("supplement_request", fields=SupplementPaper)
def supplement_request(making: Making, kind: Kind, item: WorkItem) -> SupplementPaper | None:
    """What a dossier lacks: after the office's check, or after a visit of the consultant."""
    if item.outcome is None or item.attempt is None:
        return None
    data, code = item.outcome.data, item.outcome.code
    if item.kind is StepKind.REGISTRATION_CHECK and code == "returned":
        requests = [EvidenceKind(kind_).label for kind_ in data.get("missing", [])]
        findings, until = str(data.get("note", "")), _last_day(item.attempt)
    elif item.kind is StepKind.CONSULTING and code == "not_ready":
        requests, findings = [str(one) for one in data["requests"]], str(data["findings"])
        asked = find_item(making.session, item_key(item.subject, StepKind.SUPPLEMENT, item.turn))
        until = asked.due_on if asked is not None else None
    else:
        return None
    attempt = item.attempt
    frame = frame_of_plan(making, attempt.round.plan)
    place = place_of_attempt(making.session, attempt)
    return SupplementPaper(
        addressees=[attempt.dossier.product.producer.name],
        product=attempt.dossier.product.name,
        producer=attempt.dossier.product.producer.name,
        dossier=attempt.dossier.code,
        round_title=attempt.round.title,
        findings=findings.rstrip("."),
        requests=[line.rstrip(" .;") for line in requests],
        until=long_date(until) if until else "",
        case=code,
        **frame.parts(kind, commune=place.title),
    )


def _last_day(attempt: DossierAttempt) -> date | None:
    """Until when a dossier that went back may come again: the end of the round's registration."""
    return attempt.round.registration_closes_on


def _about(session: Session, attempt: DossierAttempt) -> dict[str, Any]:
    """The producer and the product; what forms 01 and 02 state counts before what is known otherwise."""
    product, place = attempt.dossier.product, place_of_attempt(session, attempt)
    producer, stated = product.producer, {**attempt.self_assessment, **attempt.registration}
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)

    def said(name: str, otherwise: str | None = "") -> str:
        return _text(stated, name) or otherwise or ""

    return {
        "producer": said("unit", producer.name),
        "form": _form_of(said("organisation_form")) or producer.form.label,
        "registration": said("registration_number", producer.registration_number),
        "registered_on": _day(said("registered_on")) or short_date(producer.registered_on),
        "address": said("address") or address_of(place, producer.address),
        "phone": said("phone", producer.phone),
        "email": said("email", producer.email),
        "representative": said("representative", producer.representative),
        "representative_post": said("post", producer.representative_post),
        "representative_sex": said("representative_sex", producer.representative_sex),
        "representative_ethnic_group": said("representative_ethnic_group", producer.representative_ethnic_group),
        "product": said("product_name", product.name),
        "dossier": attempt.dossier.code,
        "branch": said("branch", criteria.branch),
        "group": said("group", criteria.group),
        "subgroup": said("subgroup", criteria.subgroup),
        "set_name": f"{criteria.name} (bộ số {criteria.number})",
        "kind_name": raised(attempt.dossier.kind.label),
        "target": star_words(attempt.dossier.target_stars),
        "round_title": attempt.round.title,
        "commune": place.title,
    }


def _form_of(name: str) -> str:
    return OrganisationForm(name).label if name in set(OrganisationForm) else name


def _day(text: str) -> str:
    """A day as the forms keep it, in the order of Viet Nam; what is no such day as it stands."""
    try:
        return short_date(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def _frame(frame: Frame, kind: Kind, session: Session, attempt: DossierAttempt) -> dict[str, Any]:
    """The frame of a form that no office issues: dated from the commune, signed by the representative."""
    producer, place = attempt.dossier.product.producer, place_of_attempt(session, attempt)
    name = _text(attempt.registration, "representative") or producer.representative
    parts = frame.parts(kind)
    return parts | {
        "number_line": "",
        "place_and_date": f"{place.name}, {long_date(attempt.received_on)}",
        "signature": Signature([], "ĐẠI DIỆN CHỦ THỂ", name),
        "dated": attempt.received_on,
    }


def _asked(frame: Frame, attempt: DossierAttempt) -> str:
    """Whom the commune asks to evaluate: the level that grants three stars under the dossier's rules."""
    granter = load_regime(attempt.regime).grants[3]
    authority = frame.authority
    district = granter is Body.DISTRICT or authority is None or authority.level is Level.PROVINCE
    return frame.authority_name if district else frame.above


def _commune_office(session: Session, place: Place) -> Office | None:
    query = select(Office).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == place.id)
    return session.scalars(query).first()


def _ordered(attempt: DossierAttempt) -> list[Evidence]:
    return sorted(in_force(attempt), key=lambda paper: paper.kind.number)


def _paper(paper: Evidence, no: int) -> PaperLine:
    first, last = paper.page_from, paper.page_to
    pages = f"{first}–{last}" if first and last and first != last else str(first or last or "")
    return PaperLine(
        no,
        paper.kind.label,
        paper.title,
        paper.number or "",
        short_date(paper.issued_on),
        short_date(paper.expires_on),
        pages,
    )


def _self_scores(attempt: DossierAttempt, scores: Mapping[str, int]) -> list[ScoreRow]:
    told = attempt.self_assessment.get("proofs")
    proofs = {code: [str(text)] for code, text in told.items()} if isinstance(told, Mapping) else {}
    for paper in _ordered(attempt):
        for use in paper.uses:
            proofs.setdefault(use.criterion, []).append(paper.title)
    rows = []
    for part in load_set(attempt.criteria_source, attempt.criteria_set).parts:
        rows.append(ScoreRow("part", part.code, f"PHẦN {part.code}: {part.name.upper()}", str(part.max), "", ""))
        for group in part.groups:
            rows += [
                ScoreRow(
                    "criterion",
                    criterion.code,
                    criterion.name,
                    str(criterion.max),
                    str(scores.get(criterion.code, "")),
                    "; ".join(proofs.get(criterion.code, [])),
                )
                for criterion in group.criteria
            ]
    return rows


def _text(stated: Mapping[str, Any], name: str) -> str:
    value = stated.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _lines(stated: Mapping[str, Any], name: str) -> list[str]:
    """A text of the self-assessment, line by line."""
    return [line.strip() for line in _text(stated, name).splitlines() if line.strip()]


YEAR_WORDS = {
    "revenue": "doanh thu {} triệu đồng",
    "output": "sản lượng {}",
    "profit": "lợi nhuận {} triệu đồng",
    "workers": "{} lao động",
}


def _years(stated: Mapping[str, Any]) -> list[str]:
    """The results of the last years, a line each."""
    years = [one for one in stated.get("growth") or [] if isinstance(one, Mapping)]
    return [
        f"Năm {one.get('year', '')}: "
        + "; ".join(words.format(one[name]) for name, words in YEAR_WORDS.items() if one.get(name) not in (None, ""))
        for one in years
    ]


def _scores(stated: Mapping[str, Any]) -> dict[str, int]:
    """The self-scores by criterion."""
    found = stated.get("scores")
    if not isinstance(found, Mapping):
        return {}
    return {str(code): points for code, points in found.items() if isinstance(points, int)}
