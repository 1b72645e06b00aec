"""Offices, places and people of one installation."""
