"""The errors of the use cases. Each error names a fact and carries what a sentence about it needs.

The sentences themselves are in `bot.ui.texts.errors`: an error here does not know how it is worded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.events.kinds import EventKind
from bot.domain.ids import SessionId, UserId
from bot.domain.own_voice import ChannelFault
from bot.domain.states import Interlude


class PromptbookError(Exception):
    """Base of every error that a person can cause or fix.

    Subclasses are dataclasses, but not frozen, because context managers set `__traceback__` on errors.
    """


@dataclass(eq=False)
class ConsentMissing(PromptbookError):
    """A person has not given, or has withdrawn, consent to a scope that the action needs."""

    scope: str


class ConsentTextNew(PromptbookError):
    """The consent text has changed so that the person must agree to it before they are recorded again."""


class OperatorUnknown(PromptbookError):
    """No one has said who is responsible for the recordings of the server, or how to reach them."""


@dataclass(eq=False)
class OperatorIncomplete(PromptbookError):
    """Recordings are to be given to someone, and `missing` says what people do not know yet about the operator."""

    guild_id: int
    missing: Sequence[str]


@dataclass(eq=False)
class ConsentIncomplete(PromptbookError):
    """A consent form was sent without a required answer, for example about the person's age."""

    problem: str


class ErasureUnderWay(PromptbookError):
    """A person wants to consent while everything about them is being erased: that would be erased, too."""


@dataclass(eq=False)
class SessionAlreadyOpen(PromptbookError):
    """The guild already has an open session; it can have only one at a time."""

    voice_channel_id: int


class NoOpenSession(PromptbookError):
    """The guild has no open session."""


class SessionEnded(PromptbookError):
    """A button belongs to a session that is over."""


class NoVoiceChannel(PromptbookError):
    """No voice channel was named, and none follows from the place where the command was given."""


@dataclass(eq=False)
class VoiceUnreachable(PromptbookError):
    """The voice channel could not be joined."""

    voice_channel_id: int


@dataclass(eq=False)
class ChannelUnsuited(PromptbookError):
    """No one can hold a session in this channel."""

    voice_channel_id: int
    fault: ChannelFault


@dataclass(eq=False)
class BotDeafened(PromptbookError):
    """A moderator deafened the bot for the whole server, so it hears no one.

    `waits_seconds` is how long the bot waits in the channel, because only someone who is in voice can be undeafened;
    None if it stays anyway.
    """

    voice_channel_id: int
    waits_seconds: int | None = None


@dataclass(eq=False)
class BotMoved(PromptbookError):
    """A moderator moved the bot from the session's channel to another one."""

    moved_to_channel_id: int
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
    """What the people present do not play leaves no prompt, or no emotion. Which and whose stays unsaid."""


class EmotionNotHere(PromptbookError):
    """An emotion cannot be dealt in this scene: its prompt, the server or someone on stage leaves it out.

    Which of them and whose wish it is stays unsaid.
    """


@dataclass(eq=False)
class PromptUnknown(PromptbookError):
    """The deck has no such prompt."""

    prompt_id: str


class NoScene(PromptbookError):
    """Nothing has been dealt yet."""


@dataclass(eq=False)
class SuggestionInvalid(PromptbookError):
    """A suggestion has a text that cannot be dealt; `problem` says why, as the end of a sentence."""

    problem: str


class SuggestionUnsuited(PromptbookError):
    """A suggestion touches a topic of someone's line. Which and whose stays unsaid."""


class NotASceneOfItsOwn(PromptbookError):
    """Neither a calibration nor a replay is dealt again, and no part of a calibration is changed."""


class NothingToCalibrate(PromptbookError):
    """Everyone in the channel has been recorded with every part of the calibration."""


class NothingToReplay(PromptbookError):
    """The current scene has no take that counts, or is a calibration."""


class ReplayImpossible(PromptbookError):
    """Not all performers of the scene are here and consent, or someone's lines forbid it now. Which stays unsaid."""


class SceneHasTakes(PromptbookError):
    """The scene has been played, so its castings can no longer change."""


class NothingToRetake(PromptbookError):
    """The current scene has no take yet."""


class NothingToStrike(PromptbookError):
    """The current scene has no take that was kept."""


@dataclass(eq=False)
class InterludeRunning(PromptbookError):
    """A warm-up, a voice try-out or a debrief is on, in which nothing is dealt or recorded."""

    interlude: Interlude


class NoInterlude(PromptbookError):
    """Neither a warm-up nor a voice try-out nor a debrief is on, or not the one that is needed."""


@dataclass(eq=False)
class NotOnStage(PromptbookError):
    """An account has no part in the current scene."""

    discord_user_id: UserId


class WishEmpty(PromptbookError):
    """A change of a part was asked for, but nothing to change was named."""


@dataclass(eq=False)
class CharacterUnknown(PromptbookError):
    """No character has this key."""

    character: str


class ShiftToItself(PromptbookError):
    """A part would shift at its cue to the emotion with which it begins."""


@dataclass(eq=False)
class CharacterTaken(PromptbookError):
    """Someone else on stage has this character."""

    character: str


class VoiceRecorded(PromptbookError):
    """The scene is being played, or has been, in the voice that the performer has."""


class NoOtherVoice(PromptbookError):
    """Someone holds each of the characters."""


class NotInChannel(PromptbookError):
    """The person who pressed is not in the session's voice channel."""


class NoCue(PromptbookError):
    """The running take has no cue that waits for the coordinator."""


@dataclass(eq=False)
class CueUndelivered(PromptbookError):
    """Performers could not be told to shift: they have not opened their card, and accept no direct messages.

    `told` is how many others were told.
    """

    discord_user_ids: Sequence[UserId]
    told: int = 0


@dataclass(eq=False)
class CoachingInvalid(PromptbookError):
    """Side-coaching has a text that cannot be sent; `problem` says why, as the end of a sentence."""

    problem: str


@dataclass(eq=False)
class CoachingUndelivered(PromptbookError):
    """A performer could not be told something: they have not opened their card, and accept no direct messages."""

    discord_user_id: UserId


class SessionPaused(PromptbookError):
    """The session is paused, so the action has to wait until it is resumed."""


class SessionNotPaused(PromptbookError):
    """The session is not paused."""


@dataclass(eq=False)
class SessionChanged(PromptbookError):
    """A button was pressed on a panel that is out of date; `kind` is the kind of the event that came after it."""

    kind: EventKind | None


class NoteInvalid(PromptbookError):
    """A note is empty or longer than 1,000 characters."""


class NoCard(PromptbookError):
    """This person was dealt nothing in the current scene."""


class TakeRunning(PromptbookError):
    """A take is counting down or being recorded, so the action has to wait for its cut."""


class SoundCheckRunning(PromptbookError):
    """A sound check is running, so the action has to wait until it ends, a few seconds later."""


class SoundCheckStopped(PromptbookError):
    """A pause or the X-card stopped a sound check, so it has no result."""


class NoTakeRunning(PromptbookError):
    """The action needs a running take."""


@dataclass(eq=False)
class RecordingImpossible(PromptbookError):
    """A recording cannot be written; `problem` is the operating system's text for it."""

    problem: str


class TurnsNotFoundYet(PromptbookError):
    """The turns of a take have not been found yet, so that nothing of it can be rated."""


class ExportTooEarly(PromptbookError):
    """The turns of the last takes are not found in the time in which Discord waits for an export."""


class LogIsWhole(PromptbookError):
    """A log was asked for with a purpose or a recipient, which are about sound."""


class NothingToReview(PromptbookError):
    """This person has no turn of their own that they have not reviewed."""


class NothingToRate(PromptbookError):
    """This person has no clip left to rate."""


class NothingLeftToRate(NothingToRate):
    """This person has no clip left to rate of a session that has ended, so none will come."""


class ClipsWithOthers(NothingToRate):
    """The clips that are left for this person have been given to other raters, who have not answered yet."""


class RatingOver(PromptbookError):
    """The time in which a session could be rated after its end is over."""


@dataclass(eq=False)
class NotARater(PromptbookError):
    """A person who was not in a session's channel, and has no rater role, asked for a clip of it.

    `rater_role_id` is the role that would let them; None if the server has chosen none.
    """

    session_id: SessionId
    voice_channel_id: int
    rater_role_id: int | None
    is_open: bool


@dataclass(eq=False)
class TargetsKnown(PromptbookError):
    """A person who was shown what was dealt in a session asked for a clip of it."""

    session_id: SessionId


@dataclass(eq=False)
class TargetsWouldShow(PromptbookError):
    """A person asked for an export, which shows what was dealt in sessions that they can still rate.

    `left` says how many clips they have left of each; more may come.
    """

    left: Mapping[SessionId, int]


class InvitationClosed(PromptbookError):
    """A person accepted an invitation to rate a session that is closed."""


class SelfRatingAsPeer(PromptbookError):
    """A performer tried to rate their own turn as if it were someone else's."""


class SelfRatingOfAnother(PromptbookError):
    """Someone tried to give a self-rating for a turn that is not theirs."""


class AlreadyRated(PromptbookError):
    """This person has already rated this turn."""


class TrialOfAnother(PromptbookError):
    """A button or form about a clip that someone else was given."""


class ClipOutOfDate(PromptbookError):
    """A button or form about a clip from before an update: it names a turn, which no longer counts."""


class EnoughRatings(PromptbookError):
    """This person answered so late that their clip had been given to others, and has enough ratings by now."""


class NoSuchTurn(PromptbookError):
    """A button names a turn that does not exist, was not put up for rating, or belongs to another server."""


@dataclass(eq=False)
class AnswerInvalid(PromptbookError):
    """An answer in a rating lies outside its scale."""

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
    """A file that a troupe edits (deck, emotion set, instrument, consent text) holds something that cannot be used."""

    file: str
    line: int
    problem: str


@dataclass(eq=False)
class DataFileUnknown(PromptbookError):
    """No file of that kind and name exists."""

    kind: str
    name: str
    known: Sequence[str]


@dataclass(eq=False)
class LanguageUnknown(PromptbookError):
    """The installation has no texts in a language; `known` are the tags of those that it has."""

    tag: str
    known: Sequence[str]


@dataclass(eq=False)
class LanguageIncomplete(PromptbookError):
    """A language's folder lacks a file that a session needs; `file` is its path in the data folder."""

    tag: str
    file: str


@dataclass(eq=False)
class DeckInUse(PromptbookError):
    """The open session deals from this deck, so it cannot be removed."""

    name: str


class NotACoordinator(PromptbookError):
    """Only a coordinator can use the command or button."""


class OutsideServer(PromptbookError):
    """The command was given in a direct message."""


@dataclass(eq=False)
class SessionUnknown(PromptbookError):
    """No session with that number belongs to this server."""

    number: SessionId


@dataclass(eq=False)
class DateUnreadable(PromptbookError):
    """What was typed is not a date."""

    typed: str


@dataclass(eq=False)
class TimeUnreadable(PromptbookError):
    """What was typed is not a time of day."""

    typed: str


@dataclass(eq=False)
class ZoneUnknown(PromptbookError):
    """No time zone has this name; `close` are names that may have been meant."""

    typed: str
    close: Sequence[str]


@dataclass(eq=False)
class TimeSkipped(PromptbookError):
    """Clocks in the zone are set forward over this time; `instead` is what they show at that moment."""

    time: str
    zone: str
    instead: str


@dataclass(eq=False)
class TimeTwice(PromptbookError):
    """Clocks in the zone are set back and show this time twice; `first` and `second` are the two in UTC, as options."""

    time: str
    zone: str
    first: str
    second: str


@dataclass(eq=False)
class TimeTooFar(PromptbookError):
    """A time, in seconds since 1970, lies in the past, or more than a year ahead."""

    unix_seconds: int
    is_past: bool


class NothingScheduled(PromptbookError):
    """No session is scheduled on the server."""


class SeveralScheduled(PromptbookError):
    """Several sessions are scheduled, and none was named."""


class ScheduledOver(PromptbookError):
    """A scheduled session was cancelled, has been opened, or is over."""


class BoardUnreachable(PromptbookError):
    """Discord did not accept a scheduled event or the message about it, so nothing was changed."""


@dataclass(eq=False)
class CurrencyUnknown(PromptbookError):
    """No currency that people are paid in has this code."""

    code: str


@dataclass(eq=False)
class AmountInvalid(PromptbookError):
    """A text is no amount of a currency with this many decimals."""

    currency: str
    decimals: int


class NoPayRate(PromptbookError):
    """A session has no rate of pay, so that no amount of it has a currency."""


class MonthInvalid(PromptbookError):
    """A text names no month of a year."""
