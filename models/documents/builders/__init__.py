"""What each kind of paper says: queries that give small typed records. Importing this package registers them all."""

from models.documents.builders import (
    certificates,
    councils,
    decisions,
    dossiers,
    forwarding,
    notices,
    rounds,
    sheets,
    years,
)

__all__ = ["certificates", "councils", "decisions", "dossiers", "forwarding", "notices", "rounds", "sheets", "years"]
