"""Threads for work that would block the event loop, in lanes: a running take never waits for other work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from functools import partial
from typing import ParamSpec, TypeVar

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


class Lane(Enum):
    """What threads are for, and how many of each kind exist."""

    def __init__(self, threads_name: str, threads: int) -> None:
        self.threads_name = threads_name
        self.threads = threads

    TAKES = ("takes", 2)
    """Files of a take that is called or running: short work, and someone on stage waits for it."""

    DEALS = ("deals", 2)
    """Drawing the next scene, one at a time for a server: a tenth of a second for a hundred people."""

    CLIPS = ("clips", 3)
    """Clips that raters wait for, because they could not be made in advance: tenths of a second each."""

    ALOUD = ("aloud", 1)
    """Reading cards aloud, one at a time, because the voices are one library: tenths of a second each."""

    MEASURING = ("measuring", 1)
    """Levels and loudness of sound checks: a few seconds each, and everyone waits for them."""

    FIGURES = ("figures", 1)
    """Figures of a session's ratings, and pictures of them, one at a time: tenths of a second each."""

    TURNS = ("turns", 1)
    """Waiting for the process that finds turns: minutes for a long take."""

    ERASING = ("erasing", 1)
    """Steps of erasures, one after the other: seconds each, and people wait for them elsewhere."""

    EXPORTS = ("exports", 4)
    """Waiting for the process that exports, and packing what it wrote."""


class Workers:
    """One pool of threads per lane; the code that creates it closes it."""

    def __init__(self) -> None:
        self._pools = {lane: ThreadPoolExecutor(lane.threads, lane.threads_name) for lane in Lane}

    async def run(
        self, lane: Lane, work: Callable[_Parameters, _Result], *args: _Parameters.args, **named: _Parameters.kwargs
    ) -> _Result:
        """Run something in a thread of a lane. Cancelling the caller does not stop it."""
        return await asyncio.get_running_loop().run_in_executor(self._pools[lane], partial(work, *args, **named))

    def close(self) -> None:
        """Start nothing that still waits; what is running in a thread ends by itself."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
