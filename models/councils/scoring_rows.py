"""From the rows of a session to the scoring engine and back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import Any

from pydantic import ValidationError

from models.criteria import load_set
from models.errors import InputError
from models.regimes import load_regime
from models.scoring import CouncilRules, CouncilSettings, Role, Sheet, evaluate
from models.scoring.problems import input_error
from models.scoring.result import Result
from models.tables import CouncilMember, ScoreSheet, SessionProduct


def evaluate_product(
    product: SessionProduct, absent: list[int] | None = None, eliminations: list[str] | None = None
) -> Result:
    """What the engine says of one product with the sheets of its current scoring.

    `absent` (seats) and `eliminations` default to what the session has recorded. A member recorded as absent who
    handed in a sheet of this scoring was there for this product: a sheet handed in always counts [ours].

    Raises:
        InputError: a sheet does not fit the criteria set, or a ground of elimination is unknown.
    """
    attempt = product.attempt
    away = set(product.session.absent if absent is None else absent)
    sheets = {sheet.member_id: sheet for sheet in product.sheets if sheet.scoring == product.scoring}
    recused = {recusal.member_id for recusal in product.recusals}
    regime = load_regime(attempt.regime)
    return evaluate(
        load_set(attempt.criteria_source, attempt.criteria_set),
        attempt.case,
        [
            _sheet(
                member,
                sheets.get(member.id),
                away=member.id in away and member.id not in sheets,
                recused=member.id in recused,
            )
            for member in product.session.council.members
        ],
        rules_of(product),
        regime,
        product.eliminations if eliminations is None else eliminations,
        product.scoring,
    )


def rules_of(product: SessionProduct) -> CouncilRules:
    """The council's own rules over the regime's defaults."""
    defaults = load_regime(product.attempt.regime).council
    return CouncilRules.of(defaults, own_rules(product.session.council.rules))


def own_rules(rules: dict[str, Any]) -> CouncilSettings:
    """The rules that a council's own decision sets, as they are kept: numbers as text.

    Raises:
        InputError: an unknown rule, or a value that it cannot have (all are listed).
    """
    try:
        return CouncilSettings.model_validate({name: _number(value) for name, value in rules.items()})
    except ValidationError as error:
        raise input_error(error) from error


def _number(value: object) -> object:
    # As written: a binary 0.1 would not be a tenth. What is no number is left for the schema to name.
    try:
        return Decimal(str(value))
    except DecimalException:
        return value


def check_choices(product: SessionProduct, member: CouncilMember, choices: dict[str, int]) -> int:
    """The total of one complete sheet.

    Raises:
        InputError: a criterion is missing or unknown, or a choice is no option.
    """
    attempt = product.attempt
    sheet = Sheet(member=member.person.code, role=Role(member.role.value), choices=choices)
    try:
        result = evaluate(
            load_set(attempt.criteria_source, attempt.criteria_set),
            attempt.case,
            [sheet],
            rules_of(product),
            load_regime(attempt.regime),
        )
    except InputError as error:
        raise InputError.of(replace(p, field=p.field.removeprefix("sheets[0].")) for p in error.problems) from error
    return int(result.totals[member.person.code])


def _sheet(member: CouncilMember, sheet: ScoreSheet | None, *, away: bool, recused: bool) -> Sheet:
    return Sheet(
        member=member.person.code,
        role=Role(member.role.value),
        present=not away,
        recused=recused,
        choices=dict(sheet.choices) if sheet is not None else {},
    )
