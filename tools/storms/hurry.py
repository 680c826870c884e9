"""The bot's waits, shortened: a stormy evening takes a second or two."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest.mock import patch

from bot.live import promises
from bot.services.ending import cuts, recovery
from bot.services.panel import panels
from bot.services.session import presence
from bot.services.sound import sound_check

WAITS: tuple[tuple[ModuleType, str, float], ...] = (
    (promises, "FIRST_PAUSE_SECONDS", 0.01),
    (promises, "LONGEST_PAUSE_SECONDS", 0.02),
    (cuts, "LONGEST_PAUSE_SECONDS", 0.02),
    (recovery, "LONGEST_PAUSE_SECONDS", 0.02),
    (presence, "GRACE_SECONDS", 0.05),
    (sound_check, "SETTLE_SECONDS", 0.1),
    (panels, "REFRESH_INTERVAL_SECONDS", 0.05),
    (panels, "RETRY_SECONDS", 0.1),
)
"""Each wait where it is read, and how many seconds it takes in a storm."""


@contextmanager
def hurried() -> Generator[None]:
    """The bot waits less."""
    with ExitStack() as stack:
        for module, name, seconds in WAITS:
            stack.enter_context(patch.object(module, name, seconds))
        yield
