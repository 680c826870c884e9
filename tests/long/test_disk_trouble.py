"""A disk that fills up: a warning while space is left, no take once none is left, and what is written stays."""

from __future__ import annotations

import asyncio
import errno
import logging
import sqlite3
from pathlib import Path
from time import monotonic

import pytest
import soundfile

from bot.domain.errors import RecordingImpossible
from bot.domain.events.catalogue import NoteWritten
from bot.services.ending import cuts
from bot.services.ending import recovery as recovering
from bot.services.facts.disk_space import LEAST_DISK_BYTES, LOW_DISK_BYTES
from bot.services.panel import reading
from bot.services.take import takes
from bot.store.database import Database
from bot.store.events import log_event
from bot.ui.texts.panel import panel_texts
from bot.voice.recording import recovery, trackfile
from bot.voice.recording.recorder import Recording
from tests.evening import PERFORMERS, Evening, an_evening, refuse_for_full_disk
from tools.small_disk import small_disk


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    for module in (reading, takes):
        monkeypatch.setattr(module, "free_bytes", lambda _: free)


async def test_a_disk_that_gets_full_is_told_before_it_is(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.on_stage()
    with_free(monkeypatch, LOW_DISK_BYTES - 1)
    called = await evening.services.takes.start(session, monotonic())
    assert called.low_disk_bytes == LOW_DISK_BYTES - 1
    (warning,) = [text for text in panel_texts(await evening.panel(session)) if "disk" in text]
    assert warning.startswith("⚠️")
    with_free(monkeypatch, LOW_DISK_BYTES)
    assert not any("disk" in text for text in panel_texts(await evening.panel(session)))


async def test_no_take_begins_on_a_full_disk_and_one_does_once_there_is_room(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    with_free(monkeypatch, LEAST_DISK_BYTES - 1)
    with pytest.raises(RecordingImpossible):
        await evening.services.takes.start(session, monotonic())
    assert await evening.database.fetch_value("SELECT count(*) FROM takes") == 0
    with_free(monkeypatch, LOW_DISK_BYTES)
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_a_disk_that_is_full_in_the_middle_of_a_take_ends_it_and_keeps_it(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()

    await evening.services.takes.start(session, monotonic() - 6)
    evening.everyone_speaks(4.0)
    monkeypatch.setattr(trackfile.os, "write", small_disk(60_000))
    order = evening.booth.order
    assert order is not None
    order.on_failure(OSError(errno.ENOSPC, "No space left on device"))
    async with asyncio.timeout(10):
        await evening.no_take()
    monkeypatch.undo()
    take = await evening.database.fetch_one("SELECT * FROM takes")
    assert take is not None
    assert (take["state"], take["cut_reason"]) == ("cut", "disk")
    tracks = await evening.database.fetch_all("SELECT path, duration_samples FROM tracks")
    kept = [soundfile.info(evening.home.track(row["path"])).frames for row in tracks]
    assert kept == [row["duration_samples"] for row in tracks]
    assert sum(kept) > 0
    texts = panel_texts(await evening.panel(session))
    assert any("disk" in text for text in texts)
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_a_failed_flush_ends_the_take_with_a_reason_and_is_told(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    session = await evening.on_stage()

    async def fail(_: Recording) -> None:
        raise MemoryError("no room for pages")

    await evening.services.takes.start(session, monotonic() - 3)
    order = evening.booth.order
    assert order is not None
    monkeypatch.setattr(Recording, "_flush", fail)
    recording = Recording(
        order.folder, started_at=order.started_at, track_name=order.track_name, on_failure=order.on_failure
    )
    async with asyncio.timeout(5):
        await evening.no_take()
    await recording.stop(monotonic())
    monkeypatch.undo()
    take = await evening.database.fetch_one("SELECT * FROM takes")
    assert take is not None
    assert (take["state"], take["cut_reason"]) == ("cut", "disk")
    assert any("disk" in text for text in panel_texts(await evening.panel(session)))
    assert [record.exc_info[1] for record in caplog.records if record.exc_info and record.name == "bot.live.errands"]
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_a_take_that_both_folder_and_store_refuse_is_called_off_later(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    monkeypatch.setattr(cuts, "LONGEST_PAUSE_SECONDS", 0.1)
    with monkeypatch.context() as patched:

        def refuse(_: Path) -> None:
            patched.setattr(Database, "_begin", refuse_for_full_disk)
            raise OSError(errno.ENOSPC, "No space left on device")

        patched.setattr(takes, "_try_folder", refuse)
        with pytest.raises(RecordingImpossible):
            await evening.services.takes.start(session, monotonic())
    await evening.no_take()
    assert await evening.value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_the_take_of_a_session_that_cannot_be_ended_now_is_kept_all_the_same(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    monkeypatch.setattr(cuts, "LONGEST_PAUSE_SECONDS", 0.1)
    await evening.start(session)
    evening.everyone_speaks(3.0)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "_begin", refuse_for_full_disk)
        with pytest.raises(sqlite3.OperationalError):
            await evening.services.sessions.end(session)
    await evening.no_take()
    assert await evening.value("SELECT cut_reason FROM takes") == "session_end"
    _, is_struck = await evening.services.strikes.strike_or_restore(session)
    assert is_struck, "the session is still open"
    assert (await evening.services.sessions.end(session)).scenes == 1


async def test_a_take_that_the_store_can_never_keep_does_not_block_the_session(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 5)
    evening.everyone_speaks(3.0)

    async def refuse(*_: object, **__: object) -> None:
        raise sqlite3.IntegrityError("UNIQUE constraint failed: tracks.path")

    with monkeypatch.context() as patched:
        patched.setattr("bot.services.ending.kept_takes.add_track", refuse)
        with pytest.raises(sqlite3.IntegrityError):
            async with asyncio.timeout(5):
                await evening.services.cuts.cut(session, evening.booth.started_at + 3)
    assert not evening.has_take
    assert (await evening.play(session)).tracks == len(PERFORMERS)
    assert await evening.services.starting.recovery.recover_takes()
    takes_kept = await evening.database.fetch_all("SELECT state, cut_reason, duration_samples FROM takes")
    assert [tuple(take) for take in takes_kept] == [
        ("cut", "coordinator", 3 * 48_000),
        ("cut", "coordinator", 4 * 48_000),
    ]


async def interrupted(evening: Evening) -> list[Path]:
    """A take whose tracks were left behind by a killed process, torn at their ends."""
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic() - 5)
    evening.everyone_speaks(3.0)
    await evening.booth.stop_recording(evening.booth.started_at + 4)
    evening.forget_take()
    paths = sorted(evening.home.recordings.rglob("*.opus"))
    for path in paths:
        path.write_bytes(path.read_bytes()[:-500])
    return paths


async def test_tracks_that_cannot_be_closed_on_a_full_disk_are_kept_as_they_are(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    paths = await interrupted(evening)
    before = [path.read_bytes() for path in paths]

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(recovery.os, "fsync", full)
    assert await evening.services.starting.recovery.recover_takes()
    monkeypatch.undo()
    assert [path.read_bytes() for path in paths] == before
    assert list(evening.home.recordings.rglob("*.closed")) == []
    assert await evening.database.fetch_value("SELECT state FROM takes") == "cut"
    tracks = await evening.database.fetch_all("SELECT * FROM tracks ORDER BY path")
    assert [track["duration_samples"] for track in tracks] == [soundfile.info(path).frames for path in paths]
    assert all(track["duration_samples"] > 2 * 48_000 for track in tracks)
    await evening.services.turns.settled()
    assert await evening.database.fetch_value("SELECT count(*) FROM turns WHERE is_for_rating") == len(PERFORMERS)


async def left_by_a_process(home: Path, monkeypatch: pytest.MonkeyPatch, *, paused_at: float | None = None) -> None:
    """A take that has run for four seconds when the process ends, on a disk that is full."""
    async with an_evening(home) as evening:
        await evening.everyone_consents()
        session = await evening.on_stage()
        await evening.start(session)
        evening.everyone_speaks(1.0)
        monkeypatch.setattr(Database, "_begin", refuse_for_full_disk)
        if paused_at is not None:
            evening.services.pauses.pause_now(session, evening.booth.started_at + paused_at)
        await evening.booth.stop_recording(evening.booth.started_at + 4)
        evening.forget_take()


async def test_a_take_that_a_full_disk_leaves_open_at_the_start_is_closed_once_there_is_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(recovering, "LONGEST_PAUSE_SECONDS", 0.3)
        await left_by_a_process(tmp_path, patched, paused_at=2.0)
        async with an_evening(tmp_path) as evening:
            assert evening.live.is_paused
            patched.undo()
            await evening.promises.all_kept()
            async with asyncio.timeout(5):
                while await evening.value("SELECT state FROM takes") != "cut":  # noqa: ASYNC110 - nothing signals it
                    await asyncio.sleep(0.02)
                while await evening.value("SELECT count(*) FROM tracks WHERE peak_dbfs IS NULL"):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            (hole,) = await evening.database.fetch_all("SELECT cause, start_samples, end_samples FROM holes")
            assert tuple(hole) == ("pause", 2 * 48_000, await evening.value("SELECT duration_samples FROM takes"))
            panel = await evening.panel(evening.live)
            await evening.services.pauses.resume(evening.live, panel.change.event_id)
            assert (await evening.play(evening.live)).tracks == len(PERFORMERS)


async def test_a_scene_whose_take_could_not_be_closed_at_the_start_continues_once_there_is_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        await left_by_a_process(tmp_path, patched)
        async with an_evening(tmp_path) as evening:
            patched.undo()
            called = await evening.services.takes.start(evening.live, monotonic())
            assert called.take.number == 2
            assert await evening.value("SELECT state FROM takes WHERE number = 1") == "cut"
            assert await evening.value("SELECT count(*) FROM tracks") == len(PERFORMERS)


async def limit_pages(database: Database, pages: int) -> None:
    async with database.transaction() as tx:
        await tx.fetch_all(f"PRAGMA max_page_count = {pages}")


async def fill_up(database: Database) -> None:
    while True:
        async with database.transaction() as tx:
            await log_event(tx, NoteWritten(), "now")


async def test_a_full_store_does_not_prevent_a_start_and_the_next_start_keeps_the_take(
    evening: Evening, caplog: pytest.LogCaptureFixture
):
    await interrupted(evening)
    database = evening.database
    pages = await database.fetch_value("PRAGMA page_count")
    await limit_pages(database, pages)
    with pytest.raises(sqlite3.OperationalError):
        await fill_up(database)
    with caplog.at_level(logging.CRITICAL):
        assert not await evening.services.starting.recovery.recover_takes()
    assert await database.fetch_value("SELECT state FROM takes") != "cut"
    await limit_pages(database, 1_000_000)
    assert await evening.services.starting.recovery.recover_takes()
    assert await database.fetch_value("SELECT state FROM takes") == "cut"
    assert await database.fetch_value("SELECT count(*) FROM tracks") == len(PERFORMERS)
    assert await database.fetch_value("SELECT count(*) FROM tracks WHERE lost_frames IS NOT NULL") == 0
