"""A session resumes only if no one has paused it since the resume was asked for, whatever waits for what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from bot.domain import errors
from bot.domain.ids import GuildId
from bot.domain.states import PauseCause
from bot.live.session import LiveSession
from bot.services.access.guild_settings import Guilds
from bot.services.consent.consent_requests import ConsentWish
from bot.services.session import pauses
from bot.store.database import Database
from bot.store.reader import Reader
from tests.evening import AUDIENCE, CHANNEL, GUILD, PERFORMERS, Evening, an_evening, refuse_for_full_disk


@pytest.fixture
async def live(evening: Evening) -> LiveSession:
    """A session with a take that is being recorded."""
    return await evening.in_a_take()


async def leave(evening: Evening) -> None:
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], CHANNEL, None)


async def come_back(evening: Evening) -> None:
    await evening.services.presence.channel_changed(GUILD, PERFORMERS[0], None, CHANNEL)


async def test_a_pause_holds_that_is_pressed_while_a_return_from_a_dropout_is_stored(
    evening: Evening, live: LiveSession, monkeypatch: pytest.MonkeyPatch
):
    await leave(evening)
    await evening.promises.all_kept()
    assert live.pause_cause == "dropout"
    resume_session = pauses.resume_session

    async def crossed(*asked: object) -> None:
        await resume_session(*asked)  # type: ignore[arg-type]
        evening.services.pauses.pause_now(live, monotonic())

    monkeypatch.setattr(pauses, "resume_session", crossed)
    await come_back(evening)
    await evening.promises.all_kept()
    assert not evening.is_recorded(PERFORMERS[1])
    assert live.pause_cause == "coordinator"
    assert await evening.value("SELECT pause_cause FROM sessions") == "coordinator"
    monkeypatch.undo()
    await evening.services.pauses.resume(live)
    assert evening.is_recorded(PERFORMERS[1])
    first, second = await evening.database.fetch_all("SELECT * FROM holes ORDER BY start_samples")
    assert first["end_samples"] == second["start_samples"], "no moment may be in two holes"


async def test_a_command_to_resume_that_waits_does_not_undo_a_pause_after_it(evening: Evening, live: LiveSession):
    await leave(evening)
    await evening.promises.all_kept()
    async with live.lock:
        resume = asyncio.create_task(evening.services.pauses.resume(live))
        await asyncio.sleep(0.01)
        evening.services.pauses.pause_now(live, monotonic())
    with pytest.raises(errors.SessionChanged):
        await resume
    assert not evening.is_recorded(PERFORMERS[1])


async def test_a_resume_that_waits_for_the_store_blocks_no_one(
    evening: Evening, live: LiveSession, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        patch.setattr(Database, "_begin", refuse_for_full_disk)
        evening.services.consent_requests.ask_now(
            GuildId(GUILD + 1), AUDIENCE, ConsentWish(frozenset(), is_adult=False)
        )
        evening.services.pauses.pause_now(live, monotonic())
        resume = asyncio.create_task(evening.services.pauses.resume(live))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(1.0), live.lock:
            assert not resume.done()
    await resume
    assert evening.is_recorded(PERFORMERS[1])


async def test_a_dropout_in_the_countdown_pauses_until_the_performer_is_back(evening: Evening):
    session = await evening.on_stage()
    await evening.services.takes.start(session, monotonic())
    await leave(evening)
    await evening.no_take()
    assert session.is_paused
    text = await evening.panel_words(session)
    assert f"<@{PERFORMERS[0]}> dropped out" in text
    await come_back(evening)
    assert not session.is_paused


async def test_a_refused_command_does_not_bring_an_old_panel_up_to_date(
    evening: Evening, live: LiveSession, monkeypatch: pytest.MonkeyPatch
):
    seen = live.change.event_id
    with monkeypatch.context() as patch:
        patch.setattr(Database, "_begin", refuse_for_full_disk)
        evening.services.pauses.pause_now(live, monotonic())
        with pytest.raises(errors.TakeRunning):
            await evening.services.scenes.deal(live)
        with pytest.raises(errors.SessionChanged):
            live.require_seen(seen)
    await evening.promises.all_kept()
    live.require_seen(live.change.event_id)


@asynccontextmanager
async def started_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Evening]:
    """A new process on a home folder; it takes a while to read settings."""
    read = Guilds.read

    async def slowly(guilds: Guilds, reader: Reader, guild_id: GuildId) -> object:
        await asyncio.sleep(0.05)
        return await read(guilds, reader, guild_id)

    monkeypatch.setattr(Guilds, "read", slowly)
    async with an_evening(home) as evening:
        yield evening


async def test_a_pause_that_only_the_journal_had_counts_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        session = await evening.open()
        monkeypatch.setattr(Database, "_begin", refuse_for_full_disk)
        evening.services.pauses.pause_now(session, monotonic())
        await asyncio.sleep(0.02)
    monkeypatch.undo()
    async with started_again(tmp_path, monkeypatch) as evening:
        await evening.promises.all_kept()
        assert await evening.value("SELECT pause_cause FROM sessions") == "coordinator"
        assert evening.live.pause_cause is PauseCause.COORDINATOR


async def test_a_resume_that_no_one_waits_for_any_more_ends_the_pause_in_memory_as_in_the_store(
    evening: Evening, live: LiveSession, monkeypatch: pytest.MonkeyPatch
):
    await evening.services.pauses.pause(live, monotonic())
    writer, is_committing = evening.database._writer, asyncio.Event()
    commit = writer.commit

    async def seen() -> None:
        is_committing.set()
        await commit()

    monkeypatch.setattr(writer, "commit", seen)
    resuming = asyncio.create_task(evening.services.pauses.resume(live))
    await is_committing.wait()
    resuming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await resuming
    async with live.lock:
        assert await evening.value("SELECT pause_cause FROM sessions") is None
    assert live.pause_cause is None
    assert evening.is_recorded(PERFORMERS[1])
