"""Corrected and carried outcomes, products taken off an agenda, attempts carried to a later round.

Revision ID: 0007
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns without rebuilding tables to which others refer; withdrawn products leave their agenda."""
    op.add_column("outcomes", sa.Column("reason", sa.String(), server_default="", nullable=False))
    op.execute(
        "ALTER TABLE outcomes ADD COLUMN carried_from_id INTEGER "
        "CONSTRAINT fk_outcomes_carried_from_id_outcomes REFERENCES outcomes (id)"
    )
    op.add_column("session_products", sa.Column("taken_off", sa.String(), server_default="", nullable=False))
    op.execute(
        "UPDATE session_products SET taken_off = 'Chủ thể rút hồ sơ' WHERE attempt_id IN "
        "(SELECT id FROM dossier_attempts WHERE status = 'withdrawn')"
    )
    op.create_table(
        "round_carries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("from_round_id", sa.Integer(), nullable=False),
        sa.Column("to_round_id", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["dossier_attempts.id"], name=op.f("fk_round_carries_attempt_id_dossier_attempts")
        ),
        sa.ForeignKeyConstraint(["from_round_id"], ["rounds.id"], name=op.f("fk_round_carries_from_round_id_rounds")),
        sa.ForeignKeyConstraint(["to_round_id"], ["rounds.id"], name=op.f("fk_round_carries_to_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_carries")),
        sa.UniqueConstraint("attempt_id", "from_round_id", name=op.f("uq_round_carries_attempt_id_from_round_id")),
    )
    op.create_index(op.f("ix_round_carries_from_round_id"), "round_carries", ["from_round_id"])


def downgrade() -> None:
    """Drop them; earlier versions of outcomes stay, what was carried looks as if stated anew."""
    op.drop_table("round_carries")
    op.drop_column("session_products", "taken_off")
    with op.batch_alter_table("outcomes") as batch_op:
        batch_op.drop_column("carried_from_id")
        batch_op.drop_column("reason")
