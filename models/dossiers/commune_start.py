"""What the commune's report (form 03) may start from: what the producer described on each topic."""

from __future__ import annotations

import re
from typing import Any

from models.criteria import load_set
from models.dossiers.evidence import in_force
from models.enums import CommuneTopic
from models.regimes.evidence_kinds import EvidenceKind
from models.searching import folded
from models.tables import DossierAttempt

PAPERS = {
    CommuneTopic.ORIGIN: {EvidenceKind.MATERIAL_ORIGIN},
    CommuneTopic.LABOUR: {EvidenceKind.LOCAL_LABOUR},
    CommuneTopic.IDEA: {EvidenceKind.PRODUCT_STORY},
    CommuneTopic.IDENTITY: {EvidenceKind.PRODUCT_STORY},
}
"""Which papers speak to which topic [ours]."""


def report_prefilled(attempt: DossierAttempt) -> dict[str, Any]:
    """The four topics with the producer's own words; what was found is left to the officer."""
    return {"findings": {topic.value: {"described": described(attempt, topic)} for topic in CommuneTopic}}


def described(attempt: DossierAttempt, topic: CommuneTopic) -> str:
    """What the producer says on a topic: the points it gave itself there with the proof, and its papers."""
    said = [*_own_words(attempt, topic), *_answers(attempt, topic)]
    titles = [paper.title for paper in in_force(attempt) if paper.kind in PAPERS[topic]]
    return ". ".join(said + ([f"Giấy tờ: {', '.join(titles)}"] if titles else []))


def _own_words(attempt: DossierAttempt, topic: CommuneTopic) -> list[str]:
    form = attempt.self_assessment
    if topic is CommuneTopic.LABOUR and form.get("workers") is not None:
        return [f"{form['workers']} lao động, {form.get('local_workers') or 0} tại địa phương"]
    if topic is CommuneTopic.IDENTITY and form.get("product_description"):
        return [str(form["product_description"]).strip().rstrip(".")]
    return []


def _answers(attempt: DossierAttempt, topic: CommuneTopic) -> list[str]:
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    scores, proofs = (attempt.self_assessment.get(name) or {} for name in ("scores", "proofs"))
    found = []
    for criterion in criteria.criteria.values():
        if _words(criterion.commune_topic or "") == _words(topic.label) and criterion.code in scores:
            points = scores[criterion.code]
            chosen = next((one.label for one in criterion.options if one.points == points), f"{points} điểm")
            found += [chosen.rstrip("."), *([proofs[criterion.code]] if proofs.get(criterion.code) else [])]
    return found


def _words(text: str) -> list[str]:
    """A topic as the criteria sets print it is that of the form, but for the signs between the words."""
    return re.findall(r"\w+", folded(text))
