"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked item: whether it is in order, and a sentence that also says what to do if it is not.

    A finding that `is_warning` needs attention but does not prevent an evening.
    """

    subject: str
    is_ok: bool
    sentence: str
    is_warning: bool = False


def warning(subject: str, sentence: str) -> Finding:
    """Return a finding that needs attention but does not prevent an evening."""
    return Finding(subject, True, sentence, is_warning=True)
