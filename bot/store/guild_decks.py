"""Decks that coordinators imported, as they were uploaded."""

from __future__ import annotations

from bot.domain.ids import GuildId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def guild_deck_names(reader: Reader, guild_id: GuildId) -> list[str]:
    """Return the names of a guild's own decks, sorted."""
    rows = await reader.fetch_all("SELECT name FROM guild_decks WHERE guild_id = ? ORDER BY name", guild_id)
    return [row["name"] for row in rows]


async def guild_deck_text(reader: Reader, guild_id: GuildId, name: str) -> str | None:
    """Return a guild's own deck as it was uploaded; None if it has none of that name."""
    sql = "SELECT text FROM guild_decks WHERE guild_id = ? AND name = ?"
    return await reader.fetch_value(sql, guild_id, name)


async def put_guild_deck(tx: Transaction, guild_id: GuildId, name: str, text: str, now: str) -> None:
    """Store a deck under its name. It replaces an earlier one of that name."""
    sql = "INSERT OR REPLACE INTO guild_decks (guild_id, name, text, imported_at) VALUES (?, ?, ?, ?)"
    await tx.execute(sql, guild_id, name, text, now)


async def remove_guild_deck(tx: Transaction, guild_id: GuildId, name: str) -> bool:
    """Delete a deck; return whether one of that name existed."""
    return bool(await tx.execute("DELETE FROM guild_decks WHERE guild_id = ? AND name = ?", guild_id, name))
