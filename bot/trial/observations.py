"""What Discord was seen to do: gateway messages with their times, and no names.

Accounts are numbered in the order in which they appear; keys, tokens and addresses are never kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

BOT: Final = "the bot"
"""How the bot's own account appears."""

VOICE, MAIN, TRIAL = "voice gateway", "main gateway", "trial"
"""Where something was seen."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One message: seconds since the trial began, where it was seen, what it was (`op 11`), and what it said."""

    at_seconds: float
    where: str
    what: str
    detail: Mapping[str, Any]


class Observations:
    """Everything that was seen, in order."""

    def __init__(self, bot_user_id: int) -> None:
        self._began_at = time.monotonic()
        self._aliases = {bot_user_id: BOT}
        self._seen: list[Observation] = []
        self._news = asyncio.Event()

    def alias(self, user_id: int) -> str:
        """Return how an account appears: the bot, or a number."""
        return self._aliases.setdefault(user_id, f"person {len(self._aliases)}")

    def note(self, where: str, what: str, **detail: Any) -> None:
        """Keep something that was seen now."""
        self._seen.append(Observation(round(time.monotonic() - self._began_at, 3), where, what, detail))
        self._news.set()

    def since(self, mark: int = 0) -> list[Observation]:
        """Return what was seen after a mark."""
        return self._seen[mark:]

    def mark(self) -> int:
        """Return a mark: what is seen from now on comes after it."""
        return len(self._seen)

    async def until(self, condition: Callable[[], bool], most_seconds: float) -> bool:
        """Wait until what was seen makes a condition true. Return whether it is, after `most_seconds` at the latest."""
        end = time.monotonic() + most_seconds
        while not condition() and (left := end - time.monotonic()) > 0:
            self._news.clear()
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                break
        return condition()
