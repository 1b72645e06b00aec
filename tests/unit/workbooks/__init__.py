"""Workbooks: templates, imports, exports."""
