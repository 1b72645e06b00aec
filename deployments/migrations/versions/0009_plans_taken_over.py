"""Who goes on with a plan whose office ended, beside the office that made it.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column without rebuilding a table to which rounds refer; plans moved so far keep their successor."""
    op.execute(
        "ALTER TABLE cycle_plans ADD COLUMN taken_over_by_id INTEGER "
        "CONSTRAINT fk_cycle_plans_taken_over_by_id_offices REFERENCES offices (id)"
    )


def downgrade() -> None:
    """Plans stand again under the office that goes on with them; refused where it has two of one year."""
    op.execute("UPDATE cycle_plans SET office_id = taken_over_by_id WHERE taken_over_by_id IS NOT NULL")
    op.drop_column("cycle_plans", "taken_over_by_id")
