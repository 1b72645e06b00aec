"""The 52 criteria sets as data: what a member may give, what a star needs, what throws a product out."""

from models.criteria.loader import SET_NUMBERS, SOURCES, list_sets, load_set
from models.criteria.schema import (
    DOSSIER,
    CriteriaSet,
    Criterion,
    Fault,
    FaultKind,
    Gate,
    Group,
    Note,
    NoteKind,
    Option,
    Part,
    Subgroup,
)

__all__ = [
    "DOSSIER",
    "SET_NUMBERS",
    "SOURCES",
    "CriteriaSet",
    "Criterion",
    "Fault",
    "FaultKind",
    "Gate",
    "Group",
    "Note",
    "NoteKind",
    "Option",
    "Part",
    "Subgroup",
    "list_sets",
    "load_set",
]
