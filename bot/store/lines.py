"""Lines: topics that performers will not play. Read one by one only for the person who drew them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.store.database import Database


async def lines_of(database: Database, person_id: int) -> frozenset[str]:
    """A person's own lines, for their own eyes."""
    rows = await database.fetch_all("SELECT topic FROM lines WHERE person_id = ?", person_id)
    return frozenset(row["topic"] for row in rows)


async def draw_lines(database: Database, person_id: int, topics: Iterable[str], now: str) -> None:
    """Set exactly these lines for a person. Inside a transaction."""
    wanted = set(topics)
    for topic in await lines_of(database, person_id) - wanted:
        await database.execute("DELETE FROM lines WHERE person_id = ? AND topic = ?", person_id, topic)
    for topic in sorted(wanted):
        await database.execute("INSERT INTO lines VALUES (?, ?, ?) ON CONFLICT DO NOTHING", person_id, topic, now)


async def lines_among(database: Database, discord_user_ids: Iterable[int]) -> frozenset[str]:
    """The lines of all of these accounts together; whose they are is not read."""
    rows = await database.fetch_all(
        "SELECT DISTINCT topic FROM lines JOIN people USING (person_id) "
        "WHERE discord_user_id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(discord_user_ids)),
    )
    return frozenset(row["topic"] for row in rows)
