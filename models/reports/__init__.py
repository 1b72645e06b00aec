"""Reports: what a period came to, as pure queries."""
