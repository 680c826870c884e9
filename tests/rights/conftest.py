"""Fixtures of the tests of erasure."""

from tests.services.conftest import early_evening, evening

__all__ = ["early_evening", "evening"]
