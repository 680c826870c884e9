"""People who are first heard late in a long take: hours of silence are laid before their first word."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.recorder import FLUSH_SECONDS, Recording
from bot.wire.ogg import read_packets

BEAT_SECONDS = 0.005


@contextmanager
def longest_holds() -> Generator[list[float]]:
    """How long the loop's thread computed between two beats of the loop, the longest first, once the block ends."""
    loop = asyncio.get_running_loop()
    computed: list[float] = []

    def beat() -> None:
        nonlocal last, handle
        now = time.thread_time()
        computed.append(now - last)
        last, handle = now, loop.call_later(BEAT_SECONDS, beat)

    last = time.thread_time()
    handle = loop.call_later(BEAT_SECONDS, beat)
    yield computed
    handle.cancel()
    computed.append(time.thread_time() - last)
    computed.sort(reverse=True)


@pytest.mark.parametrize(("hours", "most_held"), [(1, 0.05), (3, 0.1)])
async def test_four_people_first_heard_after_hours_do_not_hold_the_loop(tmp_path: Path, hours: int, most_held: float):
    start = time.monotonic() - hours * 3600
    recording = Recording(tmp_path, started_at=start, track_name=str)
    with longest_holds() as held:
        now = time.monotonic()
        for number in range(25):
            for user in range(1, 5):
                arrival = now + number * 0.02
                recording.frame(FrameReceived(UserId(user), user, number, number * 960, arrival, b"\xf8" + bytes(60)))
        await asyncio.sleep(4 * FLUSH_SECONDS)
        summaries = await recording.stop(now + 1)
    assert len(summaries) == 4
    assert held[0] <= most_held
    for summary in summaries:
        assert summary.duration_samples == round((now + 1 - start) * 48_000)
        assert soundfile.info(summary.path).frames == summary.duration_samples
        assert summary.first_speech_samples == pytest.approx(hours * 3600 * 48_000, abs=480)
        sounds = [packet for packet in read_packets(summary.path.read_bytes()) if len(packet.data) == 61]
        assert len(sounds) == 25
        assert sounds[0].end_samples - 960 == summary.first_speech_samples
