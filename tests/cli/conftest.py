"""Fixtures of tests of the command line."""

from tests.backup.conftest import evening

__all__ = ["evening"]
