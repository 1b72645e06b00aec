"""Benchmarks, small."""
