"""Where a term comes from stands in the ledger in words, without the mark of the regime's file.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WORDS = {"([law] ": "(theo ", "([local] ": "(quy định của địa phương: ", "([ours] ": "("}


def upgrade() -> None:
    """Reword the entries that are there; what they count does not change."""
    entries = sa.table("clock_entries", sa.column("rule", sa.String()))
    for mark, words in WORDS.items():
        marked = entries.c.rule.contains(mark, autoescape=True)
        op.execute(entries.update().where(marked).values(rule=sa.func.replace(entries.c.rule, mark, words)))


def downgrade() -> None:
    """The words stay: the version before reads them as well."""
