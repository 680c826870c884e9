"""Why a rehearsal did not come to its end."""

from __future__ import annotations


class RehearsalFailed(Exception):
    """The rehearsal ended early or something in it went wrong; the message is the sentence a person reads."""
