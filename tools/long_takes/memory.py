"""How much memory a process and its children use, looked at from a thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tools.exports.measuring import LOOK_SECONDS, family_of, megabytes


class Watermarks:
    """The highest sums of the memory of this process and its children, per phase, in megabytes.

    `peaks` is all of it (PSS), which other processes change that use the same libraries. `heaps` is what no file backs.
    """

    def __init__(self) -> None:
        self.peaks: dict[str, float] = {}
        self.heaps: dict[str, float] = {}
        self._phase = "idle"

    def enter(self, phase: str) -> None:
        """Begin a phase."""
        self._look()
        self._phase = phase
        self._look()

    def _look(self) -> None:
        family = family_of(os.getpid())
        for watermarks, kinds in ((self.peaks, ("Pss",)), (self.heaps, ("Pss_Anon", "Pss_Shmem"))):
            now = sum(megabytes(pid, *kinds) for pid in family)
            watermarks[self._phase] = max(watermarks.get(self._phase, 0.0), now)

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
