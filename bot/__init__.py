"""Promptbook: runs improv sessions in Discord, records them, collects ratings and exports datasets."""

__version__ = "0.1.0"
