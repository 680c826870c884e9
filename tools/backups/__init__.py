"""Backups of a bot that records, restored and compared with what was said."""
