"""Clocks of work items can be suspended.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add since when the clock of an item stands; no clock of before ever stood."""
    op.add_column("work_items", sa.Column("suspended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop it; the ledger still says when a clock stood.

    Without a batch: SQLite would rebuild the table, to which others refer.
    """
    op.drop_column("work_items", "suspended_on")
