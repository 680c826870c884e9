"""Calling a take while something fails: either it starts properly, or nothing of it is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.domain.consent import Consented
from bot.domain.ids import GuildId, UserId
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.services.facts.consents import ConsentsInForce
from bot.services.take import takes
from bot.services.take.takes import Takes
from bot.store.reader import Reader
from bot.store.records import Take
from tests.evening import PERFORMERS, Evening
from tests.paper import PaperBooth


def in_the_folder(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_: Path) -> None:
        raise error

    monkeypatch.setattr(takes, "_try_folder", fail)


def in_the_booth(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(PaperBooth, "start_recording", fail)


def in_the_store(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Fail after the take has been called, when consents are read again."""
    call, consented = LiveSession.call, ConsentsInForce.consented
    called: list[LiveTake] = []

    def note(session: LiveSession, take: LiveTake) -> None:
        called.append(take)
        call(session, take)

    async def fail(
        consents: ConsentsInForce, user_id: UserId, guild_id: GuildId, reader: Reader | None = None
    ) -> Consented:
        if called:
            raise error
        return await consented(consents, user_id, guild_id, reader)

    monkeypatch.setattr(LiveSession, "call", note)
    monkeypatch.setattr(ConsentsInForce, "consented", fail)


@pytest.mark.parametrize("where", [in_the_folder, in_the_booth, in_the_store])
async def test_whatever_goes_wrong_the_take_is_void_and_the_next_one_succeeds(
    evening: Evening, where: Callable[[pytest.MonkeyPatch, Exception], None]
):
    session = await evening.on_stage()
    with pytest.MonkeyPatch.context() as patch:
        where(patch, RuntimeError("out of cheese"))
        with pytest.raises(RuntimeError, match="out of cheese"):
            await evening.services.takes.start(session, monotonic())
    assert await evening.database.fetch_value("SELECT state FROM takes") == "void"
    assert not evening.has_take
    assert evening.booth.order is None, "the booth does not record"
    await evening.services.takes.start(session, monotonic() - 3)
    evening.booth.speak(PERFORMERS[0], 1.0)
    assert (await evening.services.cuts.cut(evening.live, evening.booth.started_at + 2)).tracks == 1


async def test_a_take_that_is_stored_but_never_ran_does_not_block_the_next_one(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()

    def give_up(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(LiveSession, "call", give_up)
        with pytest.raises(asyncio.CancelledError):
            await evening.services.takes.start(session, monotonic())
    assert await evening.value("SELECT state FROM takes") == "countdown"
    await evening.services.takes.start(session, monotonic())
    states = await evening.database.fetch_all("SELECT state FROM takes ORDER BY number")
    assert [row["state"] for row in states] == ["void", "countdown"]


async def test_a_call_whose_caller_stops_waiting_leaves_no_take_behind(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    is_starting = asyncio.Event()
    begin = Takes._begin

    async def slowly(*live: Any) -> None:
        is_starting.set()
        await asyncio.sleep(0.2)
        await begin(*live)

    monkeypatch.setattr(Takes, "_begin", slowly)
    starting = asyncio.create_task(evening.services.takes.start(session, monotonic()))
    await is_starting.wait()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert await evening.database.fetch_value("SELECT state FROM takes") == "void"
    assert (await evening.play(session)).tracks == len(PERFORMERS)


async def test_a_take_that_is_being_called_when_the_process_ends_is_cut_and_kept(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    is_called, may_begin = asyncio.Event(), asyncio.Event()
    call = Takes._call

    async def slowly(*asked: Any) -> Take:
        is_called.set()
        await may_begin.wait()
        return await call(*asked)

    monkeypatch.setattr(Takes, "_call", slowly)
    starting = asyncio.create_task(evening.services.takes.start(session, monotonic() - 4))
    await is_called.wait()
    ending = asyncio.create_task(evening.services.sessions.cut_all())
    await asyncio.sleep(0)
    may_begin.set()
    await asyncio.gather(starting, ending)
    take = await evening.database.fetch_one("SELECT state, cut_reason FROM takes")
    assert take is not None
    assert tuple(take) == ("cut", "interrupted")


async def test_the_countdown_runs_from_the_moment_at_which_the_bot_is_in_the_channel_again(evening: Evening):
    session = await evening.on_stage()
    evening.booth.left = True
    enter = evening.stage.enter
    entered: list[float] = []

    async def slowly(guild_id: GuildId, voice_channel_id: int) -> PaperBooth:
        await asyncio.sleep(evening.settings.countdown_seconds + 0.3)
        entered.append(monotonic())
        return await enter(guild_id, voice_channel_id)

    evening.stage.enter = slowly  # type: ignore[method-assign]
    pressed_at = monotonic()
    called = await evening.services.takes.start(session, pressed_at)
    starts_at = evening.booth.started_at
    assert starts_at == evening.take.starts_at
    assert 0 <= starts_at - evening.settings.countdown_seconds - entered[0] < 0.5
    in_seconds = called.starts_at_unix - evening.clock.wall().timestamp()
    assert in_seconds == pytest.approx(starts_at - monotonic(), abs=0.05)
    await evening.services.cuts.cut(evening.live, monotonic())


async def test_the_countdown_runs_from_the_press_if_the_bot_is_ready_in_time(evening: Evening):
    session = await evening.on_stage()
    pressed_at = monotonic()
    await evening.services.takes.start(session, pressed_at)
    assert evening.booth.started_at == pressed_at + evening.settings.countdown_seconds
    await evening.services.cuts.cut(evening.live, monotonic())
