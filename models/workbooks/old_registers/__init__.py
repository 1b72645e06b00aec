"""Registers that an office kept in Excel before this software: read with a report, never a crash."""
