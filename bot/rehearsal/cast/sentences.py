"""What the cast says, and how a synthetic voice says it: one voice per performer, pace and pitch by emotion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.audio.speech import VoiceDirection

VARIANTS = (
    *("en-us+m3", "en-us+f2", "en+m7", "en+f4", "en-us+m1", "en+f1", "en-us+f5", "en+edward"),
    *("en-us+steph", "en+michel", "en-us+grandma", "en+linda", "en-us+robert", "en+f3"),
)
"""Voices of eSpeak NG that are easy to tell apart: one each for twelve performers, the audience and a bystander."""

Kind = Literal["speech", "whisper", "laugh", "sob", "scream", "tone"]
"""What a line is; synthetic voices can only speak and whisper. The bystander's tone is no voice at all."""

WHISPERERS = ("en+whisper", "en+whisperf")
"""eSpeak NG's two voices without a pitch, for performers in turns."""

WHISPERED_PEAK_DBFS = -18.0
"""A whisper is about 15 dB quieter than speech."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How an emotion is spoken: changes to the voice's own pace and pitch, and the pause between lines."""

    words_per_minute: int
    pitch: int
    pitch_range: int
    pause_ms: int


MANNERS: Mapping[str, Manner] = {
    "neutral": Manner(165, 45, 40, 700),
    "joy": Manner(185, 65, 75, 600),
    "sadness": Manner(125, 30, 20, 1100),
    "anger": Manner(190, 50, 90, 550),
    "fear": Manner(205, 75, 60, 650),
    "surprise": Manner(180, 80, 95, 800),
    "disgust": Manner(145, 35, 55, 900),
}

LINES: Mapping[str, tuple[str, ...]] = {
    "neutral": (
        "The form goes in the second tray, and the copy stays with you.",
        "It is a quarter past, so there is still enough time.",
        "I put the bags by the door, next to the umbrella.",
        "If you need the key, it hangs where it always hangs.",
        "They said Tuesday, and then they said Thursday.",
        "We can take the stairs, it makes no difference to me.",
    ),
    "joy": (
        "You came, you really came, and you brought the whole family!",
        "Say it again, please, I want to hear it one more time!",
        "I could dance on this table, and I think I will!",
        "Look at that, it works, it actually works!",
        "Tonight we eat outside, and nobody washes a single plate!",
        "I kept one piece for you, the one with the cherry!",
    ),
    "sadness": (
        "I set the table for two again, and I only noticed when I sat down.",
        "There is nothing in that room any more, not even the smell.",
        "You do not have to say anything, I know how late it is.",
        "I would have called, but who would have picked up the phone.",
        "The coat still hangs there, I cannot give it away.",
        "It does not matter now, none of it does.",
    ),
    "anger": (
        "No, you listen to me now, because I have listened long enough!",
        "You knew about it, you knew for weeks, and you smiled at me!",
        "Put it back, put it exactly where you found it!",
        "Do not tell me to calm down, that is the last thing I need!",
        "Every single time it is somebody else, never you!",
        "I paid for that, with my own money, and you sold it!",
    ),
    "fear": (
        "Did you hear that, it came from behind the wall.",
        "Please do not open the door, please, not now.",
        "There was a light on a moment ago, and now there is none.",
        "We should go, we should really go, right now.",
        "I locked it, I know that I locked it, I checked twice.",
        "Stay close to me, and do not say a word.",
    ),
    "surprise": (
        "Wait, what, when did you two get married?",
        "That is my handwriting, but I never wrote this letter!",
        "You are telling me that the dog walked here by itself?",
        "Oh, I thought that you were your brother!",
        "Eighty thousand, for that old thing on the wall?",
        "But the station has been closed for years, how did you get here?",
    ),
    "disgust": (
        "Take that away from me, I can smell it from here.",
        "You ate it, you really put that into your mouth.",
        "I am not touching anything in this kitchen again.",
        "It moved, something in there just moved.",
        "And you let him kiss your hand after all that.",
        "There is hair in it, and it is not even one colour.",
    ),
}

WHISPERED = frozenset({"Stay close to me, and do not say a word."})
"""The lines that are whispered."""


def lines_for(emotion: str, place: int) -> tuple[str, ...]:
    """Return the lines of an emotion, starting at a different one per performer; neutral ones if it is unknown."""
    lines = LINES.get(emotion, LINES["neutral"])
    start = place % len(lines)
    return lines[start:] + lines[:start]


def voice_for(emotion: str, place: int) -> VoiceDirection:
    """Return the voice of the performer at a place, in the manner of an emotion."""
    manner = manner_of(emotion)
    return VoiceDirection(
        VARIANTS[place % len(VARIANTS)],
        words_per_minute=manner.words_per_minute,
        pitch=manner.pitch,
        pitch_range=manner.pitch_range,
    )


def kind_of(line: str) -> Kind:
    """Return whether a line is spoken or whispered."""
    return "whisper" if line in WHISPERED else "speech"


def direction_for(line: str, emotion: str, place: int) -> VoiceDirection:
    """Return how the performer at a place says a line in an emotion."""
    voice = voice_for(emotion, place)
    if kind_of(line) == "whisper":
        return replace(voice, variant=WHISPERERS[place % len(WHISPERERS)], peak_dbfs=WHISPERED_PEAK_DBFS)
    return voice


def manner_of(emotion: str) -> Manner:
    """Return how an emotion is spoken; neutral if it is unknown."""
    return MANNERS.get(emotion, MANNERS["neutral"])
