"""Slow tests of the voice connection: they play in the same call as tests/voice."""

from tests.voice.conftest import call

__all__ = ["call"]
