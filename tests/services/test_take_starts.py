"""Calling a take when something is in the way: it starts properly, or nothing is left of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from evening import PERFORMERS, Evening, an_evening
from paper import PaperBooth

from bot.services import takes
from bot.services.cuts import cut_take
from bot.services.desk import Desk
from bot.services.scenes import deal_scene
from bot.services.takes import start_take
from bot.store.sessions import Session


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path) as evening:
        yield evening


async def on_stage(evening: Evening) -> Session:
    await evening.everybody_consents()
    session = await evening.open()
    await deal_scene(evening.desk, session)
    return session


def in_the_folder(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: Path) -> None:
        raise error

    monkeypatch.setattr(takes, "_try_folder", fail)


def in_the_booth(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(PaperBooth, "start_recording", fail)


def in_the_store(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Once it is called already, and consent is read once more."""
    may_perform = takes.may_perform

    async def fail(desk: Desk, user_id: int, guild_id: int) -> bool:
        if any(session.take for session in desk.live):
            raise error
        return await may_perform(desk, user_id, guild_id)

    monkeypatch.setattr(takes, "may_perform", fail)


@pytest.mark.parametrize("where", [in_the_folder, in_the_booth, in_the_store])
async def test_whatever_goes_wrong_the_take_is_void_and_the_next_one_succeeds(
    evening: Evening, where: Callable[[pytest.MonkeyPatch, Exception], None]
):
    session = await on_stage(evening)
    with pytest.MonkeyPatch.context() as patch:
        where(patch, RuntimeError("out of cheese"))
        with pytest.raises(RuntimeError, match="out of cheese"):
            await start_take(evening.desk, session, monotonic())
    assert await evening.desk.database.fetch_value("SELECT state FROM takes") == "void"
    assert not evening.has_take
    assert evening.booth.order is None, "nobody is being recorded"
    await start_take(evening.desk, session, monotonic() - 3)
    evening.booth.speak(PERFORMERS[0], 1.0)
    assert (await cut_take(evening.desk, evening.live, evening.booth.started_at + 2)).tracks == 1


async def test_a_call_that_nobody_waits_for_any_more_leaves_no_take_behind(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await on_stage(evening)
    is_starting = asyncio.Event()
    begin = takes._begin

    async def slowly(*live: Any) -> None:
        is_starting.set()
        await asyncio.sleep(0.2)
        await begin(*live)

    monkeypatch.setattr(takes, "_begin", slowly)
    starting = asyncio.create_task(start_take(evening.desk, session, monotonic()))
    await is_starting.wait()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert await evening.desk.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_the_countdown_runs_from_when_the_bot_is_in_the_channel_again(evening: Evening):
    session = await on_stage(evening)
    evening.booth.left = True
    enter = evening.stage.enter
    entered: list[float] = []

    async def slowly(guild_id: int, voice_channel_id: int) -> PaperBooth:
        await asyncio.sleep(evening.desk.settings.countdown_seconds + 0.3)
        entered.append(monotonic())
        return await enter(guild_id, voice_channel_id)

    evening.stage.enter = slowly  # type: ignore[method-assign]
    pressed_at = monotonic()
    called = await start_take(evening.desk, session, pressed_at)
    starts_at = evening.booth.started_at
    assert starts_at == evening.take.starts_at
    assert 0 <= starts_at - evening.desk.settings.countdown_seconds - entered[0] < 0.5
    in_seconds = called.starts_at_unix - evening.desk.clock.wall().timestamp()
    assert in_seconds == pytest.approx(starts_at - monotonic(), abs=0.05)
    await cut_take(evening.desk, evening.live, monotonic())


async def test_the_countdown_runs_from_the_press_when_the_bot_is_ready_in_time(evening: Evening):
    session = await on_stage(evening)
    pressed_at = monotonic()
    await start_take(evening.desk, session, pressed_at)
    assert evening.booth.started_at == pressed_at + evening.desk.settings.countdown_seconds
    await cut_take(evening.desk, evening.live, monotonic())
