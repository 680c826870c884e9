"""Cues: the time on a take's clock at which a performer was told to shift to their second emotion."""

from __future__ import annotations

from collections import defaultdict

from bot.domain.ids import CastingId, PersonId, TakeId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def add_cue(tx: Transaction, take_id: TakeId, casting_id: CastingId, cause: str, position_samples: int) -> None:
    """Store a cue that was given, by 'time' or by the 'coordinator'."""
    await tx.insert("cues", take_id=take_id, casting_id=casting_id, cause=cause, position_samples=position_samples)


async def remove_cues_from(tx: Transaction, take_id: TakeId, position_samples: int) -> None:
    """Delete cues at or after a position: the take was cut before the performers were told."""
    await tx.execute("DELETE FROM cues WHERE take_id = ? AND position_samples >= ?", take_id, position_samples)


async def cues_of(reader: Reader, take_id: TakeId) -> dict[PersonId, list[int]]:
    """Return the positions of a take's cues, by the person who was told."""
    found: defaultdict[PersonId, list[int]] = defaultdict(list)
    for row in await reader.fetch_all(
        "SELECT person_id, position_samples FROM cues JOIN castings USING (casting_id) WHERE take_id = ?", take_id
    ):
        found[row["person_id"]].append(row["position_samples"])
    return dict(found)
