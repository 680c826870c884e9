"""The people who take part, and what their servers chose."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId, SessionId, UserId
from bot.domain.states import CuePolicy, OnDropout


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
class GuildChoices:
    """A row of `guild_settings`: what a guild chose for its sessions. None means this installation's default.

    `cue_policy` is 'none', 'time' or 'coordinator', `on_dropout` 'pause' or 'end'. `rating_hours` is how long a session
    can be rated after its end. `time_zone` is the IANA name of the zone in which sessions are scheduled. `opt_ins` are
    keys from `data/opt_ins.toml`, separated by blanks. `language` is a BCP 47 tag.
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
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """A row of `attendance`: an account that was in the voice channel of a session while it was open, and since when.

    It is deleted when the session can no longer be rated.
    """

    session_id: SessionId
    discord_user_id: UserId
    first_at: str
