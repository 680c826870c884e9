"""Measures what the rights of a person with many hours of sound take: their copy, and their erasure."""
