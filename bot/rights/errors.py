"""Why a step of an erasure cannot be done yet."""

from __future__ import annotations


class NotYet(Exception):
    """A step has to wait for something that ends by itself. The message says what that is."""
