"""The frame of a paper: its head, number, bases, signature, recipients, from the office's settings and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.kinds import By, Kind, common_bases, ministry
from models.documents.paper import Signature
from models.documents.settings import HeadSettings, PaperSettings, paper_settings
from models.documents.words import COMMITTEE, basis, decision_basis, ended, head_lines, listed, number_line
from models.enums import Level, OfficeKind, Role
from models.offices.places import TWO_LEVELS_FROM
from models.regimes import Regime
from models.tables import Capacity, Council, CyclePlan, Office, Person
from models.vietnamese import long_date

DEPUTY = "Phó Chủ tịch"


@dataclass(frozen=True)
class Making:
    """What every builder is given: the data, and the day on which the paper is made."""

    session: Session
    today: date


@dataclass(frozen=True)
class Frame:
    """One office's way of framing papers on a day."""

    session: Session
    office: Office
    on: date

    @cached_property
    def settings(self) -> PaperSettings:
        """What the office has set."""
        return paper_settings(self.office)

    @property
    def place(self) -> str:
        """Where papers of the office are dated from."""
        return self.settings.place or (self.office.place.name if self.office.place else "")

    @cached_property
    def authority(self) -> Office | None:
        """The People's Committee that the office works for."""
        code = self.office.settings.get("authority")
        query = select(Office).where(Office.kind == OfficeKind.AUTHORITY).order_by(Office.id)
        return self.session.scalars(query.where(Office.code == code) if code else query).first()

    @property
    def authority_name(self) -> str:
        """Its name, short: `UBND huyện Thọ Xuân`."""
        return self.authority.name if self.authority else ""

    @cached_property
    def above(self) -> str:
        """Who stands above it: what is forwarded goes there."""
        authority = self.authority
        if self.settings.above:
            return self.settings.above
        if authority is not None and authority.parent is not None:
            return authority.parent.name
        provinces = select(Office).where(Office.kind == OfficeKind.AUTHORITY, Office.level == Level.PROVINCE)
        province = self.session.scalars(provinces).first()
        if authority is not None and authority.level is Level.DISTRICT and province is not None:
            return province.name
        return ministry(self.on)

    @property
    def communes(self) -> str:
        """The People's Committees of the communes, as they are called together on the day."""
        return "UBND các xã, phường" if self.on >= TWO_LEVELS_FROM else "UBND các xã, thị trấn"

    def symbol(self, kind: Kind) -> str:
        """What follows the number of such a paper."""
        set_ = self.settings.symbols.get(kind.code)
        return set_ or kind.symbol.format(abbr=self.settings.abbreviation)

    def parts(
        self,
        kind: Kind,
        *,
        number: str | None = None,
        dated: date | None = None,
        bases: Sequence[str] = (),
        signer: str = "",
        unit: Office | None = None,
        council: Council | None = None,
        commune: str = "",
    ) -> dict[str, Any]:
        """The fields of `Paper`. `unit`: the commune's office; `commune`: its name in the recipients."""
        head = self._head(kind, unit, council)
        place = unit.place.name if kind.by is By.COMMUNE and unit and unit.place else self.place
        return {
            "superior": head.superior or "",
            "issuer": list(head.issuer),
            "number_line": number_line(number, self.symbol(kind)),
            "place_and_date": f"{place}, {long_date(dated, self.on.year)}",
            "bases": ended(bases),
            "signature": self.signature(kind, signer, unit, council),
            "recipients": self._recipients(kind, commune),
            "number": number or None,
            "dated": dated,
        }

    @property
    def law(self) -> list[str]:
        """The law texts and what the office added."""
        texts = common_bases(self.on) if self.settings.law is None else self.settings.law
        return [*texts, *self.settings.bases]

    def bases(self, plan: CyclePlan, regimes: Sequence[Regime]) -> list[str]:
        """The law, what the office added, the decisions of the regimes, and the plan's own bases; each once."""
        own = [basis(entry) for entry in plan.legal_bases]
        return [*self.law, *decisions_of(regimes, (*self.law, *own)), *own]

    def _head(self, kind: Kind, unit: Office | None, council: Council | None) -> HeadSettings:
        set_ = self.settings.heads.get(kind.by.value)
        if set_ is not None and set_.issuer:
            return set_
        above = self.authority_name.upper()
        council_name = council.name.upper() if council else ""
        heads = {
            By.OFFICE: HeadSettings(superior=above, issuer=(self.office.name.upper(),)),
            By.AUTHORITY: HeadSettings(issuer=tuple(head_lines(self.authority_name))),
            By.COMMUNE: HeadSettings(issuer=tuple(head_lines(unit.name if unit else ""))),
            By.COUNCIL: HeadSettings(superior=above, issuer=(council_name,)),
            By.ADVISORY: HeadSettings(superior=council_name, issuer=(self.settings.advisory_team.upper(),)),
            By.NOBODY: HeadSettings(),
        }
        return heads[kind.by]

    def signature(
        self, kind: Kind, signer: str = "", unit: Office | None = None, council: Council | None = None
    ) -> Signature:
        """Who signs such a paper; `signer`: as recorded, counts before the name in the settings."""
        set_ = self.settings.signatures.get(kind.code) or self.settings.signatures.get(kind.by.value)
        if set_ is not None:
            return Signature([line.upper() for line in set_.before], set_.post.upper(), signer or set_.name)
        if kind.by is By.AUTHORITY:
            return self._of_committee(self.authority, signer)
        if kind.by is By.COMMUNE:
            return self._of_committee(unit, signer)
        if kind.by is By.COUNCIL:
            return Signature(["TM. HỘI ĐỒNG"], "CHỦ TỊCH", signer or _chair(council))
        if kind.by is By.ADVISORY:
            return Signature(["TM. TỔ TƯ VẤN"], "TỔ TRƯỞNG", signer)
        return Signature([], "CHÁNH VĂN PHÒNG", signer or self._head_of_office())

    def _of_committee(self, office: Office | None, signer: str) -> Signature:
        leader = self._holder(office, Role.LEADER)
        deputy = leader is not None and leader.title.startswith(DEPUTY)
        before = [f"TM. {COMMITTEE.upper()}", *(["KT. CHỦ TỊCH"] if deputy else [])]
        name = signer or (leader.person.name if leader else "")
        return Signature(before, "PHÓ CHỦ TỊCH" if deputy else "CHỦ TỊCH", name)

    def _head_of_office(self) -> str:
        chief = self._holder(self.office, Role.COORDINATOR, "Chánh")
        return chief.person.name if chief else ""

    def _holder(self, office: Office | None, role: Role, title: str = "") -> Capacity | None:
        if office is None:
            return None
        query = select(Capacity).join(Person).where(Capacity.office_id == office.id, Capacity.role == role)
        holders = [c for c in self.session.scalars(query.order_by(Capacity.id)) if c.holds_on(self.on)]
        return next((c for c in holders if c.title.startswith(title)), None)

    def _recipients(self, kind: Kind, commune: str) -> list[str]:
        set_ = self.settings.recipients.get(kind.code)
        if set_ is not None:
            return listed(set_)
        names = {
            "abbr": self.settings.abbreviation,
            "authority": self.authority_name,
            "above": self.above,
            "commune": f"UBND {commune}" if commune else "UBND cấp xã",
            "communes": self.communes,
        }
        return listed([line.format_map(names) for line in kind.recipients])


def decisions_of(regimes: Sequence[Regime], known: Sequence[str] = ()) -> list[str]:
    """The decisions that make the regimes, as bases; not those that `known` ones name already."""
    made_by = {one.no: one for regime in regimes for one in regime.decisions}
    return [decision_basis(one) for no, one in made_by.items() if not any(f" {no} " in f"{text} " for text in known)]


def _chair(council: Council | None) -> str:
    seats = council.members if council else []
    return next((seat.person.name for seat in seats if seat.role.value == "chair"), "")
