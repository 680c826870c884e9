"""Processes that are killed in the middle of their work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def half_way(code: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has printed "half" and waits for its input; it is killed when the block ends, if not before.

    `code` is Python and gets `folder` as its argument.
    """
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        try:
            yield process
        finally:
            process.kill()
