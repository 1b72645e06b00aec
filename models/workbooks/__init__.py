"""Workbooks (Excel) of an office: templates with drop-downs, imports with faults by cell, exports."""
