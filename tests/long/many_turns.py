"""Takes with many turns, which raters need for checks and pairs to come."""

from __future__ import annotations

from tests.evening import Evening

_ADD = """
    INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, clip_end_samples,
                       is_for_rating, found_by, method)
    SELECT track_id, ?1, ?2, ?3, ?2, ?3, 1, found_by, method FROM turns WHERE number = 1
"""


async def put_up(evening: Evening, turns: int, length_samples: int) -> None:
    """Put up so many turns of one length on each track, next to the one that was found."""
    await evening.services.turns.settled()
    async with evening.database.transaction() as tx:
        for number in range(2, turns + 1):
            start = length_samples * number
            await tx.execute(_ADD, number, start, start + length_samples)
