"""Clocks of work items can be suspended.

Revision ID: 0004
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add since when the clock of an item stands; no clock of before ever stood."""
    with op.batch_alter_table("work_items") as table:
        table.add_column(sa.Column("suspended_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop it; the ledger still says when a clock stood."""
    with op.batch_alter_table("work_items") as table:
        table.drop_column("suspended_on")
