"""Words and numbers that several screens share: keys of the data, accounts, durations, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.domain.events.kinds import EventKind
from bot.domain.ids import UserId
from bot.domain.plain_text import visible
from bot.samples import SAMPLE_RATE_HZ
from bot.ui.texts.language import phrase, say

INTENSITY_WORDS: Mapping[int, str] = {
    1: phrase("hide it, and it slips out"),
    2: phrase("act on it"),
    3: phrase("it steers you"),
}
"""What an intensity asks of a performer: a task, whatever the loudness."""

CHANGES: Mapping[EventKind, str] = {
    EventKind.SESSION_STARTED: phrase("The session was opened"),
    EventKind.SESSION_ENDED: phrase("The session was ended"),
    EventKind.SESSION_PAUSED: phrase("The session was paused"),
    EventKind.SESSION_RESUMED: phrase("The session was resumed"),
    EventKind.SCENE_DEALT: phrase("A scene was dealt"),
    EventKind.SCENE_REDEALT: phrase("The scene was dealt again"),
    EventKind.SCENE_REPLAYED: phrase("The scene was dealt once more"),
    EventKind.SCENE_STOPPED: phrase("The scene was stopped"),
    EventKind.CALIBRATION_DEALT: phrase("A part of the calibration was dealt"),
    EventKind.INTERLUDE_BEGUN: phrase("A warm-up, a voice try-out or a debrief began"),
    EventKind.INTERLUDE_ENDED: phrase("The warm-up, voice try-out or debrief ended"),
    EventKind.CASTING_OVERRIDDEN: phrase("A part was changed"),
    EventKind.TAKE_CALLED: phrase("A take was started"),
    EventKind.TAKE_CUT: phrase("The take was cut"),
    EventKind.TAKE_STRUCK: phrase("The take was discarded"),
    EventKind.TAKE_UNSTRUCK: phrase("The take was restored"),
}
"""What changed a session, as the beginning of a sentence."""

SCALE_NAMES: Mapping[str, str] = {
    "emotion": phrase("emotion"),
    "intensity": phrase("intensity"),
    "valence": phrase("valence"),
    "arousal": phrase("arousal"),
    "authenticity": phrase("authenticity"),
}
"""What the items of a rating are called in a sentence."""

HEADINGS: Mapping[str, str] = {
    "placement": phrase("Placement"),
    "articulation": phrase("Articulation"),
    "rhythm": phrase("Rhythm"),
    "phrasing": phrase("Phrasing"),
    "stays": phrase("Stays"),
    "free": phrase("Free"),
    "temperament": phrase("Temperament"),
    "pitch": phrase("Pitch"),
    "pace": phrase("Pace"),
    "texture": phrase("Texture"),
    "quirk": phrase("Quirk"),
}
"""The headings of a character's voice, by their fields in the character's file, also of earlier versions."""

MOST_MENTIONS = 20
"""A message has 2,000 characters, a mention up to 22."""


def scale_name(key: str) -> str:
    """A scale as people say it."""
    return say(SCALE_NAMES[key]) if key in SCALE_NAMES else key.replace("_", " ")


def voice_lines(voice: Mapping[str, str]) -> str:
    """A character's way of speaking, one quoted line per heading."""
    return "".join(f"> {say(HEADINGS[field])}: {told}\n" for field, told in voice.items())


def mentions(users: Iterable[UserId]) -> str:
    """Accounts as Discord shows them, in a stable order; for a crowd, the first ones and the number of the others."""
    return in_order(sorted(users))


def in_order(users: Iterable[UserId]) -> str:
    """Accounts as Discord shows them, in their order; for a crowd, the first ones and the number of the others."""
    everyone = list(users)
    named = ", ".join(f"<@{user}>" for user in everyone[:MOST_MENTIONS])
    left = len(everyone) - MOST_MENTIONS
    return say("{named} and {number} more", named=named, number=left) if left > 0 else named


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
    return say("{level} dB", level=str(round(level_db)).replace("-", "\N{MINUS SIGN}"))


def signed(sign: str, text: str) -> str:
    """A sign before the text that it is about, with no line break between them."""
    return f"{sign}\N{NO-BREAK SPACE}{text}"


def low_disk_text(free_bytes: int) -> str:
    """A warning that the disk is filling up, and what to do."""
    return say(
        "⚠️ Only {free} MiB of disk space left for recordings. Free up space before the next take.",
        free=f"{free_bytes / 1024**2:.0f}",
    )


def absent_text(users: Iterable[UserId]) -> str:
    """Who is on stage but not in the channel."""
    return say("On stage, but not in the channel: {who}.", who=mentions(users))


def minutes(samples: int, rate_hz: int = SAMPLE_RATE_HZ) -> str:
    """A duration as m:ss."""
    seconds = round(samples / rate_hz)
    return f"{seconds // 60}:{seconds % 60:02}"
