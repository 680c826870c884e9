"""Erasure: everything about a person goes from a home folder, step by step; for threads and for the command line."""
