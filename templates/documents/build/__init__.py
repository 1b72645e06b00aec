"""Makes the shipped Word templates, so that their layout is readable, comparable and the same everywhere."""
