"""The catalogue of events: every kind that is logged, its details, and which of them an export can contain.

An event is an instance of one of these classes. Its fields are the event's details, stored as a JSON object; its
docstring is what the dataset's card says about it. A field that is marked private is never exported. Details are
numbers and words, never names or Discord's ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar, Final

from bot.domain.consent import Scope
from bot.domain.events.kinds import EventKind
from bot.domain.ids import PersonId, TurnId
from bot.domain.own_voice import Obstacle, Ousting
from bot.domain.states import (
    CalibrationPart,
    CalibrationPlace,
    CalibrationVoice,
    CueAnswer,
    CutReason,
    Interlude,
    PauseCause,
    ReplayMode,
)

_PRIVATE: Final = {"is_private": True}
"""The mark of a detail that stays in the store."""


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    kind: ClassVar[EventKind]

    def details(self) -> dict[str, object]:
        """Return the details by their names."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def public_details(cls) -> frozenset[str]:
        """Return the names of the details that an export can contain."""
        return frozenset(one.name for one in fields(cls) if not one.metadata.get("is_private"))


@dataclass(frozen=True)
class SessionStarted(Event):
    """A session was opened."""

    kind = EventKind.SESSION_STARTED


@dataclass(frozen=True)
class SessionPaused(Event):
    """A session was paused: nothing is dealt or recorded."""

    kind = EventKind.SESSION_PAUSED
    cause: PauseCause


@dataclass(frozen=True)
class SessionResumed(Event):
    """A paused session was resumed."""

    kind = EventKind.SESSION_RESUMED


@dataclass(frozen=True)
class SessionEnded(Event):
    """A session was closed."""

    kind = EventKind.SESSION_ENDED


@dataclass(frozen=True)
class ConsentGranted(Event):
    """A person gave consent to one purpose."""

    kind = EventKind.CONSENT_GRANTED
    scope: Scope


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """A person withdrew consent to one purpose."""

    kind = EventKind.CONSENT_WITHDRAWN
    scope: Scope


@dataclass(frozen=True)
class SoundChecked(Event):
    """A sound check ended: how many performers were checked and heard, and how many voices leaked into other tracks."""

    kind = EventKind.SOUND_CHECKED
    performers: int
    heard: int
    leaks: int


@dataclass(frozen=True)
class SceneDealt(Event):
    """A scene was dealt: to how many performers, and whether the coordinator chose the prompt."""

    kind = EventKind.SCENE_DEALT
    performers: int
    prompt_chosen: bool


@dataclass(frozen=True)
class SceneRedealt(Event):
    """A scene was dealt again before it was played: `prompt_was` is its previous prompt."""

    kind = EventKind.SCENE_REDEALT
    performers: int
    prompt_chosen: bool
    prompt_was: str


@dataclass(frozen=True)
class SceneReplayed(Event):
    """A scene was dealt once more to its performers: to how many, and what is different."""

    kind = EventKind.SCENE_REPLAYED
    performers: int
    mode: ReplayMode


@dataclass(frozen=True)
class SceneStopped(Event):
    """An X-card stopped a scene. Who pressed it is not recorded anywhere."""

    kind = EventKind.SCENE_STOPPED


@dataclass(frozen=True)
class CalibrationDealt(Event):
    """A part of a calibration was dealt: what, in which voice, when in the evening, and to how many performers."""

    kind = EventKind.CALIBRATION_DEALT
    part: CalibrationPart
    voice: CalibrationVoice
    place: CalibrationPlace
    performers: int


@dataclass(frozen=True)
class InterludeBegun(Event):
    """A warm-up, a voice try-out or a debrief began, in which nothing is recorded."""

    kind = EventKind.INTERLUDE_BEGUN
    interlude: Interlude


@dataclass(frozen=True)
class InterludeEnded(Event):
    """A coordinator ended it. One that an X-card or a restart ended has no such event."""

    kind = EventKind.INTERLUDE_ENDED
    interlude: Interlude


@dataclass(frozen=True)
class CastingOverridden(Event):
    """A coordinator changed a part by hand; the details say what it was before."""

    kind = EventKind.CASTING_OVERRIDDEN
    target_emotion_was: str | None
    target_intensity_was: int | None
    character_was: str | None
    second_emotion_was: str | None


@dataclass(frozen=True)
class VoiceChanged(Event):
    """A performer asked for another voice before the scene was played. It is not exported who it was."""

    kind = EventKind.VOICE_CHANGED
    performer: PersonId = field(metadata=_PRIVATE)
    character_was: str | None = field(metadata=_PRIVATE)
    character: str = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class VoiceTried(Event):
    """A performer was given a voice to try out, or another one. It is not exported who it was."""

    kind = EventKind.VOICE_TRIED
    performer: PersonId = field(metadata=_PRIVATE)
    character_was: str | None = field(metadata=_PRIVATE)
    character: str = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class TakeCalled(Event):
    """A take was called: its countdown began."""

    kind = EventKind.TAKE_CALLED


@dataclass(frozen=True)
class TakeStarted(Event):
    """The recording of a take began."""

    kind = EventKind.TAKE_STARTED


@dataclass(frozen=True)
class TakeEased(Event):
    """Everyone on stage was asked to keep it lighter: in which ten seconds of the take. No one stores who asked."""

    kind = EventKind.TAKE_EASED
    after_seconds: int


@dataclass(frozen=True)
class TakeNearedEnd(Event):
    """The performers of a take were told, without a sound, that its time limit comes in this many seconds."""

    kind = EventKind.TAKE_NEARED_END
    seconds_left: int


@dataclass(frozen=True)
class TakeCut(Event):
    """A take ended: why, and how many tracks were kept."""

    kind = EventKind.TAKE_CUT
    reason: CutReason
    tracks: int


@dataclass(frozen=True)
class TurnsFound(Event):
    """The turns of a take were found: how many, and how, with a version."""

    kind = EventKind.TURNS_FOUND
    turns: int
    method: str


@dataclass(frozen=True)
class TakeStruck(Event):
    """A take was struck: it no longer counts for ratings and the dataset."""

    kind = EventKind.TAKE_STRUCK


@dataclass(frozen=True)
class TakeUnstruck(Event):
    """A struck take was restored."""

    kind = EventKind.TAKE_UNSTRUCK


@dataclass(frozen=True)
class CueGiven(Event):
    """A performer was sent the cue to shift to their second emotion."""

    kind = EventKind.CUE_GIVEN


@dataclass(frozen=True)
class CueUndelivered(Event):
    """A cue came, but its performer could not be told."""

    kind = EventKind.CUE_UNDELIVERED


@dataclass(frozen=True)
class CueAcknowledged(Event):
    """A performer pressed the button under their cue."""

    kind = EventKind.CUE_ACKNOWLEDGED


@dataclass(frozen=True)
class CueAskedAbout(Event):
    """A performer who had not acknowledged their cue was asked whether they saw it before the take ended."""

    kind = EventKind.CUE_ASKED_ABOUT


@dataclass(frozen=True)
class CueAnswered(Event):
    """A performer said whether they saw their cue before the take ended: 'saw', 'not_seen' or 'unsure'."""

    kind = EventKind.CUE_ANSWERED
    answer: CueAnswer


@dataclass(frozen=True)
class SideCoached(Event):
    """A coordinator told a performer something in private, in the middle of a take."""

    kind = EventKind.SIDE_COACHED


@dataclass(frozen=True)
class PerformerDroppedOut(Event):
    """A performer left the channel during a take, or was idle, so that Discord moved them to the AFK channel."""

    kind = EventKind.PERFORMER_DROPPED_OUT
    was_idle: bool = False


@dataclass(frozen=True)
class PerformerCameBack(Event):
    """A performer who had dropped out returned to the channel."""

    kind = EventKind.PERFORMER_CAME_BACK


@dataclass(frozen=True)
class ConnectionLost(Event):
    """The voice connection was lost."""

    kind = EventKind.CONNECTION_LOST
    cause: str = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class ConnectionRestored(Event):
    """The voice connection was restored: how much sound is missing, in milliseconds."""

    kind = EventKind.CONNECTION_RESTORED
    hole_ms: int


@dataclass(frozen=True)
class ConnectionGivenUp(Event):
    """The voice connection was lost for good."""

    kind = EventKind.CONNECTION_GIVEN_UP
    cause: str = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class BotObstructed(Event):
    """Something came between the bot and the people in the channel, such as a moderator who deafened it."""

    kind = EventKind.BOT_OBSTRUCTED
    obstacle: Obstacle


@dataclass(frozen=True)
class BotUnobstructed(Event):
    """What had come between the bot and the people in the channel is gone."""

    kind = EventKind.BOT_UNOBSTRUCTED
    obstacle: Obstacle


@dataclass(frozen=True)
class BotOusted(Event):
    """The channel was deleted, or the bot was kicked from the server, which ended the session."""

    kind = EventKind.BOT_OUSTED
    cause: Ousting


@dataclass(frozen=True)
class SoundSealed(Event):
    """The number of performers whose sound arrives but cannot be decrypted has changed; 0 if all is well again."""

    kind = EventKind.SOUND_SEALED
    performers: int


@dataclass(frozen=True)
class NoteWritten(Event):
    """A coordinator wrote a note. Its text is not exported."""

    kind = EventKind.NOTE_WRITTEN


@dataclass(frozen=True)
class TurnRated(Event):
    """A rater judged a turn. The table names the clip."""

    kind = EventKind.TURN_RATED
    turn_id: TurnId = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class TurnSelfRated(Event):
    """A performer said what they felt in their own turn. The table names the clip."""

    kind = EventKind.TURN_SELF_RATED
    turn_id: TurnId = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class DeckImported(Event):
    """A coordinator imported a deck."""

    kind = EventKind.DECK_IMPORTED
    deck: str = field(metadata=_PRIVATE)
    prompts: int = field(metadata=_PRIVATE)


@dataclass(frozen=True)
class DeckForgotten(Event):
    """A coordinator removed an imported deck."""

    kind = EventKind.DECK_FORGOTTEN
    deck: str = field(metadata=_PRIVATE)


CATALOGUE: Mapping[str, type[Event]] = {event.kind.value: event for event in Event.__subclasses__()}
"""Every kind of event, by the name that the store uses, with its class."""
