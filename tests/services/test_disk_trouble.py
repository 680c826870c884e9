"""A disk that fills up: a warning while there is still room, no take where there is none, and what is written stays."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest
import soundfile
from evening import PERFORMERS, Evening, an_evening
from small_disk import small_disk

from bot.domain.errors import RecordingImpossible
from bot.services import panel, takes
from bot.services.panel import read_panel
from bot.services.scenes import deal_scene
from bot.services.takes import start_take
from bot.services.watch import LEAST_DISK_BYTES, LOW_DISK_BYTES
from bot.store.sessions import Session
from bot.ui.panel import panel_texts
from bot.voice import trackfile


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path) as evening:
        yield evening


async def on_stage(evening: Evening) -> Session:
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    return session


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    for module in (panel, takes):
        monkeypatch.setattr(module, "free_bytes", lambda _: free)


async def test_a_disk_that_gets_full_is_told_before_it_is(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await on_stage(evening)
    with_free(monkeypatch, LOW_DISK_BYTES - 1)
    called = await start_take(evening.desk, session, monotonic())
    assert called.low_disk_bytes == LOW_DISK_BYTES - 1
    (warning,) = [text for text in panel_texts(await read_panel(evening.desk, session.session_id)) if "disk" in text]
    assert warning.startswith("⚠️")
    with_free(monkeypatch, LOW_DISK_BYTES)
    assert not any("disk" in text for text in panel_texts(await read_panel(evening.desk, session.session_id)))


async def test_no_take_begins_on_a_full_disk_and_one_does_once_there_is_room(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await on_stage(evening)
    with_free(monkeypatch, LEAST_DISK_BYTES - 1)
    with pytest.raises(RecordingImpossible):
        await start_take(evening.desk, session, monotonic())
    assert await evening.desk.database.fetch_value("SELECT count(*) FROM takes") == 0
    with_free(monkeypatch, LOW_DISK_BYTES)
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_a_disk_that_is_full_in_the_middle_of_a_take_ends_it_and_keeps_it(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await on_stage(evening)

    await start_take(evening.desk, session, monotonic() - 6)
    for user_id in PERFORMERS:
        evening.booth.speak(user_id, 4.0)
    monkeypatch.setattr(trackfile.os, "write", small_disk(20_000))
    order = evening.booth.order
    assert order is not None
    order.on_failure(OSError(errno.ENOSPC, "No space left on device"))
    async with asyncio.timeout(10):
        while evening.desk.takes:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    monkeypatch.undo()
    take = await evening.desk.database.fetch_one("SELECT * FROM takes")
    assert take is not None
    assert (take["state"], take["cut_reason"]) == ("cut", "disk")
    tracks = await evening.desk.database.fetch_all("SELECT path, duration_samples FROM tracks")
    kept = [soundfile.info(evening.desk.settings.home / row["path"]).frames for row in tracks]
    assert kept == [row["duration_samples"] for row in tracks]
    assert sum(kept) > 0
    texts = panel_texts(await read_panel(evening.desk, session.session_id))
    assert any("disk" in text for text in texts)
    assert (await evening.play(session)).tracks == len(PERFORMERS)
