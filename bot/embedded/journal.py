"""The journal of a rehearsal: what happened and when, as one JSON object per line.

The embedded Discord and the cast each keep one. Together they are the ground truth for recordings. Several processes
can write to one file: each write consists of whole lines in append mode.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FLUSH_INTERVAL_S = 0.4
"""The longest time that a line waits before it is handed to the system."""

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Journal:
    """An append-only file of JSON lines; safe to write from any thread.

    Every line has `kind`, `t` (`time.monotonic()`, seconds; on Linux comparable across processes) and `wall`
    (`time.time()`, seconds). Lines reach the system within `FLUSH_INTERVAL_S` and on `close`.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._flusher = threading.Thread(target=self._flush_regularly, name=f"journal {path.name}", daemon=True)
        self._flusher.start()

    def write(self, kind: str, **fields: Any) -> None:
        """Add a line. A caller that knows the moment better can pass `t`. Raises ValueError after `close`."""
        line = _encode({"kind": kind, "t": time.monotonic(), "wall": time.time(), **fields})
        with self._lock:
            if self._closed.is_set():
                raise ValueError(f"The journal {self.path.name} is closed; {kind!r} came too late.")
            self._lines.append(line)

    def flush(self) -> None:
        """Hand all lines written so far to the system."""
        with self._lock:
            self._flush_locked()

    def close(self) -> None:
        """Flush and close. A second call does nothing."""
        with self._lock:
            if self._closed.is_set():
                return
            self._flush_locked()
            self._closed.set()
            os.close(self._file)
        self._flusher.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _flush_regularly(self) -> None:
        while not self._closed.wait(FLUSH_INTERVAL_S):
            with self._lock:
                if not self._closed.is_set():
                    self._flush_locked()

    def _flush_locked(self) -> None:
        if not self._lines:
            return
        data = memoryview(("\n".join(self._lines) + "\n").encode())
        self._lines.clear()
        while data:
            data = data[os.write(self._file, data) :]


def read_journal(path: Path, *kinds: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a journal in order, all or only the given kinds. An unfinished last line is left out."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                return
            entry: dict[str, Any] = json.loads(line)
            if not kinds or entry["kind"] in kinds:
                yield entry
