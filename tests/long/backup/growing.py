"""A take that is recorded in real time, so that its files grow, and what is in a home folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import cycle
from time import monotonic

from bot.home.places import Home
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.recorder import Recording
from tests.evening import PERFORMERS, Evening
from tests.paper import FRAME_SECONDS, spoken


@asynccontextmanager
async def recorded_live(evening: Evening) -> AsyncGenerator[Recording]:
    """Record the running take as it is said: every performer speaks, and files grow, until the end of this block."""
    order = evening.booth.order
    assert order is not None, "no take is running"
    recording = Recording(order.folder, started_at=order.started_at, track_name=order.track_name)
    speaking = asyncio.create_task(_speak(recording))
    try:
        yield recording
    finally:
        speaking.cancel()
        await recording.stop(monotonic())


async def _speak(recording: Recording) -> None:
    # Those who listen late have heard nothing yet: the take begins now.
    first = monotonic()
    for number, packet in enumerate(cycle(spoken())):
        at = first + number * FRAME_SECONDS
        await asyncio.sleep(max(at - monotonic(), 0))
        for user_id in PERFORMERS:
            position = round(number * FRAME_SECONDS * 48_000)
            recording.frame(FrameReceived(user_id, user_id & 0xFFFF, number & 0xFFFF, position, at, packet))


def files_below(home: Home) -> dict[str, bytes]:
    """Every file of a home folder but its lock, by its path."""
    paths = [path for path in home.folder.rglob("*") if path.is_file() and path != home.lock]
    return {str(path.relative_to(home.folder)): path.read_bytes() for path in paths}
