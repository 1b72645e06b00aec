"""What an office sets for its papers: `settings: papers:` of its entry in the office file (docs/giay-to.md)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import FinalError, Problem
from models.forms.base import problems_of
from models.tables import Office

KEY = "papers"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class HeadSettings(_Part):
    """Who issues a paper, as its head says: the body above, then the body itself in one or more lines."""

    superior: str | None = None
    issuer: tuple[str, ...] = ()


class SignatureSettings(_Part):
    """How a paper is signed: `TM.`, `KT.`, `TL.` lines, post, name."""

    before: tuple[str, ...] = ()
    post: str
    name: str = ""


class PaperSettings(_Part):
    """All of it optional; `heads` and `signatures` by who issues (`office`, `authority`, `council`, `advisory`).

    A signature under the name of a kind counts before that of its issuer. `recipients` and `symbols` by kind.
    `bases` are added to those of the plan; `law` stands for the law texts that we know of (empty: none is cited).
    `above`: who is forwarded to.
    """

    place: str | None = None
    abbreviation: str = "VPĐP"
    heads: dict[str, HeadSettings] = Field(default_factory=dict)
    signatures: dict[str, SignatureSettings] = Field(default_factory=dict)
    symbols: dict[str, str] = Field(default_factory=dict)
    recipients: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    bases: tuple[str, ...] = ()
    law: tuple[str, ...] | None = None
    above: str = ""
    advisory_team: str = "Tổ tư vấn giúp việc Hội đồng OCOP"


def paper_settings(office: Office) -> PaperSettings:
    """What the office has set for its papers.

    Raises:
        FinalError: a key or a value that does not exist (all are listed).
    """
    try:
        return PaperSettings.model_validate(office.settings.get(KEY, {}))
    except ValidationError as error:
        found = [
            Problem(f"{office.code}.settings.{KEY}.{p.field}", p.problem, f"Sửa cài đặt của đơn vị. {p.remedy}")
            for p in problems_of(error)
        ]
        final = FinalError(found[0].problem, field=found[0].field, remedy=found[0].remedy)
        final.problems = found
        raise final from error
