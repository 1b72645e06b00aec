"""Whose a case is: which dossiers, items, rounds, certificates and scores a person may see (domain.md §9).

Each rule is written once, as the condition of a query (`…_visible`); lists put it into their query, and the predicates
(`may_see_…`) ask the same condition of one row. `capacities` are those in which the person acts on that day, own ones
and those of whom they stand in for: `[held.capacity for held in models.acting.capacities_of(…)]`.
"""

from models.access.certificates import certificates_of_offices, certificates_visible, may_see_certificate
from models.access.dossiers import dossiers_visible, may_see_dossier
from models.access.items import items_visible, may_see_item, may_see_outcomes
from models.access.rounds import may_see_round, rounds_visible, sees_whole_round
from models.access.scores import (
    may_see_result,
    may_see_scores,
    may_see_sheet,
    may_see_who_submitted,
    sheets_visible,
)

__all__ = [
    "certificates_of_offices",
    "certificates_visible",
    "dossiers_visible",
    "items_visible",
    "may_see_certificate",
    "may_see_dossier",
    "may_see_item",
    "may_see_outcomes",
    "may_see_result",
    "may_see_round",
    "may_see_scores",
    "may_see_sheet",
    "may_see_who_submitted",
    "rounds_visible",
    "sees_whole_round",
    "sheets_visible",
]
