"""Signed originals of papers: which file of the store, and what its signatures were found to be worth.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

VERDICTS = ("trusted", "untrusted", "broken", "unsigned", "wet_ink")


def upgrade() -> None:
    """Add the table; nothing that is there changes."""
    op.create_table(
        "signed_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("verdict", sa.Enum(*VERDICTS, name="signatureverdict", native_enum=False, length=40), nullable=False),
        sa.Column("signers", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signed_papers_document_id_documents")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_signed_papers_added_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_papers")),
        sa.UniqueConstraint("document_id", "file_sha256", name=op.f("uq_signed_papers_document_id_file_sha256")),
    )
    op.create_index("ix_signed_papers_file_sha256", "signed_papers", ["file_sha256"])


def downgrade() -> None:
    """Drop the table; the files stay in the store."""
    op.drop_table("signed_papers")
