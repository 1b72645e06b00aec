"""How a session began: by the own password, or by the sign-in of the organisation.

Revision ID: 0015
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sessions that are there began with a password."""
    ways = sa.Enum("password", "identity", name="signedinby", native_enum=False, length=40)
    column: sa.Column[str] = sa.Column("signed_in_by", ways, nullable=False, server_default="password")
    op.add_column("portal_sessions", column)


def downgrade() -> None:
    """Nobody is signed out by it."""
    op.drop_column("portal_sessions", "signed_in_by")
