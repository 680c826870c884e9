"""The splits of all sessions, for the command line: shown, and drawn again on purpose."""

from __future__ import annotations

import asyncio

from bot.dataset.model.drawings import Divided, Redrawn, divided, redraw
from bot.home.places import Home
from bot.store.database import Database
from bot.store.sessions import session_ids_of


async def show_splits(database: Database, home: Home) -> Divided:
    """Return how everyone who could be exported now is divided, over all sessions of all servers."""
    return await asyncio.to_thread(divided, database.path, home, await session_ids_of(database))


async def redraw_splits(database: Database, home: Home, seed: int | None) -> Redrawn:
    """Divide everyone who could be exported now as if no one had a side. Without a seed, the drawing's number is used.

    Datasets that were published keep the old sides. Raises DatabaseUnwritable if the database cannot be written.
    """
    return await asyncio.to_thread(redraw, database.path, home, await session_ids_of(database), seed)
