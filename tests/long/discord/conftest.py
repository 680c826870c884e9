"""Slow tests of Discord's screens: they play on the same theatre as tests/cogs."""

from tests.cogs.conftest import booths, loudness_meter, more_settings, simcord_bot, theatre

__all__ = ["booths", "loudness_meter", "more_settings", "simcord_bot", "theatre"]
