"""Rounds and the yearly plan."""
