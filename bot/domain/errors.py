"""What can stand in the way of a use case. Each error names the fact and carries what a sentence about it needs.

The sentences themselves live in `bot.ui.texts.errors`: an error here knows nothing of how it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.events.kinds import EventKind
from bot.domain.ids import SessionId, UserId


class PromptbookError(Exception):
    """Base of every error a person can cause or mend.

    Subclasses are dataclasses, not frozen ones: context managers set `__traceback__` on what passes through them.
    """


@dataclass(eq=False)
class ConsentMissing(PromptbookError):
    """A person has not given, or has withdrawn, consent to a scope that this needs."""

    scope: str


@dataclass(eq=False)
class ConsentIncomplete(PromptbookError):
    """A consent form was sent without something it cannot do without: being of age, say."""

    problem: str


@dataclass(eq=False)
class SessionAlreadyOpen(PromptbookError):
    """The guild has an open session, and there is only one at a time."""

    voice_channel_id: int


class NoOpenSession(PromptbookError):
    """The guild has no open session."""


class SessionEnded(PromptbookError):
    """A button belongs to a session that is over."""


class NoVoiceChannel(PromptbookError):
    """No voice channel was named and none follows from where the command was given."""


@dataclass(eq=False)
class VoiceUnreachable(PromptbookError):
    """The voice channel could not be joined."""

    voice_channel_id: int


@dataclass(eq=False)
class PermissionMissing(PromptbookError):
    """The bot lacks permissions in a channel; `permissions` are Discord's own names for them."""

    channel_id: int
    permissions: Sequence[str]


@dataclass(eq=False)
class TooFewPerformers(PromptbookError):
    """Fewer people in the channel consent to be recorded than the smallest prompt needs."""

    present: int
    needed: int


class NothingToDeal(PromptbookError):
    """Every prompt that fits those present touches a topic that somebody does not play; which and whose is not told."""


@dataclass(eq=False)
class PromptUnknown(PromptbookError):
    """The deck has no such prompt."""

    prompt_id: str


class NoScene(PromptbookError):
    """Nothing has been dealt yet."""


class SceneHasTakes(PromptbookError):
    """The scene has been played, so its castings can no longer change."""


class NothingToRetake(PromptbookError):
    """The current scene has no take yet."""


class NothingToStrike(PromptbookError):
    """The current scene has no take that was kept."""


@dataclass(eq=False)
class NotOnStage(PromptbookError):
    """An account has no part in the current scene."""

    discord_user_id: UserId


class WishEmpty(PromptbookError):
    """A part was to be changed, and nothing of it was named."""


@dataclass(eq=False)
class CharacterUnknown(PromptbookError):
    """No character has this key."""

    character: str


class ShiftToItself(PromptbookError):
    """A part would shift at its cue to the emotion that it begins with."""


@dataclass(eq=False)
class CharacterTaken(PromptbookError):
    """Somebody else on stage has this character's voice."""

    character: str


class NotInChannel(PromptbookError):
    """Whoever pressed is not in the session's voice channel."""


class NoCue(PromptbookError):
    """No cue of the running take waits for the coordinator."""


@dataclass(eq=False)
class CueUndelivered(PromptbookError):
    """Performers could not be told to shift: they have not opened their card, and take no direct messages.

    `told` is how many others were told.
    """

    discord_user_ids: Sequence[UserId]
    told: int = 0


class SessionPaused(PromptbookError):
    """The session is paused, so this has to wait until it goes on."""


class SessionNotPaused(PromptbookError):
    """The session is not paused."""


@dataclass(eq=False)
class SessionChanged(PromptbookError):
    """Something happened after the panel was shown on which a button was pressed; `kind` is that event's."""

    kind: EventKind | None


class NoteInvalid(PromptbookError):
    """A note is empty or longer than 1,000 characters."""


class NoCard(PromptbookError):
    """This person was dealt nothing in the current scene."""


class TakeRunning(PromptbookError):
    """A take is counting down or being recorded, so this has to wait for its cut."""


class SoundCheckRunning(PromptbookError):
    """A sound check asks people to speak or listens to them, so this has to wait for its end, some seconds."""


class SoundCheckStopped(PromptbookError):
    """A pause or the X-card came while a sound check ran, so it has no result."""


class NoTakeRunning(PromptbookError):
    """A take would have to run for this."""


@dataclass(eq=False)
class RecordingImpossible(PromptbookError):
    """What is to be recorded cannot be written; `problem` is the system's own word for it."""

    problem: str


class NothingToRate(PromptbookError):
    """This person has no clip left to rate."""


class SelfRatingAsPeer(PromptbookError):
    """A performer tried to rate their own turn as if it were somebody else's."""


class SelfRatingOfAnother(PromptbookError):
    """Somebody tried to give a self-rating for a turn that is not theirs."""


class AlreadyRated(PromptbookError):
    """This person has rated this turn before."""


class NoSuchTurn(PromptbookError):
    """A button names a turn that does not exist, was not put up for rating, or is of another server."""


@dataclass(eq=False)
class AnswerInvalid(PromptbookError):
    """One answer of a rating lies outside its scale."""

    item: str
    answer: str
    allowed: str


@dataclass(eq=False)
class EmotionUnknown(PromptbookError):
    """An emotion is not in the session's emotion set."""

    emotion: str
    known: Sequence[str]


@dataclass(eq=False)
class DataFileInvalid(PromptbookError):
    """A file a troupe edits (deck, emotion set, instrument, consent text) says something that cannot be used."""

    file: str
    line: int
    problem: str


@dataclass(eq=False)
class DataFileUnknown(PromptbookError):
    """No file of that kind and name is there."""

    kind: str
    name: str
    known: Sequence[str]


@dataclass(eq=False)
class DeckInUse(PromptbookError):
    """The open session deals from this deck, so it cannot be taken away."""

    name: str


class NotACoordinator(PromptbookError):
    """The command or button is the coordinator's."""


class OutsideServer(PromptbookError):
    """The command was given in a direct message."""


@dataclass(eq=False)
class SessionUnknown(PromptbookError):
    """No session of that number belongs to this server."""

    number: SessionId
