"""What goes into scoring: the sheets of the members, the rules of the council, and the request as JSON.

The request is the fixed contract of `ocop score`; the sheets and rules are also what the council step passes
when the rows come from the database. Points are whole points of the chosen option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StrictBool, StrictInt, StringConstraints

from models.regimes.parts import CouncilDefaults, GateRule

_MOST_DIGITS = 30
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]

# Points are checked against the criteria set, which knows the options to name, not by the schema.
Given = Annotated[int, PlainValidator(lambda value: value)]


def _exact(value: object) -> Fraction:
    """A JSON number as it was written; binary floats and booleans are refused."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, Fraction)):
        raise ValueError("phải là một số")
    # 1e-999999999 is a legal JSON number and would take gigabytes as a fraction
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS):
        raise ValueError("số quá lớn hoặc quá nhỏ")
    return Fraction(value)


def _share(value: object) -> Fraction:
    share = _exact(value)
    if not 0 < share <= 1:
        raise ValueError("phải lớn hơn 0 và không quá 1")
    return share


def _limit(value: object) -> Fraction:
    limit = _exact(value)
    if limit < 0:
        raise ValueError("không được âm")
    return limit


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    """What a member is in the council; chair or vice-chair must be among those who score."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"


class Sheet(_Input):
    """One member's score sheet: criterion code → points of the chosen option.

    It counts when the member is present and not recused; of the others `choices` may be incomplete [ours].
    """

    member: Name
    role: Role
    present: StrictBool = True
    recused: StrictBool = False
    choices: Mapping[str, Given] = {}

    @property
    def counts(self) -> bool:
        """Whether the sheet goes into the result."""
        return self.present and not self.recused


class CouncilSettings(_Input):
    """A council's own settings; what is left out is the regime's default."""

    quorum: Annotated[Fraction, PlainValidator(_share)] | None = None
    spread_limit: Annotated[Fraction, PlainValidator(_limit)] | None = None
    gate_rule: GateRule | None = None


class ScoreRequest(_Input):
    """One line of `ocop score`."""

    regime: Name
    number: StrictInt = Field(alias="set")
    case: StrictInt | None = None
    sheets: tuple[Sheet, ...]
    council: CouncilSettings | None = None
    eliminations: tuple[Name, ...] = ()
    scoring: Annotated[StrictInt, Field(ge=1, le=2)] = 1


@dataclass(frozen=True)
class CouncilRules:
    """How a council decides: share of members needed (0–1], greatest spread in points, how gates are met."""

    quorum: Fraction
    spread_limit: Fraction
    gate_rule: Literal["mean", "every_member"]
    chair_present: bool = True

    @classmethod
    def of(cls, defaults: CouncilDefaults, own: CouncilSettings | None = None) -> CouncilRules:
        """The council's own settings over the regime's defaults."""
        own = own or CouncilSettings()
        return cls(
            quorum=defaults.quorum if own.quorum is None else own.quorum,
            spread_limit=defaults.spread_limit if own.spread_limit is None else own.spread_limit,
            gate_rule=own.gate_rule or defaults.gate_rule,
            chair_present=defaults.chair_present,
        )
