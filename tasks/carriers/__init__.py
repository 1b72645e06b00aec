"""Carriers: what takes one message to where an address leads. Each raises `NotSentError` or `RefusedError`."""
