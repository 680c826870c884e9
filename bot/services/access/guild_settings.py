"""A guild's settings: its own choices over this installation's defaults."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.config import Settings
from bot.domain.ids import GuildId
from bot.domain.languages import ENGLISH
from bot.domain.states import CuePolicy, OnDropout
from bot.live.guild_settings import GuildSettings
from bot.live.sessions import LiveSessions
from bot.store.database import Database
from bot.store.guild_settings import choices_of, choose, languages_chosen
from bot.store.reader import Reader
from bot.store.sessions import want_ratings

DEFAULT_CUE_POLICY = CuePolicy.COORDINATOR
DEFAULT_RATINGS_WANTED = 5
"""The MSP-Podcast corpus has at least five raters per clip; IEMOCAP has three."""
DEFAULT_ON_DROPOUT = OnDropout.PAUSE
DEFAULT_RATING_HOURS = 48
"""Two days: those who could not stay find an evening for it, and still remember what they felt."""
DEFAULT_TIME_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Guilds:
    """What each guild has chosen for its sessions, over this installation's defaults."""

    database: Database
    defaults: Settings
    live: LiveSessions
    _languages: dict[GuildId, str] = field(default_factory=dict[GuildId, str])

    async def settings_of(self, guild_id: GuildId) -> GuildSettings:
        """What is in force in a guild now. An open session holds it in memory: `LiveSession.settings`."""
        if session := self.live.in_guild(guild_id):
            return session.settings
        return await self.read(self.database, guild_id)

    async def privacy_notice(self, guild_id: GuildId) -> str | None:
        """The address or the text of the operator's privacy notice; None if a server has none."""
        return (await choices_of(self.database, guild_id)).privacy_notice

    async def retention_days(self, guild_id: GuildId) -> int | None:
        """For how many days sound is kept after a session; None without an end."""
        return (await choices_of(self.database, guild_id)).retention_days

    def language_in(self, guild_id: GuildId) -> str:
        """The language of a guild's open session, or the one that the guild has chosen; without waiting."""
        session = self.live.in_guild(guild_id)
        return session.language if session else self._languages.get(guild_id, ENGLISH)

    async def read_languages(self) -> None:
        """Learn what every guild has chosen, before anyone can press."""
        self._languages.update(await languages_chosen(self.database))

    async def change(self, guild_id: GuildId, setting: str, value: str | int | None) -> GuildSettings:
        """Change one setting, or clear the guild's choice with None; returns what is in force afterwards."""
        async with self.database.transaction() as tx:
            await choose(tx, guild_id, setting, value)
            settings = await self.read(tx, guild_id)
            await want_ratings(tx, guild_id, settings.ratings_wanted)
        self.take_effect(guild_id, settings)
        return settings

    def take_effect(self, guild_id: GuildId, settings: GuildSettings) -> None:
        """Put in force what was read in a write, from its commit on. Call this before awaiting anything else."""
        self._languages[guild_id] = settings.language
        if session := self.live.in_guild(guild_id):
            session.settings_are(settings)

    async def read(self, reader: Reader, guild_id: GuildId) -> GuildSettings:
        """What the store says is in force in a guild; in a write, what will be in force once it is committed."""
        chosen = await choices_of(reader, guild_id)
        return GuildSettings(
            coordinator_role_id=chosen.coordinator_role_id,
            default_role_name=self.defaults.coordinator_role,
            deck=chosen.deck or self.defaults.deck,
            emotion_set=chosen.emotion_set or self.defaults.emotion_set,
            scene_seconds=chosen.scene_seconds or self.defaults.take_limit_seconds,
            cue_policy=chosen.cue_policy or DEFAULT_CUE_POLICY,
            ratings_wanted=chosen.ratings_wanted or DEFAULT_RATINGS_WANTED,
            on_dropout=chosen.on_dropout or DEFAULT_ON_DROPOUT,
            rater_role_id=chosen.rater_role_id,
            opt_ins=frozenset((chosen.opt_ins or "").split()),
            rating_hours=DEFAULT_RATING_HOURS if chosen.rating_hours is None else chosen.rating_hours,
            time_zone=chosen.time_zone or DEFAULT_TIME_ZONE,
            language=chosen.language or ENGLISH,
        )
