"""The ids of buttons, menus and forms: each carries an action and its numbers, so that it works after a restart.

What is about a rater's clip names their trial by its token: a turn's number would say which clips are of one track.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Generic, TypeVar

from bot.domain.ids import (
    CastingId,
    EventId,
    GuildId,
    InvitationId,
    SceneId,
    ScheduledId,
    SessionId,
    TakeId,
    TrialToken,
    TurnId,
)
from bot.domain.show import Step
from bot.domain.states import CueAnswer, ReplayMode, SignUpAnswer, Verdict

PREFIX = "pb"
LIMIT = 100
"""Discord's limit for a custom id, in characters."""

_NUMBER = r"\d+"
_PATTERNS: Mapping[str, str] = {"token": "t[0-9a-f]{20}"}
"""What a field looks like that is no number: a token begins with a letter, so that it is never taken for one."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an id carries besides its verb: nothing, or the fields of a subclass, in their order. One can be a token."""


@dataclass(frozen=True, slots=True)
class OfServer(Numbers):
    """Something that is about one server, in direct messages."""

    guild_id: GuildId


@dataclass(frozen=True, slots=True)
class OfStart(Numbers):
    """A form that comes before a session in this channel; 0 if it comes before none."""

    voice_channel_id: int


@dataclass(frozen=True, slots=True)
class OfScheduled(Numbers):
    """Something that is about one scheduled session, on its server or in direct messages."""

    scheduled_id: ScheduledId


@dataclass(frozen=True, slots=True)
class OfChoices(Numbers):
    """A form that offers what the troupe's files list: a number that changes with them."""

    digest: int


@dataclass(frozen=True, slots=True)
class OfSession(Numbers):
    """Something that belongs to a session."""

    session_id: SessionId


@dataclass(frozen=True, slots=True)
class OfInvitation(OfSession):
    """The button below an invitation to rate a session."""

    invitation_id: InvitationId


@dataclass(frozen=True, slots=True)
class OnPanel(OfSession):
    """A coordinator's button. `seen` is the last change that the panel showed."""

    seen: EventId


@dataclass(frozen=True, slots=True)
class OfClip(OfSession):
    """A button below a clip. `part` is the part of the emotion set that its form offers."""

    part: int
    token: TrialToken


@dataclass(frozen=True, slots=True)
class OfTrial(OfSession):
    """A form about a clip, or a button that answers about it by itself."""

    token: TrialToken


@dataclass(frozen=True, slots=True)
class OfTurn(OfSession):
    """A button about one turn of the person who sees it."""

    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class OfOldClip(OfSession):
    """A button that an earlier version put below a clip."""

    part: int
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class OfCue(OfSession):
    """A button under a cue, or under the question about it."""

    take_id: TakeId
    casting_id: CastingId


@dataclass(frozen=True, slots=True)
class OfMoment(OfSession):
    """A form for a note about a moment. The ids of scene and take are 0 if there was none."""

    scene_id: SceneId
    take_id: TakeId
    position_samples: int


N = TypeVar("N", bound=Numbers)


@dataclass(frozen=True, slots=True)
class CustomId(Generic[N]):
    """One kind of button, menu or form: `pb:verb`, followed by its numbers."""

    verb: str
    numbers: type[N]

    def build(self, numbers: N) -> str:
        """The custom id for these numbers."""
        return ":".join([PREFIX, self.verb, *(str(number) for number in asdict(numbers).values())])

    @property
    def template(self) -> str:
        """A regular expression that matches such ids and names their numbers."""
        return ":".join([PREFIX, self.verb, *(_group(field.name) for field in fields(self.numbers))])

    def take(self, match: re.Match[str]) -> N:
        """The numbers of an id that `template` matches."""
        found = match.groupdict().items()
        return self.numbers(**{field: text if field in _PATTERNS else int(text) for field, text in found})

    def read(self, custom_id: str) -> N | None:
        """The numbers of an id; None for one of another kind."""
        match = re.fullmatch(self.template, custom_id)
        return self.take(match) if match else None


def _group(field: str) -> str:
    return f"(?P<{field}>{_PATTERNS.get(field, _NUMBER)})"


STEP_BUTTONS: Mapping[Step, CustomId[OnPanel]] = {step: CustomId(step.value, OnPanel) for step in Step}
REPLAYS: Mapping[ReplayMode, CustomId[OnPanel]] = {mode: CustomId(f"replay-{mode}", OnPanel) for mode in ReplayMode}
END_NOW = CustomId("end-now", OnPanel)
CARD = CustomId("card", OfSession)
ANOTHER_VOICE = CustomId("another-voice", OfSession)
WHOLE_VOICE = CustomId("whole-voice", OfSession)
HEAR_CARD = CustomId("hear-card", OfSession)
PROMPT = CustomId("prompt", OfSession)
RATE = CustomId("rate", OfSession)
RATE_INVITED = CustomId("rate-invited", OfInvitation)
LINES = CustomId("lines", Numbers)
X_CARD = CustomId("x-card", OfSession)
EASE_OFF = CustomId("ease-off", OfSession)
JUDGE_PEER = CustomId("judge-peer", OfClip)
JUDGE_SELF = CustomId("judge-self", OfClip)
SKIP_CLIP = CustomId("cannot-judge", OfTrial)
REPORT_BAD_SOUND = CustomId("bad-sound", OfTrial)
SAME_VOICE = CustomId("same-voice", OfTrial)
OTHER_VOICE = CustomId("other-voice", OfTrial)
SKIP_PAIR = CustomId("cannot-compare", OfTrial)
OLD_CLIP_BUTTONS: Sequence[CustomId[Any]] = (
    CustomId("judge-peer", OfOldClip),
    CustomId("judge-self", OfOldClip),
    CustomId("cannot-judge", OfTurn),
    CustomId("bad-sound", OfTurn),
)
"""What is still on screens from before an update, with turns in place of tokens."""

CUE_SEEN = CustomId("cue-seen", OfCue)
CUE_ANSWERS: Mapping[CueAnswer, CustomId[OfCue]] = {
    CueAnswer.SAW: CustomId("cue-saw", OfCue),
    CueAnswer.NOT_SEEN: CustomId("cue-missed", OfCue),
    CueAnswer.UNSURE: CustomId("cue-unsure", OfCue),
}
SIGN_UP: Mapping[SignUpAnswer, CustomId[OfScheduled]] = {
    answer: CustomId(f"sign-up-{answer}", OfScheduled) for answer in SignUpAnswer
}
NO_REMINDERS = CustomId("no-reminders", Numbers)
REMINDERS = CustomId("reminders", Numbers)
ERASE_ALL = CustomId("erase-all", Numbers)
ERASE_KEEPING_RATINGS = CustomId("erase-keeping-ratings", Numbers)
REVIEWS: Mapping[Verdict, CustomId[OfTurn]] = {
    Verdict.KEEP: CustomId("review-keep", OfTurn),
    Verdict.LEAVE_OUT: CustomId("review-leave-out", OfTurn),
}
WAIT_FOR_REVIEW = CustomId("review-first", Numbers)
NO_WAIT_FOR_REVIEW = CustomId("review-later", Numbers)
READ_CONSENT = CustomId("consent", Numbers)
CHOOSE_CONSENT = CustomId("choose-consent", Numbers)
CHOOSE_CONSENT_OF = CustomId("choose-consent-of", OfServer)
CONSENT_FORM = CustomId("consent-form", Numbers)
CONSENT_FORM_OF = CustomId("consent-form-of", OfServer)
COVER_EARLIER = CustomId("cover-earlier", Numbers)
COVER_EARLIER_OF = CustomId("cover-earlier-of", OfServer)
REPLICA = CustomId("replica", Numbers)
REPLICA_OF = CustomId("replica-of", OfServer)
REPLICA_FORM = CustomId("replica-form", Numbers)
REPLICA_FORM_OF = CustomId("replica-form-of", OfServer)
OPERATOR = CustomId("operator", Numbers)
OPERATOR_FORM = CustomId("operator-form", OfStart)
LAW = CustomId("law", Numbers)
LAW_FORM = CustomId("law-form", Numbers)
LIMITS_FORM = CustomId("lines-form", OfChoices)
SUGGESTION_FORM = CustomId("suggestion-form", OfSession)
NOTE_FORM = CustomId("note-form", OfMoment)
PEER_FORM = CustomId("peer-form", OfTrial)
SELF_FORM = CustomId("self-form", OfTrial)
OLD_CLIP_FORMS: Sequence[CustomId[Any]] = (CustomId("peer-form", OfTurn), CustomId("self-form", OfTurn))
