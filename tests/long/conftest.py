"""Fixtures of tests that take long."""

from tests.dataset.conftest import troupe
from tests.home.conftest import reachable
from tests.services.conftest import early_evening, evening

__all__ = ["early_evening", "evening", "reachable", "troupe"]
