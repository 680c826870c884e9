"""Why a home folder cannot be used, as sentences that say what to do."""

from __future__ import annotations


class HomeUnusable(Exception):
    """The home folder cannot be used as it is. The message says why and what to do."""
