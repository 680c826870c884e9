"""Backups of a home folder in one file, made while a bot runs, and their restoring."""
