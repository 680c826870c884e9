"""A recorder that cannot close its tracks: they are kept as they are on disk, and the session continues."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import soundfile

from bot.live.session import LiveSession
from bot.voice.recording.recorder import TrackSummary
from tests.evening import PERFORMERS, Evening


async def in_a_spoken_take(evening: Evening) -> LiveSession:
    """A take in which everyone has spoken."""
    session = await evening.in_a_take()
    evening.everyone_speaks(2.0)
    return session


async def test_what_it_has_written_is_kept_at_the_length_of_the_take(
    evening: Evening, caplog: pytest.LogCaptureFixture
):
    session = await in_a_spoken_take(evening)
    write = evening.booth.stop_recording

    async def break_down(cut_at: float) -> Sequence[TrackSummary]:
        if evening.booth.order:
            for summary in await write(cut_at):
                summary.path.write_bytes(summary.path.read_bytes()[:-500])
        raise RuntimeError("the voice client is gone")

    evening.booth.stop_recording = break_down  # type: ignore[method-assign]
    cut = await evening.services.cuts.cut(session, evening.booth.started_at + 3)
    assert cut.tracks == len(PERFORMERS)
    assert any("kept as they are on disk" in record.getMessage() for record in caplog.records)
    tracks = await evening.database.fetch_all("SELECT path, duration_samples FROM tracks")
    assert [track["duration_samples"] for track in tracks] == [3 * 48_000] * len(PERFORMERS)
    assert [soundfile.info(evening.home.track(track["path"])).frames for track in tracks] == [3 * 48_000] * len(tracks)
    await evening.services.turns.settled()
    assert await evening.value("SELECT count(*) FROM turns WHERE is_for_rating") == len(PERFORMERS)
    evening.booth.stop_recording = write  # type: ignore[method-assign]
    await evening.play(session)
    assert (await evening.services.sessions.end(session)).takes == 2


async def test_one_that_never_began_to_write_ends_no_session(evening: Evening):
    session = await in_a_spoken_take(evening)

    async def refuse(_: float) -> Sequence[TrackSummary]:
        raise RuntimeError("the voice client is gone")

    evening.booth.stop_recording = refuse  # type: ignore[method-assign]
    assert (await evening.services.sessions.end(session)).tracks == 0
    assert await evening.value("SELECT cut_reason FROM takes") == "session_end"


async def test_what_fails_once_costs_nothing(evening: Evening):
    session = await in_a_spoken_take(evening)
    write = evening.booth.stop_recording

    async def fail_once(_: float) -> Sequence[TrackSummary]:
        evening.booth.stop_recording = write  # type: ignore[method-assign]
        raise RuntimeError("out of cheese")

    evening.booth.stop_recording = fail_once  # type: ignore[method-assign]
    assert (await evening.services.cuts.cut(session, evening.booth.started_at + 3)).tracks == len(PERFORMERS)
    assert await evening.value("SELECT count(*) FROM tracks WHERE lost_frames IS NULL") == 0
