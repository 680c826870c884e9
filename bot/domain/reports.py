"""When raters' reports say that something is wrong with a clip's sound, and not only with one rater's ears."""

from __future__ import annotations


def is_sound_bad(reports: int, raters: int) -> bool:
    """Whether so many of a turn's raters agree that its sound is bad: at least two, and two of three."""
    return reports >= 2 and 3 * reports >= 2 * raters


def is_news(reports: int, raters: int) -> bool:
    """Whether the newest answer, which is a report, is the one that makes the sound bad."""
    return is_sound_bad(reports, raters) and not is_sound_bad(reports - 1, raters - 1)
