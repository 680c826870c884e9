"""Fixtures of tests that take minutes."""

from tests.dataset.conftest import troupe

__all__ = ["troupe"]
