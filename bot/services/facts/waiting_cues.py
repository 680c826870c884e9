"""The cues of a take that have not been given yet."""

from __future__ import annotations

from bot.domain.states import CueCause
from bot.live.take.live_take import LiveTake
from bot.store.reader import Reader
from bot.store.records import PerformerCasting
from bot.store.scenes import castings_of


async def waiting_cues(reader: Reader, take: LiveTake) -> list[PerformerCasting]:
    """The castings whose arc still waits for the coordinator's cue in this take."""
    return [
        casting
        for casting in await castings_of(reader, take.take.scene_id)
        if casting.cue_cause is CueCause.COORDINATOR
        and casting.casting_id not in take.cues.begun
        and casting.discord_user_id in take.recordable
    ]
