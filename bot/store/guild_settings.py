"""What each guild chose for its sessions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.reader import Reader
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class GuildChoices:
    """A guild's own settings; None is this installation's default."""

    coordinator_role_id: int | None = None
    deck: str | None = None
    emotion_set: str | None = None
    scene_seconds: int | None = None
    cue_policy: str | None = None
    ratings_wanted: int | None = None
    on_dropout: str | None = None


async def choices_of(reader: Reader, guild_id: int) -> GuildChoices:
    """What a guild chose; nothing at all for a guild that never did."""
    row = await reader.fetch_one("SELECT * FROM guild_settings WHERE guild_id = ?", guild_id)
    if row is None:
        return GuildChoices()
    return GuildChoices(**{name: row[name] for name in GuildChoices.__slots__})


async def choose(tx: Transaction, guild_id: int, setting: str, value: str | int | None) -> None:
    """Set one setting, by its name in GuildChoices, or take it back with None."""
    if setting not in GuildChoices.__slots__:
        raise ValueError(f"There is no setting {setting!r}.")
    await tx.execute("INSERT INTO guild_settings (guild_id) VALUES (?) ON CONFLICT DO NOTHING", guild_id)
    # The name is one of the fields above.
    await tx.execute(f"UPDATE guild_settings SET {setting} = ? WHERE guild_id = ?", value, guild_id)  # noqa: S608
