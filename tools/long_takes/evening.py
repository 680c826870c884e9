"""One long take in a process of its own: `python -c "from tools.long_takes.evening import main; main()" --help`.

The services, the store, the recording and the search for turns are the bot's. Only Discord is not there: frames are
handed to the recording as fast as it takes them, half a minute at a time, on a clock that is put forward.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import Any

from bot.app import open_services
from bot.config import load_settings
from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.errors import NoTakeRunning, NothingToRate
from bot.domain.ids import TrialToken, UserId
from bot.samples import SAMPLE_RATE_HZ
from bot.services.assembly import Services
from bot.services.session.sessions import SessionWishes
from bot.store.database import Database, open_database
from bot.voice.receiving.receiver import FrameReceived
from tests.evening import CHANNEL, COORDINATOR, GOOD_ANSWERS, GUILD
from tools.long_takes.memory import Watermarks, address_space_bytes
from tools.long_takes.stage import FastBooth, FastStage, JumpingClock
from tools.turns.long import frames_of
from tools.turns.tracks import Placed

CAST = tuple(UserId(444_444_444_444_444_441 + number) for number in range(4))
RATER = UserId(555_555_555_555_555_555)
STEP_SECONDS = 30
NETWORK_SECONDS = 0.06
COUNTDOWN_SECONDS = 1


async def play(minutes: float, home: Path, spare_megabytes: int | None) -> dict[str, Any]:
    """Record a take of that length with four performers; return times in seconds, memory in MB, and what is stored."""
    clock = JumpingClock()
    limit = {"PROMPTBOOK_COUNTDOWN_SECONDS": str(COUNTDOWN_SECONDS), "PROMPTBOOK_TAKE_LIMIT_SECONDS": "10800"}
    settings = load_settings(limit, home / "no.env", home)
    stage = FastStage({CHANNEL: {*CAST, RATER}}, clock)
    database = await open_database(settings.home)
    memory = Watermarks()
    # Now, because what speaks and encodes is not the bot's.
    spoken = [_begun(frames_of(number, minutes)) for number in range(len(CAST))]
    try:
        async with open_services(settings, database, clock, stage) as services:
            await _open(services)
            with memory.looking():
                if spare_megabytes is not None:
                    most = address_space_bytes() + spare_megabytes * 1_000_000
                    resource.setrlimit(resource.RLIMIT_AS, (most, most))
                times = await _record(services, stage, clock, minutes, spoken, memory)
                rated = await _rate(services)
            return {
                "minutes": minutes,
                **times,
                "peaks": memory.peaks,
                "heaps": memory.heaps,
                "rated": rated,
                **await _stored(database),
            }
    finally:
        await database.close()


async def _open(services: Services) -> None:
    for user_id in CAST:
        await services.consent_requests.ask(GUILD, user_id, TO_PERFORM | TO_RATE, is_adult=True)
    await services.consent_requests.ask(GUILD, RATER, TO_RATE, is_adult=True)
    session = await services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes(seed=7))
    await services.scenes.deal(session)


async def _record(
    services: Services,
    stage: FastStage,
    clock: JumpingClock,
    minutes: float,
    spoken: Sequence[Iterator[Placed]],
    memory: Watermarks,
) -> dict[str, float]:
    session = services.live.in_guild(GUILD)
    booth = stage.booth
    assert session is not None
    assert isinstance(booth, FastBooth)
    await services.takes.start(session, clock.monotonic())
    assert booth.order is not None
    started_at = booth.order.started_at
    memory.enter("recording")
    began = time.monotonic()
    coming = merge(*(_received(number, frames, started_at) for number, frames in enumerate(spoken)), key=_arrival_of)
    frame = next(coming, None)
    for start in range(0, round(minutes * 60), STEP_SECONDS):
        end = started_at + min(start + STEP_SECONDS, minutes * 60)
        frames: list[FrameReceived] = []
        while frame and frame.arrival < end:
            frames.append(frame)
            frame = next(coming, None)
        await booth.hear(frames, end)
    recorded = time.monotonic()
    memory.enter("cut")
    with suppress(NoTakeRunning):  # a take of three hours has reached its limit
        await services.cuts.cut(session, started_at + minutes * 60)
    while session.take:  # noqa: ASYNC110 - nothing signals it
        await asyncio.sleep(0.01)
    cut = time.monotonic()
    memory.enter("turns")
    await services.turns.settled()
    found = time.monotonic()
    memory.enter("afterwards")
    return {"recording": recorded - began, "cut": cut - recorded, "turns": found - cut}


def _begun(frames: Iterator[Placed]) -> Iterator[Placed]:
    """Return the same frames; all that they are made of has been spoken and encoded."""
    return chain([next(frames)], frames)


def _received(number: int, frames: Iterator[Placed], started_at: float) -> Iterator[FrameReceived]:
    """Yield the frames of one performer as they arrive."""
    for sequence, (position, packet) in enumerate(frames):
        arrival = started_at + position / SAMPLE_RATE_HZ + NETWORK_SECONDS
        yield FrameReceived(CAST[number], number + 1, sequence & 0xFFFF, position & 0xFFFF_FFFF, arrival, packet)


def _arrival_of(frame: FrameReceived) -> float:
    return frame.arrival


async def _rate(services: Services) -> int:
    """Let someone rate all the clips that there are; return how many."""
    session = services.live.in_guild(GUILD)
    assert session is not None
    rated = 0
    while token := await _next_clip(services):
        await services.ratings.record(session, token, RATER, GOOD_ANSWERS)
        rated += 1
    return rated


async def _next_clip(services: Services) -> TrialToken | None:
    session = services.live.in_guild(GUILD)
    assert session is not None
    try:
        return (await services.ratings.next_clip(session, RATER)).token
    except NothingToRate:
        return None


async def _stored(database: Database) -> dict[str, Any]:
    tracks = await database.fetch_all("SELECT duration_samples, loudness_lufs, lost_frames FROM tracks")
    return {
        "tracks": len(tracks),
        "track_seconds": sorted({row["duration_samples"] / SAMPLE_RATE_HZ for row in tracks}),
        "measured": sum(row["loudness_lufs"] is not None for row in tracks),
        "lost": sum(row["lost_frames"] for row in tracks),
        "turns_found": await database.fetch_value("SELECT count(*) FROM turns"),
    }


def main() -> None:
    """Play and write what was measured to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--spare", type=int, help="MB of address space beyond the idle process")
    chosen = parser.parse_args()
    found = asyncio.run(play(chosen.minutes, chosen.home, chosen.spare))
    chosen.report.write_text(json.dumps(found), "utf-8")
