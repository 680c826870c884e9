"""Threads for what would stop the event loop, in lanes: what a running take needs waits for nobody else's work."""

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
    """What a thread is for, and how many there are of its kind."""

    TAKES = 2
    """Files of a take that is called or runs: short, and somebody on stage waits."""

    CLIPS = 3
    """Clips that raters wait for, some tens of milliseconds each."""

    MEASURING = 1
    """Levels and loudness of finished tracks, some seconds each; nobody waits."""

    EXPORTS = 4
    """Waiting for the process that exports, and packing what it wrote."""


class Workers:
    """One pool of threads per lane; closed by the code that made it."""

    def __init__(self) -> None:
        self._pools = {lane: ThreadPoolExecutor(lane.value, f"{lane.name.lower()}") for lane in Lane}

    async def run(
        self, lane: Lane, work: Callable[_Parameters, _Result], *args: _Parameters.args, **named: _Parameters.kwargs
    ) -> _Result:
        """Do something in a thread of a lane. A cancelled caller does not stop it."""
        return await asyncio.get_running_loop().run_in_executor(self._pools[lane], partial(work, *args, **named))

    def close(self) -> None:
        """Begin nothing that still waits; what runs in a thread ends by itself."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
