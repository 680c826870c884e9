"""`promptbook` with a probe in it: `python -m tools.evenings.probed FILE` stands for `promptbook`.

It also runs in the bot of another checkout, so it imports only what every version has.

Nothing in the bot is changed: the probe wraps what every version has in common. The journal FILE gets

- `beat`: a heartbeat of the bot's event loop (`heartbeat`);
- `write_asked`, `write_granted`, `write_done`: the steps of each `Database.transaction`, by its `number`. Two per
second are the probe's own and empty: while the store is busy, people do not get as far as a write, and their wait would
be missing;
- `write_failed`: a failed transaction, and why;
- `held`: a callback that held the event loop (`held`);
- `garbage`: a search for reference cycles, during which all threads stop: its `generation` and `ms`;
- `stood`: which of the bot's functions the main thread was in (None: in none), and others, when a beat was overdue.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import itertools
import sys
import threading
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from bot.store.database import Database
from tools.evenings.heartbeat import OVERDUE_SECONDS, Heartbeat, Notebook
from tools.evenings.held import follow_callbacks

ASK_SECONDS = 0.5
LEAST_GARBAGE_MS = 1.0
_ROOMS = ("bot.", "aiosqlite.")
_OUTSIDE = ("bot.__main__", "bot.app", "bot.cli", "bot.rehearsal")
_IDLE = {"_connection_worker_thread", "_gather", "_in_thread", "wait"}
"""Functions in which threads wait for work: aiosqlite's, the socket's, the recorder's."""


class Probe:
    """The measurements in this process. `close` writes the remaining ones."""

    def __init__(self, file: Path) -> None:
        self._notebook = Notebook(file, self._look_around)
        self._numbers = itertools.count(1)
        self._heart: Heartbeat | None = None
        self._database: Database | None = None
        self._asking: set[asyncio.Task[None]] = set()
        self._search_began = 0.0

    def install(self) -> None:
        """Install the probe around the main thread's event loop, the store's transactions and the garbage collector."""
        self._follow_the_loop()
        follow_callbacks(self._notebook.note)
        self._follow_writes()
        gc.callbacks.append(self._follow_garbage)

    def close(self) -> None:
        """Write the remaining notes, and stop measuring garbage collection."""
        gc.callbacks.remove(self._follow_garbage)
        self._notebook.close()

    def _follow_the_loop(self) -> None:
        run = asyncio.Runner.run

        async def with_a_heart(work: Coroutine[Any, Any, Any]) -> Any:
            self._heart = Heartbeat(self._notebook)
            asking = asyncio.create_task(self._ask_regularly())
            try:
                return await work
            finally:
                asking.cancel()
                self._heart.stop()
                self._heart = None

        def run_with_a_heart(
            self: asyncio.Runner, coro: Coroutine[Any, Any, Any], *, context: contextvars.Context | None = None
        ) -> Any:
            is_main = threading.current_thread() is threading.main_thread()
            return run(self, with_a_heart(coro) if is_main else coro, context=context)

        asyncio.Runner.run = run_with_a_heart

    async def _ask_regularly(self) -> None:
        """Ask for a transaction every half second, whether or not the previous one was granted."""
        while True:
            await asyncio.sleep(ASK_SECONDS)
            if self._database:
                task = asyncio.create_task(self._ask(self._database))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)

    async def _ask(self, database: Database) -> None:
        try:
            async with database.transaction():
                pass
        except Exception as error:
            self._notebook.note("write_failed", error=repr(error))

    def _follow_writes(self) -> None:
        transaction, note, probe = Database.transaction, self._notebook.note, self

        @asynccontextmanager
        async def followed(self: Database, *args: Any, **options: Any) -> AsyncGenerator[Any]:
            number = next(probe._numbers)
            probe._database = self
            note("write_asked", number=number)
            async with transaction(self, *args, **options) as given:
                note("write_granted", number=number)
                yield given
            note("write_done", number=number)

        Database.transaction = followed

    def _follow_garbage(self, phase: str, facts: dict[str, int]) -> None:
        if phase == "start":
            self._search_began = time.monotonic()
            return
        took_ms = (time.monotonic() - self._search_began) * 1_000
        if took_ms >= LEAST_GARBAGE_MS:
            self._notebook.note("garbage", t=self._search_began, ms=took_ms, generation=facts["generation"])

    def _look_around(self) -> None:
        heart = self._heart
        if heart is None or time.monotonic() - heart.last < OVERDUE_SECONDS:
            return
        places = {thread: _place(frame) for thread, frame in sys._current_frames().items()}
        main = places.pop(threading.main_thread().ident or 0, None)
        self._notebook.note("stood", main=main, others=sorted({place for place in places.values() if place}))


def _place(frame: FrameType) -> str | None:
    """Return the innermost function of the bot or its store on a thread's stack; None if it waits for work."""
    at: FrameType | None = frame
    while at:
        name: str = at.f_globals.get("__name__", "")
        if name.startswith(_ROOMS) and not name.startswith(_OUTSIDE):
            return None if at.f_code.co_name in _IDLE else f"{name}.{at.f_code.co_name}"
        at = at.f_back
    return None


def main() -> None:
    """Run `promptbook` with the probe in it."""
    file, *arguments = sys.argv[1:]
    probe = Probe(Path(file))
    probe.install()
    from bot.__main__ import main as promptbook

    sys.argv = ["promptbook", *arguments]
    try:
        promptbook()
    finally:
        probe.close()


if __name__ == "__main__":
    main()
