"""Exports: a snapshot of the store as audio, tables and a card."""
