"""The house of the embedded Discord's tests, for tests of a part of the rehearsal against it."""

from tests.embedded.conftest import house, world

__all__ = ("house", "world")
