"""Work items for a certificate's life: no round, an owning office, and the cases that they belong to.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEW = {"owner_office_id": "offices", "certificate_id": "certificates"}
CASES = ("revocations", "planned_inspections", "renewal_candidates")

OWNER = """(
    SELECT cycle_plans.office_id FROM rounds JOIN cycle_plans ON cycle_plans.id = rounds.plan_id
    WHERE rounds.id = {items}.round_id
)"""
BEFORE = "round_id INTEGER NOT NULL"
AFTER = "round_id INTEGER, owner_office_id INTEGER NOT NULL, certificate_id INTEGER"
KEYS = "".join(
    f", CONSTRAINT fk_work_items_{name}_{table} FOREIGN KEY({name}) REFERENCES {table} (id)"
    for name, table in NEW.items()
)


def upgrade() -> None:
    """Let items be without a round; give each its owning office, that of its round's plan."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_on_sqlite(down=False)
    else:
        _alter()
    op.create_index("ix_work_items_certificate_id", "work_items", ["certificate_id"])
    for table in CASES:
        op.add_column(table, sa.Column("closed_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("closed_because", sa.String(), nullable=False, server_default=""))
    op.add_column("renewal_candidates", sa.Column("notice_by", sa.Date(), nullable=True))
    op.add_column("renewal_candidates", sa.Column("regime", sa.String(), nullable=False, server_default=""))
    op.add_column("planned_inspections", sa.Column("opened_on", sa.Date(), nullable=True))
    op.add_column("planned_inspections", sa.Column("remedy_by", sa.Date(), nullable=True))
    op.add_column("revocations", sa.Column("confirm_by", sa.Date(), nullable=True))
    op.add_column("revocations", sa.Column("confirmed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("revocations") as batch:  # nothing refers to it: SQLite may rebuild it
        batch.drop_constraint("uq_revocations_certificate_id", type_="unique")
        batch.create_index("ix_revocations_certificate_id", ["certificate_id"])
    with op.batch_alter_table("renewal_candidates") as batch:
        batch.drop_constraint("uq_renewal_candidates_certificate_id", type_="unique")
        batch.create_index("ix_renewal_candidates_certificate_id", ["certificate_id"])
    op.execute(
        "UPDATE revocations SET closed_on = decided_on, closed_because = 'Đã thu hồi.' WHERE decided_on IS NOT NULL"
    )
    op.execute("UPDATE planned_inspections SET closed_on = planned_on WHERE inspection_id IS NOT NULL")
    op.execute("DELETE FROM certificate_milestones WHERE milestone = 'revocation_overdue'")


def _alter() -> None:
    for name, table in NEW.items():
        op.add_column("work_items", sa.Column(name, sa.Integer(), nullable=True))
        op.create_foreign_key(f"fk_work_items_{name}_{table}", "work_items", table, [name], ["id"])
    op.execute(f"UPDATE work_items SET owner_office_id = {OWNER.format(items='work_items')}")
    op.alter_column("work_items", "owner_office_id", nullable=False)
    op.alter_column("work_items", "round_id", nullable=True)


def _rebuild_on_sqlite(*, down: bool) -> None:
    """SQLite cannot take a NOT NULL away: make the table anew, under the eyes of the tables that refer to it.

    Alembic's batch drops the table before the new one has its name, which the foreign keys refuse at the commit.
    Here they are asked only at the commit, when every row is back under its old name.
    """
    run = op.get_bind().exec_driver_sql
    sql = str(run("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'work_items'").scalar_one())
    indexes = run("SELECT sql FROM sqlite_master WHERE tbl_name = 'work_items' AND type = 'index' AND sql IS NOT NULL")
    kept = [str(row[0]) for row in indexes]
    names = [str(row[1]) for row in run("PRAGMA table_info(work_items)")]
    columns = ", ".join(f'"{name}"' for name in names if name not in NEW)
    owner = ("", "") if down else (", owner_office_id", ", " + OWNER.format(items="work_items_kept"))
    run("PRAGMA defer_foreign_keys = ON")
    run("CREATE TEMPORARY TABLE work_items_kept AS SELECT * FROM work_items")
    run("DROP TABLE work_items")
    run(sql.replace(AFTER, BEFORE).replace(KEYS, "") if down else _with_new_columns(sql))
    run(f"INSERT INTO work_items ({columns}{owner[0]}) SELECT {columns}{owner[1]} FROM work_items_kept")
    run("DROP TABLE work_items_kept")
    for index in kept:
        run(index)


def _with_new_columns(sql: str) -> str:
    return sql.replace(BEFORE, AFTER).rstrip().removesuffix(")").rstrip() + KEYS + ")"


def downgrade() -> None:
    """Back to items that all have a round: those of certificates go, with all that belongs to them."""
    of_certificates = "SELECT id FROM work_items WHERE round_id IS NULL"
    for table in ("rung_claims", "clock_entries", "outcomes"):
        op.execute(f"DELETE FROM {table} WHERE item_id IN ({of_certificates})")
    op.execute("DELETE FROM work_items WHERE round_id IS NULL")
    op.drop_index("ix_work_items_certificate_id", "work_items")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_on_sqlite(down=True)
    else:
        op.alter_column("work_items", "round_id", nullable=False)
        for name in NEW:
            op.drop_column("work_items", name)
    for table in ("revocations", "renewal_candidates"):
        # Of several cases of one certificate only the last can stay.
        op.execute(f"DELETE FROM {table} WHERE id NOT IN (SELECT max(id) FROM {table} GROUP BY certificate_id)")
        with op.batch_alter_table(table) as batch:
            batch.drop_index(f"ix_{table}_certificate_id")
            batch.create_unique_constraint(f"uq_{table}_certificate_id", ["certificate_id"])
    for name in ("confirm_by", "confirmed_on"):
        op.drop_column("revocations", name)
    for name in ("opened_on", "remedy_by"):
        op.drop_column("planned_inspections", name)
    for name in ("notice_by", "regime"):
        op.drop_column("renewal_candidates", name)
    for table in CASES:
        op.drop_column(table, "closed_on")
        op.drop_column(table, "closed_because")
