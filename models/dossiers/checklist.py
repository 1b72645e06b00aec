"""The list of papers of a dossier: the regime's, as the office has changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.enums import Role
from models.errors import FinalError, InputError, NotAllowedError
from models.forms import problems_of
from models.regimes import EvidenceKind, load_regime
from models.tables import Office

SETTING = "checklist"


@dataclass(frozen=True)
class CheckEntry:
    """One kind of paper; `local`: the office has its own word on it [local]."""

    kind: EvidenceKind
    mandatory: bool
    note: str
    local: bool


class OwnEntry(BaseModel):
    """What an office says of one kind of paper; empty: as the regime has it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    mandatory: bool | None = Field(default=None, title="Bắt buộc")
    note: str = Field(default="", title="Hướng dẫn của văn phòng", max_length=1000)


OWN = TypeAdapter(dict[EvidenceKind, OwnEntry])


def checklist_of(regime: str, office: Office) -> list[CheckEntry]:
    """The fifteen kinds in their order, as they hold in this office.

    Raises:
        FinalError: the office's setting cannot be read.
    """
    own = _own(office)
    found = []
    for item in load_regime(regime).checklist:
        entry = own.get(item.kind)
        mandatory = item.mandatory if entry is None or entry.mandatory is None else entry.mandatory
        found.append(CheckEntry(item.kind, mandatory, entry.note if entry else "", entry is not None))
    return found


def set_checklist(session: Session, office: Office, data: Any, who: Actor, now: datetime) -> None:
    """Keep what the office says of its papers, in place of what it said before.

    Raises:
        NotAllowedError: neither a coordinator of this office nor an administrator.
        InputError: an unknown kind, or a wrong value.
    """
    if not (who.role is Role.ADMINISTRATOR or (who.role is Role.COORDINATOR and who.office_id == office.id)):
        raise NotAllowedError(
            f"Không được sửa danh mục giấy tờ của {office.name}.",
            field="actor",
            remedy="Cán bộ điều phối của văn phòng hoặc quản trị mới sửa được.",
        )
    try:
        own = OWN.validate_python(data)
    except ValidationError as error:
        raise InputError.of(problems_of(error)) from error
    kept = {kind.value: entry.model_dump(exclude_defaults=True) for kind, entry in own.items() if entry != OwnEntry()}
    before = office.settings.get(SETTING, {})
    office.settings = {**office.settings, SETTING: kept}
    facts = {"before": before, "after": kept}
    audit.record(session, who, "office.checklist", f"office:{office.id}", now, data=facts)


def _own(office: Office) -> dict[EvidenceKind, OwnEntry]:
    try:
        return OWN.validate_python(office.settings.get(SETTING) or {})
    except ValidationError as error:
        raise FinalError(
            f"Danh mục giấy tờ riêng của {office.name} sai.",
            field="settings.checklist",
            remedy="Ghi dạng {test_sheets: {mandatory: true, note: '…'}}.",
        ) from error
