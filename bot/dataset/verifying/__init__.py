"""Checks a copy of a dataset, for its recipients. Nothing here needs the store."""
