"""The people who take part, what they consent to, and what their servers chose."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.domain.consent import Action
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import GuildId, PersonId, SessionId, UserId
from bot.domain.standing import ConsentEvent
from bot.domain.states import CuePolicy, CueWay, OnDropout


@dataclass(frozen=True, slots=True)
class Person:
    """A row of `people`: someone who consented, coordinated, played or rated, the same on every server.

    This is the only table with both an account and its pseudonym: 'spk_' and 8 hex digits, drawn at random. No other
    name leaves the store.
    """

    person_id: PersonId
    discord_user_id: UserId
    pseudonym: str
    created_at: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A row of `consent_events`, which are never changed. Without `guild_id`, it is about every server of the bot.

    `text_version`, `text_sha256` and `locale` are the wording that it refers to. A grant that `covers_earlier` brings
    back what was recorded before the person withdrew. `recipients` is a JSON list of names, `ends_at` when the grant
    ends by itself; `uses` describes a replica, `represented_by` says who advised the performer on it.
    """

    consent_event_id: int
    person_id: PersonId
    guild_id: GuildId | None
    scope: Scope
    action: Action
    text_version: str
    text_sha256: str
    locale: str
    happened_at: str
    covers_earlier: int
    recipients: str | None
    ends_at: str | None
    uses: str | None
    represented_by: Representation | None

    @property
    def event(self) -> ConsentEvent:
        """The event as the rules read it."""
        return ConsentEvent(
            self.guild_id,
            self.scope,
            self.action,
            self.happened_at,
            self.text_version,
            self.locale,
            bool(self.covers_earlier),
            self._terms,
        )

    @property
    def _terms(self) -> Terms:
        recipients = tuple(json.loads(self.recipients)) if self.recipients else ()
        return Terms(recipients, self.ends_at, self.uses or "", self.represented_by)


@dataclass(frozen=True, slots=True)
class ConsentTextRow:
    """A row of `consent_texts`: a text that people found from `since` on, until the next one of its locale.

    `wording` is what they read; None for a text of earlier versions. `asks_again` is 1 if people who agreed to another
    version are asked before they are recorded again.
    """

    text_id: int
    locale: str
    version: str
    sha256: str
    asks_again: int
    wording: str | None
    since: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A row of `operators`: who is responsible for a server's recordings. None is what no one has said yet.

    `recipients` are names, one a line: to whom recordings are given if a performer directs it.
    """

    guild_id: GuildId
    controller: str | None = None
    contact: str | None = None
    legal_basis: str | None = None
    recipients: str | None = None
    retention: str | None = None
    complaint_authority: str | None = None

    @property
    def named_recipients(self) -> tuple[str, ...]:
        """The names of those to whom recordings are given if a performer directs it."""
        return tuple(name for line in (self.recipients or "").splitlines() if (name := " ".join(line.split())))


@dataclass(frozen=True, slots=True)
class GuildChoices:
    """A row of `guild_settings`: what a guild chose for its sessions. None means this installation's default.

    `cue_policy` is 'none', 'time' or 'coordinator', `on_dropout` 'pause' or 'end'. `rating_hours` is how long a session
    can be rated after its end. `time_zone` is the IANA name of the zone in which sessions are scheduled. `opt_ins` are
    keys from `data/opt_ins.toml`, separated by blanks. `privacy_notice` is the address or the text of the operator's.
    `language` is a BCP 47 tag, `retention_days` for how long sound is kept after a session; None is without an end.
    """

    guild_id: GuildId
    coordinator_role_id: int | None = None
    deck: str | None = None
    emotion_set: str | None = None
    scene_seconds: int | None = None
    cue_policy: CuePolicy | None = None
    ratings_wanted: int | None = None
    on_dropout: OnDropout | None = None
    rater_role_id: int | None = None
    rating_hours: int | None = None
    time_zone: str | None = None
    opt_ins: str | None = None
    privacy_notice: str | None = None
    language: str | None = None
    retention_days: int | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """A row of `attendance`: an account that was in the voice channel of a session while it was open, and since when.

    It is deleted when the session can no longer be rated.
    """

    session_id: SessionId
    discord_user_id: UserId
    first_at: str


@dataclass(frozen=True, slots=True)
class TargetsSeen:
    """A row of `targets_seen`: an account that was shown what was dealt in a session, and no longer rates it.

    It is deleted when the session can no longer be rated.
    """

    session_id: SessionId
    discord_user_id: UserId
    first_at: str


@dataclass(frozen=True, slots=True)
class CueChoice:
    """A row of `cue_choices`: how a performer wants their cues. Who has no row is sent them under their card."""

    person_id: PersonId
    way: CueWay
    chosen_at: str


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """A row of `profiles`: what a person says about themselves, in answer to one question of `domain/profile`.

    `answer` has one key, or several that are separated by blanks. A question that was not answered has no row.
    """

    person_id: PersonId
    question: str
    answer: str
    answered_at: str
