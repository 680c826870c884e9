"""What members of the cast do about a cue: see it or not, press the button under it or not, and answer afterwards."""

from __future__ import annotations

from dataclasses import dataclass

GOT_IT = "Got it"
"""The button under a cue."""

ANSWERS = {"saw": "Yes, I saw it", "not_seen": "No, not before the end", "unsure": "I am not sure"}
"""The buttons under the question after the cut, by what they stand for."""


@dataclass(frozen=True, slots=True)
class CueManner:
    """What a performer does about their cue.

    Who `looks` at the chat sees it under their card; otherwise only the sound of a direct message makes them look.
    A performer who `plays` it goes on in the second emotion once they have seen it. `answer` is what they say after the
    cut if they did not press; None if they do not answer.
    """

    name: str
    looks: bool = True
    plays: bool = True
    presses: bool = False
    answer: str | None = None


PRESSES = CueManner("presses", presses=True)
HEARS_THE_PHONE = CueManner("hears_the_phone", looks=False, presses=True)
REMEMBERS = CueManner("remembers", answer="saw")
IS_UNSURE = CueManner("is_unsure", answer="unsure")
MISSES_IT = CueManner("misses_it", looks=False, plays=False, answer="not_seen")
SAYS_NOTHING = CueManner("says_nothing")

MANNERS = (PRESSES, IS_UNSURE, HEARS_THE_PHONE, REMEMBERS, SAYS_NOTHING, MISSES_IT)
"""The manners of an evening, one per cue, in this order."""
