"""What each guild chose for its sessions."""

from __future__ import annotations

from dataclasses import fields

from bot.domain.ids import GuildId
from bot.store.reader import Reader
from bot.store.records import GuildChoices
from bot.store.transaction import Transaction

_SETTINGS = {one.name for one in fields(GuildChoices)} - {"guild_id"}


async def choices_of(reader: Reader, guild_id: GuildId) -> GuildChoices:
    """Return what a guild chose; every choice is None for a guild that never chose."""
    sql = "SELECT * FROM guild_settings WHERE guild_id = ?"
    return await reader.fetch_record(GuildChoices, sql, guild_id) or GuildChoices(guild_id)


async def choose(tx: Transaction, guild_id: GuildId, setting: str, value: str | int | None) -> None:
    """Set one setting, by its name in GuildChoices. None restores the default."""
    if setting not in _SETTINGS:
        raise ValueError(f"{setting!r} is not a setting.")
    await tx.execute("INSERT INTO guild_settings (guild_id) VALUES (?) ON CONFLICT DO NOTHING", guild_id)
    # The name has just been checked against the record's fields.
    await tx.execute(f"UPDATE guild_settings SET {setting} = ? WHERE guild_id = ?", value, guild_id)  # noqa: S608


async def languages_chosen(reader: Reader) -> dict[GuildId, str]:
    """Return the languages of the guilds that have chosen one."""
    rows = await reader.fetch_all("SELECT guild_id, language FROM guild_settings WHERE language IS NOT NULL")
    return {GuildId(row["guild_id"]): row["language"] for row in rows}
