"""Decks that coordinators brought along, as they were uploaded."""

from __future__ import annotations

from bot.domain.ids import GuildId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def guild_deck_names(reader: Reader, guild_id: GuildId) -> list[str]:
    """The names of a guild's own decks, sorted."""
    rows = await reader.fetch_all("SELECT name FROM guild_decks WHERE guild_id = ? ORDER BY name", guild_id)
    return [row["name"] for row in rows]


async def guild_deck_text(reader: Reader, guild_id: GuildId, name: str) -> str | None:
    """A guild's own deck as it was uploaded; None when it has none of that name."""
    sql = "SELECT text FROM guild_decks WHERE guild_id = ? AND name = ?"
    return await reader.fetch_value(sql, guild_id, name)


async def put_guild_deck(tx: Transaction, guild_id: GuildId, name: str, text: str, now: str) -> None:
    """Keep a deck under its name, in place of an earlier one."""
    sql = "INSERT OR REPLACE INTO guild_decks (guild_id, name, text, imported_at) VALUES (?, ?, ?, ?)"
    await tx.execute(sql, guild_id, name, text, now)


async def remove_guild_deck(tx: Transaction, guild_id: GuildId, name: str) -> bool:
    """Forget a deck; whether there was one of that name."""
    return bool(await tx.execute("DELETE FROM guild_decks WHERE guild_id = ? AND name = ?", guild_id, name))
