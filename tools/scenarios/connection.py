"""Holes in the sound when a voice connection ends, from the first to the last missing frame in the cast's log.

A real discord.py voice client on the embedded voice server records two people who talk all the time. From the moment of
an interruption, the server sends the bot no sound until it is back.
`python -m scenarios.connection [RUNS]` prints the table.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.voice.connection.events import ConnectionEvent
from bot.voice.recording.recorder import TrackSummary
from bot.wire.ogg import read_packets
from tools.home_call import Call
from tools.home_channel import BOT, CHANNEL, GUILD

FRAME_S = 0.02
SPEAKERS = (11, 12)
SILENCE = b"\xf8\xff\xfe"

Fault = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True)
class Interruption:
    """What one interruption cost: the longest hole of any speaker, and what the bot reported."""

    hole_s: float
    missing_frames: int
    sent_frames: int
    in_order: bool
    events: tuple[ConnectionEvent, ...]
    summaries: tuple[TrackSummary, ...]
    missing_at: tuple[float, ...]
    started_at: float


def closing(code: int | None, *, resumable: bool) -> Fault:
    """The voice server closes the bot's websocket with a code, or breaks it. The session can be resumed or is gone."""

    async def interrupt(call: Call) -> None:
        call.server.interrupt(guild_id=GUILD, user_id=BOT, code=code, resumable=resumable)

    return interrupt


def moving(*, new_endpoint: bool) -> Fault:
    """Send VOICE_SERVER_UPDATE with a new token, and with a new endpoint if asked for."""

    async def move(call: Call) -> None:
        endpoint = await call.server.open_endpoint() if new_endpoint else call.server.endpoint
        session_id, token = str(call.capture.session_id), f"moved{time.monotonic_ns()}"
        call.server.expect(guild_id=GUILD, channel_id=CHANNEL, user_id=BOT, session_id=session_id, token=token)
        told: Any = {"token": token, "guild_id": str(GUILD), "endpoint": endpoint}
        await call.capture.on_voice_server_update(told)

    return move


async def interrupted(folder: Path, fault: Fault, *, before_s: float = 0.8, after_s: float = 1.6) -> Interruption:
    """Record two people through one interruption and compare with their log."""
    call = Call(folder)
    await call.open()
    try:
        people = [await call.join(user_id) for user_id in SPEAKERS]
        capture = await call.connect()
        events: list[ConnectionEvent] = []
        capture.on_connection = events.append
        await asyncio.sleep(0.3)
        started_at = time.monotonic()
        capture.start_recording(
            folder / "take", started_at=started_at, may_record=lambda _: True, track_name=lambda user_id: f"t{user_id}"
        )
        count = round((before_s + after_s) / FRAME_S)
        talking = asyncio.gather(*(person.speak(_frames(count, person.user_id)) for person in people))
        await asyncio.sleep(before_s)
        await fault(call)
        await talking
        await asyncio.sleep(0.1)
        summaries = await capture.stop_recording(time.monotonic())
        return _compare(call, folder / "take", tuple(events), summaries, started_at)
    finally:
        await call.close()


def _compare(
    call: Call,
    take: Path,
    events: tuple[ConnectionEvent, ...],
    summaries: tuple[TrackSummary, ...],
    started_at: float,
) -> Interruption:
    hole_s, missing_at, sent_frames, in_order = 0.0, list[float](), 0, True
    for user_id in SPEAKERS:
        sent = [(at, packet) for at, packet in call.sent_by(user_id) if packet != SILENCE]
        kept = _sound_in(take / f"t{user_id}.opus")
        there = set(kept)
        missing = [at for at, packet in sent if packet not in there]
        in_order = in_order and kept == [packet for _, packet in sent if packet in there]
        if missing:
            hole_s = max(hole_s, missing[-1] - missing[0] + FRAME_S)
        missing_at += missing
        sent_frames += len(sent)
    return Interruption(
        hole_s, len(missing_at), sent_frames, in_order, events, summaries, tuple(sorted(missing_at)), started_at
    )


def _sound_in(path: Path) -> list[bytes]:
    return [packet.data for packet in read_packets(path.read_bytes()) if not packet.is_header and len(packet.data) > 19]


def _frames(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    return [b"\x78" + chance.randbytes(chance.randint(20, 160)) for _ in range(count)]


CLOSED_LIMIT_S = 0.25
MOVED_LIMIT_S = 2 * FRAME_S + 0.001
INTERRUPTIONS: dict[str, Fault] = {
    "close 4006, session resumable": closing(4006, resumable=True),
    "close 4006, session gone": closing(4006, resumable=False),
    "close 4015, session resumable": closing(4015, resumable=True),
    "close 4015, session gone": closing(4015, resumable=False),
    "close 4009, session gone": closing(4009, resumable=False),
    "connection broken, session resumable": closing(None, resumable=True),
    "VOICE_SERVER_UPDATE, same endpoint": moving(new_endpoint=False),
    "VOICE_SERVER_UPDATE, new endpoint": moving(new_endpoint=True),
}


async def measure(runs: int, report: Callable[[str], None]) -> dict[str, list[Interruption]]:
    """Measure every interruption `runs` times. `report` gets one line each, with a mark if a limit is exceeded."""
    results: dict[str, list[Interruption]] = {}
    report(f"{'':40}{'hole, ms: worst':>16}{'median':>8}{'frames missing: worst':>24}{'in order':>10}")
    for name, fault in INTERRUPTIONS.items():
        outcomes = results[name] = []
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                outcomes.append(await interrupted(Path(folder), fault))
        holes = sorted(outcome.hole_s * 1_000 for outcome in outcomes)
        worst = max(outcome.missing_frames for outcome in outcomes)
        in_order = all(outcome.in_order for outcome in outcomes)
        limit_s = MOVED_LIMIT_S if name.startswith("VOICE_SERVER_UPDATE") else CLOSED_LIMIT_S
        verdict = "" if holes[-1] <= limit_s * 1_000 and in_order else "   TOO MUCH"
        report(f"{name:40}{holes[-1]:16.0f}{holes[len(holes) // 2]:8.0f}{worst:24}{in_order!s:>10}{verdict}")
    return results


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10, print))
