"""The Word templates of the office's papers; made by `python -m templates.documents.build` (docs/decisions/0013)."""
