"""Who is told what, when, in which words; what waits to be sent and what became of it."""
