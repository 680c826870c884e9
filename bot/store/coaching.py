"""Side-coaching: what coordinators told single performers in the middle of takes."""

from __future__ import annotations

from bot.domain.ids import CastingId, TakeId
from bot.store.transaction import Transaction


async def add_coaching(
    tx: Transaction, take_id: TakeId, casting_id: CastingId, position_samples: int, text: str
) -> None:
    """Store what a performer was told at a position of a take."""
    await tx.insert(
        "side_coachings", take_id=take_id, casting_id=casting_id, position_samples=position_samples, text=text
    )


async def remove_coaching_from(tx: Transaction, take_id: TakeId, position_samples: int) -> None:
    """Forget what came at or after a position, because the take was cut before."""
    await tx.execute(
        "DELETE FROM side_coachings WHERE take_id = ? AND position_samples >= ?", take_id, position_samples
    )
