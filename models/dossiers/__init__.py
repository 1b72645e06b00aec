"""Dossiers: handing in, attempts, evidence."""
