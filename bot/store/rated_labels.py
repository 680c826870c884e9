"""The emotions that peers have named so far, by turn: what the queue of raters goes by."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.ids import SessionId, TurnId
from bot.store.reader import Reader

_OF_SESSION = """
    SELECT turn_id, perceived_emotion FROM ratings
    JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ?
"""


async def peer_labels(reader: Reader, session_id: SessionId) -> dict[TurnId, list[str]]:
    """Return the emotions that peers have named in each turn of a session; turns that no one has rated are absent."""
    found: defaultdict[TurnId, list[str]] = defaultdict(list)
    for row in await reader.fetch_all(_OF_SESSION, session_id):
        found[TurnId(row["turn_id"])].append(row["perceived_emotion"])
    return dict(found)


async def count_peers(reader: Reader, turn_id: TurnId) -> int:
    """Return how many peers have rated a turn."""
    return int(await reader.fetch_value("SELECT count(*) FROM ratings WHERE turn_id = ?", turn_id))
