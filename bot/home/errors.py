"""Why a home folder cannot be used, as sentences that say what to do."""

from __future__ import annotations


class HomeUnusable(Exception):
    """The home folder cannot be used as it is. The message says why and what to do."""


class HomeHopeless(HomeUnusable):
    """The setting names a folder that no bot should have as its home. Another setting is the only remedy."""
