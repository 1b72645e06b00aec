"""Prefect tasks: one file a step of the cycle; each opens its step or takes up the outcome."""
