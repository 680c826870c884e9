"""Decks a guild can deal from: the installation's, and those its coordinators brought along."""

from __future__ import annotations

from bot.domain.decks import Deck
from bot.services.desk import Desk


async def deck_names(desk: Desk, guild_id: int) -> list[str]:
    """The names of all decks a guild can deal from, sorted."""
    return desk.library.names("decks")


async def find_deck(desk: Desk, guild_id: int, name: str) -> Deck:
    """A deck by its name; DataFileUnknown when the guild has none, DataFileInvalid when it cannot be used."""
    return desk.library.deck(name)
