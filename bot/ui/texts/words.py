"""Words and numbers that several screens share: keys of the data, accounts, durations, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.domain.events.kinds import EventKind
from bot.domain.ids import UserId
from bot.domain.plain_text import visible
from bot.samples import SAMPLE_RATE_HZ

INTENSITY_WORDS: Mapping[int, str] = {1: "hide it, and it slips out", 2: "act on it", 3: "it steers you"}
"""What an intensity asks of a performer: a task, whatever the loudness."""

CHANGES: Mapping[EventKind, str] = {
    EventKind.SESSION_STARTED: "The session was opened",
    EventKind.SESSION_ENDED: "The session was ended",
    EventKind.SESSION_PAUSED: "The session was paused",
    EventKind.SESSION_RESUMED: "The session was resumed",
    EventKind.SCENE_DEALT: "A scene was dealt",
    EventKind.SCENE_REDEALT: "The scene was dealt again",
    EventKind.SCENE_REPLAYED: "The scene was dealt once more",
    EventKind.SCENE_STOPPED: "The scene was stopped",
    EventKind.CALIBRATION_DEALT: "A part of the calibration was dealt",
    EventKind.INTERLUDE_BEGUN: "A warm-up, a voice try-out or a debrief began",
    EventKind.INTERLUDE_ENDED: "The warm-up, voice try-out or debrief ended",
    EventKind.CASTING_OVERRIDDEN: "A part was changed",
    EventKind.TAKE_CALLED: "A take was started",
    EventKind.TAKE_CUT: "The take was cut",
    EventKind.TAKE_STRUCK: "The take was discarded",
    EventKind.TAKE_UNSTRUCK: "The take was restored",
}
"""What changed a session, as the beginning of a sentence."""

MOST_MENTIONS = 20
"""A message has 2,000 characters, a mention up to 22."""


def scale_name(key: str) -> str:
    """A scale as people say it."""
    return key.replace("_", " ")


def mentions(users: Iterable[UserId]) -> str:
    """Accounts as Discord shows them, in a stable order; for a crowd, the first ones and the number of the others."""
    everyone = sorted(users)
    named = ", ".join(f"<@{user}>" for user in everyone[:MOST_MENTIONS])
    return named if len(everyone) <= MOST_MENTIONS else f"{named} and {len(everyone) - MOST_MENTIONS} more"


def count(number: int, noun: str) -> str:
    """How many of something: "1 take", "2 takes"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def were_told(number: int, noun: str) -> str:
    """How many people were told something: "1 performer was told"."""
    return f"{count(number, noun)} {'was' if number == 1 else 'were'} told"


def shortened(text: str, most: int) -> str:
    """A text of at most `most` characters, with an ellipsis if something is left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


_MARKDOWN = re.compile(r"[\\*_~`|<>\[\]()#]")


def as_typed(text: str) -> str:
    """What a person typed, for others to read as it is and in one line: no formatting, links or mentions.

    Discord shows a sign after a backslash as it is.
    """
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", " ".join(visible(text).split()))


def decibels(level_db: float) -> str:
    """A level with a real minus sign: "−23 dB"."""
    return f"{round(level_db)} dB".replace("-", "\N{MINUS SIGN}")


def signed(sign: str, text: str) -> str:
    """A sign before the text that it is about, with no line break between them."""
    return f"{sign}\N{NO-BREAK SPACE}{text}"


def low_disk_text(free_bytes: int) -> str:
    """A warning that the disk is filling up, and what to do."""
    return (
        f"⚠️ Only {free_bytes / 1024**2:.0f} MiB of disk space left for recordings. Free up space before the next take."
    )


def absent_text(users: Iterable[UserId]) -> str:
    """Who is on stage but not in the channel."""
    return f"On stage, but not in the channel: {mentions(users)}."


def minutes(samples: int, rate_hz: int = SAMPLE_RATE_HZ) -> str:
    """A duration as m:ss."""
    seconds = round(samples / rate_hz)
    return f"{seconds // 60}:{seconds % 60:02}"
