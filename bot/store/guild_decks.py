"""Decks that coordinators brought along, as they were uploaded."""

from __future__ import annotations

from bot.store.database import Database


async def guild_deck_names(database: Database, guild_id: int) -> list[str]:
    """The names of a guild's own decks, sorted."""
    rows = await database.fetch_all("SELECT name FROM guild_decks WHERE guild_id = ? ORDER BY name", guild_id)
    return [row["name"] for row in rows]


async def guild_deck_text(database: Database, guild_id: int, name: str) -> str | None:
    """A guild's own deck as it was uploaded; None when it has none of that name."""
    sql = "SELECT text FROM guild_decks WHERE guild_id = ? AND name = ?"
    return await database.fetch_value(sql, guild_id, name)


async def put_guild_deck(database: Database, guild_id: int, name: str, text: str, now: str) -> None:
    """Keep a deck under its name, in place of an earlier one. Inside a transaction."""
    sql = "INSERT OR REPLACE INTO guild_decks (guild_id, name, text, imported_at) VALUES (?, ?, ?, ?)"
    await database.execute(sql, guild_id, name, text, now)


async def remove_guild_deck(database: Database, guild_id: int, name: str) -> bool:
    """Forget a deck; whether there was one of that name. Inside a transaction."""
    return bool(await database.execute("DELETE FROM guild_decks WHERE guild_id = ? AND name = ?", guild_id, name))
