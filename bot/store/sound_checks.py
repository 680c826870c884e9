"""Sound checks: how each performer sounded in the warm-up, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """One performer in a sound check; None is what could not be measured, and all levels are None for the unheard.

    `heard_in_track_of` is the person whose microphone picked this performer up the loudest, `crosstalk_db` how loud
    against that track's own speech.
    """

    person_id: int
    speech_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float | None
    lost_share: float | None
    heard_in_track_of: int | None
    crosstalk_db: float | None


async def add_sound_checks(tx: Transaction, session_id: int, performers: Iterable[SoundFacts], now: str) -> None:
    """Keep one row a performer."""
    for facts in performers:
        await tx.insert("sound_checks", session_id=session_id, checked_at=now, **asdict(facts))
