"""Migrations of the domain database (Alembic)."""
