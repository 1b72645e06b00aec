"""Uploaded files: receiving, looking at what they really are, keeping by SHA-256, previews."""
