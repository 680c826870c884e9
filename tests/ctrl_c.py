"""Lets the processes that a test starts hear Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def heard() -> Generator[None]:
    """Start processes in this block: they end on SIGINT even if the tests run in the background.

    A shell lets background jobs ignore SIGINT, and what is ignored stays so in every process that they start.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
