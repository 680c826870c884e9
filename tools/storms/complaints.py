"""What the bot logs as failed; the weather must explain each failure."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from tools.storms.asked import PromiseBroken
from tools.storms.storm import is_expected


class Complaints(logging.Handler):
    """Reads the log and writes nothing."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.unexplained: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an error that neither the weather nor the rules of the show explain."""
        error = record.exc_info[1] if record.exc_info else None
        if record.levelno >= logging.ERROR and not (error and is_expected(error)):
            self.unexplained.append(record)

    def require_none(self) -> None:
        """PromiseBroken if something failed for another reason than the weather."""
        if self.unexplained:
            first = self.unexplained[0]
            error = first.exc_info[1] if first.exc_info else None
            raise PromiseBroken(f"the log says: {first.getMessage()} ({error!r})") from error


@contextmanager
def listened_to() -> Generator[Complaints]:
    """Collect what is logged."""
    complaints, root = Complaints(), logging.getLogger()
    root.addHandler(complaints)
    try:
        yield complaints
    finally:
        root.removeHandler(complaints)
