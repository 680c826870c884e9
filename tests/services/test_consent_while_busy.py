"""Consent that is withdrawn while the store is busy and a take is being called counts, whatever comes first."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from time import monotonic

import pytest

from bot.services.take import takes
from tests.evening import GUILD, PERFORMERS, Evening


class BusyStore:
    """Transactions that hold the store, one after the other, until the test ends each."""

    def __init__(self, evening: Evening) -> None:
        self._database = evening.database
        self._tasks: list[asyncio.Task[None]] = []

    async def hold(self) -> asyncio.Event:
        """Wait for the store and hold it; returns the event that ends this."""
        over = asyncio.Event()
        self._tasks.append(asyncio.create_task(self._keep(over)))
        await asyncio.sleep(0)
        return over

    async def _keep(self, over: asyncio.Event) -> None:
        async with self._database.transaction():
            await over.wait()


async def settled(seconds: float = 0.05) -> None:
    """Wait until everyone who needs the store waits for it."""
    await asyncio.sleep(seconds)


async def test_a_withdrawal_that_waits_for_the_store_until_the_take_is_called_stops_the_recording(evening: Evening):
    session = await evening.on_stage()
    store = BusyStore(evening)
    first = await store.hold()
    starting = asyncio.create_task(evening.services.takes.start(session, monotonic()))
    await settled()
    second = await store.hold()
    withdrawing = asyncio.create_task(
        evening.services.consent_requests.ask(GUILD, PERFORMERS[0], frozenset(), is_adult=False)
    )
    await settled()
    first.set()
    called = await starting
    live = evening.take
    assert PERFORMERS[0] not in called.recorded_users, "a withdrawal counts before the store has it"
    second.set()
    await withdrawing
    assert live.recordable == set(PERFORMERS[1:])
    assert evening.booth.order is not None
    assert not evening.booth.order.may_record(PERFORMERS[0])
    await evening.services.cuts.cut(evening.live, monotonic())


async def test_a_withdrawal_that_is_over_before_the_take_is_among_the_running_ones_counts(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    is_trying, may_go_on = threading.Event(), threading.Event()
    try_folder = takes._try_folder

    def slowly(folder: Path) -> None:
        is_trying.set()
        assert may_go_on.wait(5)
        try_folder(folder)

    monkeypatch.setattr(takes, "_try_folder", slowly)
    starting = asyncio.create_task(evening.services.takes.start(session, monotonic()))
    assert await asyncio.to_thread(is_trying.wait, 5)
    await evening.services.consent_requests.ask(GUILD, PERFORMERS[0], frozenset(), is_adult=False)
    may_go_on.set()
    called = await starting
    assert called.recorded_users == evening.take.recordable == set(PERFORMERS[1:])
    assert PERFORMERS[0] in called.unrecorded_users
    assert (await evening.services.consents.stored(PERFORMERS[0], GUILD)).here == frozenset()
    await evening.services.cuts.cut(evening.live, monotonic())
