"""Why a rehearsal ended early."""

from __future__ import annotations


class RehearsalFailed(Exception):
    """The rehearsal ended early or found a fault. The message is a sentence for a person."""
