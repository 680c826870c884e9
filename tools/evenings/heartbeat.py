"""A beat in an event loop every 5 ms, noted with its time. A gap between two beats means that the loop stalled.

`python -m tools.evenings.heartbeat FILE` beats in a process that does nothing else. Its delays are the machine's.

Nothing of the bot is imported: the probe also runs in the bot of another checkout, which has its modules elsewhere.
"""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.embedded.journal import Journal

RHYTHM_SECONDS = 0.005
OVERDUE_SECONDS = 0.025
"""The shortest notable stall. Ordinary work of the loop takes a few milliseconds at a time."""

EXACTLY = 1e-6
"""A tolerance for rounding errors, so that a beat on time counts as on time."""

WRITE_SECONDS = 0.01
"""How often notes are written to the journal."""


def _journal_of_this_checkout(path: Path) -> Journal:
    """Open a journal with this checkout's module, whichever bot runs in the process."""
    file = Path(__file__).parents[2] / "bot" / "embedded" / "journal.py"
    spec = importlib.util.spec_from_file_location("journal_of_the_probe", file)
    assert spec, file
    assert spec.loader, file
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Journal(path)


class Notebook:
    """Notes for a journal, taken without waiting for a lock or a disk. A separate thread writes them.

    Notes can be taken anywhere, even during garbage collection. `between` is called in that thread every 10 ms.
    """

    def __init__(self, path: Path, between: Callable[[], None] = lambda: None) -> None:
        self._journal = _journal_of_this_checkout(path)
        self._between = between
        self._taken: deque[tuple[str, dict[str, Any]]] = deque()
        self._closed = threading.Event()
        self._writer = threading.Thread(target=self._write_regularly, name="notebook", daemon=True)
        self._writer.start()

    def note(self, kind: str, **fields: Any) -> None:
        """Take a note. `t` is now unless it is given."""
        self._taken.append((kind, {"t": time.monotonic(), **fields}))

    def close(self) -> None:
        """Write the remaining notes."""
        self._closed.set()
        self._writer.join()
        self._write()
        self._journal.close()

    def _write_regularly(self) -> None:
        while not self._closed.wait(WRITE_SECONDS):
            self._between()
            self._write()

    def _write(self) -> None:
        while self._taken:
            kind, fields = self._taken.popleft()
            self._journal.write(kind, **fields)


class Heartbeat:
    """Beats in the running loop until stopped; each is a note `beat`. `last` is the newest, on the monotonic clock."""

    def __init__(self, notebook: Notebook) -> None:
        self.last = time.monotonic()
        self._notebook = notebook
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_soon(self._beat)

    def stop(self) -> None:
        """Stop beating."""
        self._next.cancel()

    def _beat(self) -> None:
        self.last = time.monotonic()
        self._notebook.note("beat", t=self.last)
        self._next = self._loop.call_later(RHYTHM_SECONDS, self._beat)


def waits_ms(beats: Sequence[float], since: float, until: float) -> list[float]:
    """Return how long events due between two moments had to wait for the loop: one value in milliseconds per 5 ms.

    An event is due every 5 ms, even while the loop stalls. A stall of a second is therefore 200 values, not one, so
    that percentiles match what people feel. A stall at the last beat lasts until `until` at least. Beats are moments of
    the monotonic clock, in order.
    """
    waits: list[float] = []
    ends = [*beats[1:], max(until, beats[-1])] if beats else []
    for beat, end in zip(beats, ends, strict=True):
        for number in range(1, int((end - beat) / RHYTHM_SECONDS + EXACTLY) + 1):
            due = beat + number * RHYTHM_SECONDS
            if since <= due < until:
                waits.append(max(end - due, 0.0) * 1_000)
    return waits


async def _beat_for_ever(path: Path) -> None:
    heart = Heartbeat(Notebook(path))
    try:
        await asyncio.Event().wait()
    finally:
        heart.stop()


if __name__ == "__main__":
    asyncio.run(_beat_for_ever(Path(sys.argv[1])))
