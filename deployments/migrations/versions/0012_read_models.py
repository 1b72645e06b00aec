"""Indices for the lists that people look at, and names without accents beside the names, to be searched.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.searching import folded

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NAMED = ("producers", "products")


def upgrade() -> None:
    """Add indices and columns without rebuilding a table; names that are there are folded one by one."""
    op.create_index("ix_work_items_status_role_due_on", "work_items", ["status", "role", "due_on"])
    op.create_index("ix_work_items_round_id_status", "work_items", ["round_id", "status"])
    op.drop_index("ix_work_items_round_id", "work_items")
    op.create_index("ix_audit_actor_id_id", "audit", ["actor_id", "id"])
    op.create_index("ix_audit_act_id", "audit", ["act", "id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    for table in NAMED:
        op.add_column(table, sa.Column("name_folded", sa.String(), nullable=False, server_default=""))
        _fold_names(table)


def downgrade() -> None:
    """Searching is only a copy of the names."""
    for table in NAMED:
        op.drop_column(table, "name_folded")
    op.drop_index("ix_audit_at", "audit")
    op.drop_index("ix_audit_act_id", "audit")
    op.drop_index("ix_audit_actor_id_id", "audit")
    op.create_index("ix_work_items_round_id", "work_items", ["round_id"])
    op.drop_index("ix_work_items_round_id_status", "work_items")
    op.drop_index("ix_work_items_status_role_due_on", "work_items")


def _fold_names(table: str) -> None:
    named = sa.table(table, sa.column("id"), sa.column("name"), sa.column("name_folded"))
    connection = op.get_bind()
    rows = [
        {"row": row.id, "folded": folded(row.name)} for row in connection.execute(sa.select(named.c.id, named.c.name))
    ]
    if rows:
        change = sa.update(named).where(named.c.id == sa.bindparam("row"))
        connection.execute(change.values(name_folded=sa.bindparam("folded")), rows)
