"""Certificates: what was granted, and the dates of its life (domain.md §5)."""
