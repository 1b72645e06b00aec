"""The commands of `ocop`, one module a subject; each returns an `Answer` and prints nothing itself."""
