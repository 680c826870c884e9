"""How much memory a process and its children use, looked at from a thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tools.exports.measuring import LOOK_SECONDS, family_of, megabytes


class Watermarks:
    """The highest sum of the memory (PSS) of this process and its children, per phase, in megabytes."""

    def __init__(self) -> None:
        self.peaks: dict[str, float] = {}
        self._phase = "idle"

    def enter(self, phase: str) -> None:
        """Begin a phase."""
        self._look()
        self._phase = phase
        self._look()

    def _look(self) -> None:
        now = sum(map(megabytes, family_of(os.getpid())))
        self.peaks[self._phase] = max(self.peaks.get(self._phase, 0.0), now)

    @contextmanager
    def looking(self) -> Generator[None]:
        """Look again and again."""
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(LOOK_SECONDS):
                self._look()

        thread = threading.Thread(target=look, name="watermarks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


def address_space_bytes() -> int:
    """Return the size of this process's address space."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
