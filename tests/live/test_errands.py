"""Errands end with their owner, whatever state they are in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.live.errands import Errands


async def nothing() -> None:
    """End immediately."""


async def test_one_that_ended_in_the_same_moment_is_waited_for_once(monkeypatch: pytest.MonkeyPatch):
    errands, rounds, gather = Errands(), list[int](), asyncio.gather

    def counted(*tasks: Any, return_exceptions: bool) -> Any:
        rounds.append(len(tasks))
        return gather(*tasks, return_exceptions=return_exceptions)

    monkeypatch.setattr(asyncio, "gather", counted)
    done = errands.run(nothing(), "nothing")
    # The task has run, and its callback has not.
    await asyncio.sleep(0)
    assert done.done()
    await errands.close()
    assert rounds == [1]


async def test_what_an_errand_starts_as_it_is_cancelled_is_cancelled_too():
    errands = Errands()
    started: list[asyncio.Task[None]] = []

    async def leave_something() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            started.append(errands.run(asyncio.sleep(60), "what is left"))

    errands.run(leave_something(), "one that leaves something")
    await asyncio.sleep(0)
    await errands.close()
    assert [task.cancelled() for task in started] == [True]
