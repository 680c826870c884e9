"""Checks a copy of a dataset, for whoever receives one. Nothing here needs the store."""
