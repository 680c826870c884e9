"""What can be wrong with a home folder, said so that a person knows what to do."""

from __future__ import annotations


class HomeUnusable(Exception):
    """The home folder cannot be used as it is; the message tells why and what to do."""
