"""What held an event loop: callbacks that kept it for long, without the time in which the machine ran something else.

A callback's wall time alone says little on a busy machine, and its CPU time nothing about a blocking read. Linux
counts how long a thread was ready to run but had no processor (`/proc/thread-self/schedstat`, second number, in
nanoseconds). The rest of the wall time is the bot's: it ran, waited for the interpreter, or blocked.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HELD_SECONDS = 0.02
"""The shortest time that is noted."""

_SCHEDSTAT = Path("/proc/thread-self/schedstat")


def follow_callbacks(note: Callable[..., None]) -> None:
    """Note `held` for every callback of the main thread's loop that held it for HELD_SECONDS, with what it was.

    `ms` is how long it held the loop, `cpu_ms` how much of it was computing. Call this in the main thread.
    """
    run = asyncio.Handle._run
    main = threading.get_ident()
    stat = os.open(_SCHEDSTAT, os.O_RDONLY) if _SCHEDSTAT.exists() else None

    def ready_seconds() -> float:
        return int(os.pread(stat, 100, 0).split()[1]) / 1e9 if stat is not None else 0.0

    def followed(self: asyncio.Handle) -> None:
        if threading.get_ident() != main:
            return run(self)
        began, computed, ready = time.perf_counter(), time.thread_time(), ready_seconds()
        run(self)
        held = time.perf_counter() - began
        if held >= HELD_SECONDS and (held := held - (ready_seconds() - ready)) >= HELD_SECONDS:
            cpu_ms = (time.thread_time() - computed) * 1_000
            note("held", ms=held * 1_000, cpu_ms=cpu_ms, by=_name_of(self))
        return None

    asyncio.Handle._run = followed


def _name_of(handle: asyncio.Handle) -> str:
    """Return the task of a callback and where it stands now, or the callback."""
    callback: Any = handle._callback
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return str(getattr(callback, "__qualname__", callback))
    stack = task.get_stack(limit=1)
    at = f" at {Path(stack[0].f_code.co_filename).name}:{stack[0].f_lineno}" if stack else ""
    coroutine: Any = task.get_coro()
    return f"{task.get_name()} ({getattr(coroutine, '__qualname__', coroutine)}){at}"
