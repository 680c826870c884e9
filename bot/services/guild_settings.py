"""A guild's settings: its own choices over this installation's defaults."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.desk import Desk
from bot.store.guild_settings import choices_of, choose

CUE_POLICIES = ("none", "time", "coordinator")
DEFAULT_CUE_POLICY = "coordinator"
DEFAULT_RATINGS_WANTED = 5
"""Five raters a clip are what corpora of acted emotion aim at, three the least (see `docs/data.md`)."""
DROPOUT_CHOICES = ("pause", "end")
DEFAULT_ON_DROPOUT = "pause"


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """All that is in force in a guild. Without `coordinator_role_id`, the role of the installation's name counts.

    `scene_seconds` is a take's time limit, `cue_policy` says who gives cues ('none': nobody is dealt an arc),
    `ratings_wanted` how many raters a clip should have, `on_dropout` what a performer's leaving does to a take.
    """

    coordinator_role_id: int | None
    deck: str
    emotion_set: str
    scene_seconds: int
    cue_policy: str
    ratings_wanted: int
    on_dropout: str


async def settings_of(desk: Desk, guild_id: int) -> GuildSettings:
    """What is in force in a guild now."""
    chosen = await choices_of(desk.database, guild_id)
    return GuildSettings(
        chosen.coordinator_role_id,
        chosen.deck or desk.settings.deck,
        chosen.emotion_set or desk.settings.emotion_set,
        chosen.scene_seconds or desk.settings.take_limit_seconds,
        chosen.cue_policy or DEFAULT_CUE_POLICY,
        chosen.ratings_wanted or DEFAULT_RATINGS_WANTED,
        chosen.on_dropout or DEFAULT_ON_DROPOUT,
    )


async def change_setting(desk: Desk, guild_id: int, setting: str, value: str | int | None) -> GuildSettings:
    """Change one setting, or with None take the choice back; returns what is in force then."""
    async with desk.database.transaction() as tx:
        await choose(tx, guild_id, setting, value)
    if live := desk.live.in_guild(guild_id):
        live.is_coordinated_by(await desk.coordinators_of(guild_id))
    return await settings_of(desk, guild_id)
