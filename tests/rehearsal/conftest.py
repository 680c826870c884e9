"""The house of the embedded Discord's tests, for those in which a part of the rehearsal meets it."""

from tests.embedded.conftest import house, world

__all__ = ("house", "world")
