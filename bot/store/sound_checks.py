"""Sound checks: the measurements of how each performer sounded in the warm-up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from bot.domain.ids import SessionId
from bot.store.records import SoundFacts
from bot.store.transaction import Transaction


async def add_sound_checks(tx: Transaction, session_id: SessionId, performers: Iterable[SoundFacts], now: str) -> None:
    """Store one row per performer."""
    for facts in performers:
        await tx.insert("sound_checks", session_id=session_id, checked_at=now, **asdict(facts))
