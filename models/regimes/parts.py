"""The smaller pieces of a regime: decisions, forwarding, council, checklist, certificate, transition."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.enums import Labelled
from models.regimes.bodies import Body
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.regimes.terms import Days, Part, Source

Points = Annotated[int, Field(strict=True, ge=0, le=100)]
Flag = Annotated[bool, Field(strict=True)]
GateRule = Literal["mean", "every_member"]


class CodePart(Labelled):
    """One part of a product's code (domain.md §7), in the order in which a regime writes them."""

    PROVINCE = "province", "tỉnh"
    DISTRICT = "district", "huyện"
    COMMUNE = "commune", "xã"
    SERIAL = "serial", "số thứ tự"
    YEAR = "year", "năm"


def _exact(value: object) -> object:
    """Refuse binary fractions: 0.7 would not be 7/10."""
    if isinstance(value, (float, bool)):
        raise ValueError("viết số đúng trong nháy, ví dụ '3/4'")
    return value


Exact = Annotated[Fraction, BeforeValidator(_exact)]


class Decision(Part):
    """A decision that makes the regime; `date` is the day it was signed, null when not known to us.

    `lapsed_on` is the first day on which it is no longer in force.
    """

    no: str
    date: dt.date | None
    by: str
    in_force_from: dt.date
    lapsed_on: dt.date | None = None


class ForwardRule(Part):
    """Products with at least `from_points` points (mean) go on to a higher level."""

    from_points: Points
    to: Body


class CouncilDefaults(Part):
    """How a council works unless its own decision says otherwise; the law fixes none but the last (§4).

    `quorum` is the share of members, not recused, that must be present; `spread_limit` is in points (max −
    min of the members' totals); more than it forces a second scoring. `sources` names where each comes from.
    """

    quorum: Annotated[Exact, Field(gt=0, le=1)]
    chair_present: Flag
    spread_limit: Annotated[Exact, Field(ge=0, le=100)]
    gate_rule: GateRule
    members_from: Days
    members_to: Days
    secret_until_closed: Flag
    written_opinions_for: tuple[DossierKind, ...]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.members_to < self.members_from:
            raise ValueError("members_to nhỏ hơn members_from")
        settings = set(type(self).model_fields) - {"sources"}
        if set(self.sources) != settings:
            raise ValueError(f"sources phải nêu nguồn của đúng các mục: {', '.join(sorted(settings))}")
        return self


class ChecklistItem(Part):
    """One kind of evidence and whether a dossier is returned without it; offices may change it."""

    kind: EvidenceKind
    mandatory: Flag

    @property
    def label(self) -> str:
        """The Vietnamese name of the evidence."""
        return self.kind.label


class Submission(Part):
    """What is handed in to the council's office: copies and samples (pieces); null where no number is set."""

    paper_sets: Days
    electronic_sets: Days
    samples: Days | None
    tourism_samples: Literal[0]
    tourism_field_visit_before_council: Flag
    source: Source


class CertificateRules(Part):
    """Days of a certificate's life counted from the end of its validity; null where the law has none (§5).

    `production_stopped_ground`: the ground whose days to decide start with the commune's confirmation."""

    valid_months: Days
    notice_days_before: Days | None
    renewal_opens_days: Days | None
    renewal_closes_days: Days | None
    extended_days: Days | None
    decided_within_days: Days | None
    revoked_within_days: Days | None
    revocation_grounds: tuple[str, ...]
    production_stopped_ground: str | None = None
    source: Source

    @model_validator(mode="after")
    def _ground_known(self) -> Self:
        if self.production_stopped_ground not in {None, *self.revocation_grounds}:
            raise ValueError("production_stopped_ground phải là một trong revocation_grounds")
        return self

    @model_validator(mode="after")
    def _window_whole(self) -> Self:
        window = (self.renewal_opens_days, self.renewal_closes_days, self.extended_days)
        if (window.count(None)) not in {0, len(window)}:
            raise ValueError("cửa sổ đánh giá lại phải có đủ ngày mở, ngày đóng và số ngày kéo dài")
        opens, closes, _ = window
        if opens is not None and closes is not None and opens <= closes:
            raise ValueError("cửa sổ đánh giá lại phải mở trước khi đóng")
        return self


class Transition(Part):
    """Dossiers filed under an older regime and not evaluated when the new one starts (26/2026 Điều 11–12).

    `days` are calendar days from `starts`; they are dates in law and do not move with days off.
    """

    starts: dt.date
    from_regimes: tuple[str, ...]
    days: dict[DossierKind, Days]
    old_lapse_on: dt.date
    source: Source

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if set(self.days) != set(DossierKind):
            raise ValueError("days phải có đủ ba loại hồ sơ")
        if self.old_lapse_on != max(self.finish_by(kind) for kind in DossierKind):
            raise ValueError("old_lapse_on phải là ngày cuối của thời hạn chuyển tiếp dài nhất")
        return self

    def finish_by(self, kind: DossierKind) -> dt.date:
        """The last day to finish a pending dossier of this kind."""
        return self.starts + dt.timedelta(days=self.days[kind])
