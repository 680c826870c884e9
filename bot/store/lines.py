"""Lines: topics that performers will not play. A single person's lines are read only for that person."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.domain.ids import PersonId, UserId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def lines_of(reader: Reader, person_id: PersonId) -> frozenset[str]:
    """Return a person's lines, to be shown to that person only."""
    rows = await reader.fetch_all("SELECT topic FROM lines WHERE person_id = ?", person_id)
    return frozenset(row["topic"] for row in rows)


async def draw_lines(tx: Transaction, person_id: PersonId, topics: Iterable[str], now: str) -> None:
    """Set exactly these lines for a person."""
    wanted = set(topics)
    for topic in await lines_of(tx, person_id) - wanted:
        await tx.execute("DELETE FROM lines WHERE person_id = ? AND topic = ?", person_id, topic)
    for topic in sorted(wanted):
        await tx.execute("INSERT INTO lines VALUES (?, ?, ?) ON CONFLICT DO NOTHING", person_id, topic, now)


async def lines_among(reader: Reader, discord_user_ids: Iterable[UserId]) -> frozenset[str]:
    """Return the lines of all these accounts together. Whose they are is not read."""
    rows = await reader.fetch_all(
        "SELECT DISTINCT topic FROM lines JOIN people USING (person_id) "
        "WHERE discord_user_id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(discord_user_ids)),
    )
    return frozenset(row["topic"] for row in rows)
