"""What is said around a running take: its time is nearly up, it goes on lighter, side-coaching for one performer."""

from __future__ import annotations

from bot.domain.plain_text import problem_of

LAST_SECONDS = 30.0
"""How long before its limit a take's performers are told: time to find an ending, too little to wait for it."""

SHORTEST_SIGNALLED_SECONDS = 40.0
"""A take with a shorter limit has no signal: it would come before the scene has begun."""

EASED_APART_SECONDS = 20.0
"""Who presses Ease off within this time after someone else changes nothing: the others have just been told."""

EASED_TO_SECONDS = 10
"""How exactly it is stored when someone pressed Ease off: the click of a mouse can be heard on the presser's track."""

LONGEST_COACHING = 200
"""In characters: what can be read at a glance on stage."""


def signal_after(limit_seconds: float) -> float | None:
    """Return how many seconds after a take's start its performers are told that it ends soon; None for a short one."""
    return limit_seconds - LAST_SECONDS if limit_seconds >= SHORTEST_SIGNALLED_SECONDS else None


def eased_seconds(seconds: float) -> int:
    """Return what is stored of the moment of a press of Ease off, in seconds since the take's start."""
    return max(int(seconds // EASED_TO_SECONDS) * EASED_TO_SECONDS, 0)


def coaching_problem(text: str) -> str | None:
    """Return why side-coaching for a performer cannot be sent, as the end of a sentence; None if it can."""
    if not 1 <= len(text) <= LONGEST_COACHING:
        return f"it must have 1 to {LONGEST_COACHING} characters"
    return problem_of(text)
