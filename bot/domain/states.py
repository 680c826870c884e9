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


class TakeKind(StrEnum):
    """What is played in a take, and so in all takes of its row in the table `scenes`."""

    SCENE = "scene"
    CALIBRATION = "calibration"
    """A neutral passage or chat, in the own voice or in the character's: no emotion is dealt, and no one rates it."""
    REPLAY = "replay"
    """The same scene again, with something changed."""


class CalibrationPart(StrEnum):
    """What performers say in a calibration."""

    PASSAGE = "passage"
    CHAT = "chat"


class CalibrationVoice(StrEnum):
    """In which voice they say it."""

    OWN = "own"
    CHARACTER = "character"


class CalibrationPlace(StrEnum):
    """Whether a calibration came before the first scene of its session that was played, or after one."""

    BEGINNING = "beginning"
    END = "end"


class ReplayMode(StrEnum):
    """What is different in a replay."""

    EMOTIONS = "emotions"
    GIBBERISH = "gibberish"
    LINE = "line"
    """One line is the only thing that anyone says."""


class Interlude(StrEnum):
    """What people do in the channel while nothing is recorded at all."""

    WARM_UP = "warm_up"
    VOICES = "voices"
    """They try out the voices of their characters."""
    DEBRIEF = "debrief"
    """They leave their roles, and talk about the evening."""


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
    PAUSED = "paused"
    """Its pauses took too long."""
    MOVED = "moved"
    """A moderator moved the bot to another channel during the countdown."""
    OUSTED = "ousted"
    """The channel was deleted, or the bot was kicked from the server."""


class PauseCause(StrEnum):
    """Why a session is paused."""

    COORDINATOR = "coordinator"
    DROPOUT = "dropout"
    MOVED = "moved"
    """A moderator moved the bot to another channel."""


PASSING = frozenset({PauseCause.DROPOUT, PauseCause.MOVED})
"""Pauses that end by themselves, once everyone is back. A coordinator can take them over."""


class HoleCause(StrEnum):
    """Why no one could be heard in a stretch of a take, or not one of the performers."""

    CONNECTION = "connection"
    PAUSE = "pause"
    DEAFENED = "deafened"
    """A moderator deafened the bot."""
    MOVED = "moved"
    """A moderator moved the bot to another channel, which paused the take."""
    FORBIDDEN = "forbidden"
    """The connection was lost, and the bot lacked the permissions to come back."""
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


class ShiftManner(StrEnum):
    """How a performer is asked to change to their second emotion."""

    GRADUAL = "gradual"
    SUDDEN = "sudden"


class CueWay(StrEnum):
    """How a performer is sent their cues, by their own choice."""

    CARD = "card"
    """Under their card; as a direct message if they do not acknowledge it, or have no card open."""
    MESSAGE = "message"
    """As a direct message immediately, which a phone and a screen reader announce."""
    SOUND = "sound"
    """As with `CARD`, and read aloud as a sound that only they can play."""


class CueAnswer(StrEnum):
    """What a performer says after the cut about a cue that they did not acknowledge."""

    SAW = "saw"
    """They saw it before the take ended."""
    NOT_SEEN = "not_seen"
    """They did not see it before the take ended."""
    UNSURE = "unsure"


class CueBasis(StrEnum):
    """What is known about when a performer saw a cue."""

    TOLD = "told"
    """An earlier version sent it and asked no one: when Discord had accepted it counts."""
    ACKNOWLEDGED = "acknowledged"
    """They pressed the button under it."""
    REMEMBERED = "remembered"
    """They say after the cut that they saw it."""
    NOT_SEEN = "not_seen"
    """They say that they did not see it before the take ended."""
    UNCERTAIN = "uncertain"
    """They are unsure, or have not answered."""


class TargetClaim(StrEnum):
    """Which of the targets of a part is claimed to be in force."""

    FIRST = "first"
    SECOND = "second"
    UNCERTAIN = "uncertain"
    """A cue was sent, and whether its performer had seen it is not known: no target is claimed."""


class OnDropout(StrEnum):
    """What happens to a take on a server if a performer drops out."""

    PAUSE = "pause"
    END = "end"


class MaterialKind(StrEnum):
    """What the store keeps by its content."""

    EMOTION_SET = "emotion_set"
    INSTRUMENT = "instrument"


class TrialKind(StrEnum):
    """What a rater is asked about."""

    TURN = "turn"
    """Someone else's turn."""
    PAIR = "pair"
    """Two turns of others."""
    OWN = "own"
    """Their own turn."""


class TrialPurpose(StrEnum):
    """What a trial is for. A rater cannot tell."""

    RATING = "rating"
    REPEAT = "repeat"
    """They have judged the same before: do they answer the same?"""
    REFERENCE = "reference"
    """A clip whose answer is known, the same for all raters."""


class SignUpAnswer(StrEnum):
    """What someone answered to whether they come to a scheduled session."""

    COMING = "coming"
    STANDBY = "standby"
    """They come if they are asked."""
    ABSENT = "absent"


class PromptSource(StrEnum):
    """Where a scene's prompt comes from."""

    DECK = "deck"
    SUGGESTION = "suggestion"
    """A coordinator typed it on the spot."""


class Verdict(StrEnum):
    """What a performer says of a turn of their own after hearing it."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"
