"""Benchmarks of the receiving side: `make bench`."""
