"""States, causes and choices that the store keeps as words. Each word is defined once, here."""

from __future__ import annotations

from enum import StrEnum


class TakeStatus(StrEnum):
    """Where a stored take is."""

    COUNTDOWN = "countdown"
    RECORDING = "recording"
    CUT = "cut"
    """It was recorded and is kept."""
    VOID = "void"
    """Nothing was recorded."""


class CutReason(StrEnum):
    """Why a take ended."""

    COORDINATOR = "coordinator"
    TIME_LIMIT = "time_limit"
    SESSION_END = "session_end"
    VOICE_LOST = "voice_lost"
    WITHDRAWAL = "withdrawal"
    INTERRUPTED = "interrupted"
    DISK = "disk"
    X_CARD = "x_card"
    DROPOUT = "dropout"


class PauseCause(StrEnum):
    """Why a session is paused."""

    COORDINATOR = "coordinator"
    DROPOUT = "dropout"


class HoleCause(StrEnum):
    """Why no one could be heard in a stretch of a take, or not one of the performers."""

    CONNECTION = "connection"
    PAUSE = "pause"
    UNDECRYPTABLE = "undecryptable"


class FoundBy(StrEnum):
    """What showed that a stretch of a track is a turn: a voice in it, its level, or only that it was sent."""

    VOICE = "voice"
    LEVEL = "level"
    SPURTS = "spurts"


class CueCause(StrEnum):
    """Who gives a cue: the clock or the coordinator."""

    TIME = "time"
    COORDINATOR = "coordinator"


class CuePolicy(StrEnum):
    """Who gives cues on a server."""

    NONE = "none"
    TIME = "time"
    COORDINATOR = "coordinator"


class OnDropout(StrEnum):
    """What happens to a take on a server if a performer drops out."""

    PAUSE = "pause"
    END = "end"


class MaterialKind(StrEnum):
    """What the store keeps by its content."""

    EMOTION_SET = "emotion_set"
    INSTRUMENT = "instrument"
