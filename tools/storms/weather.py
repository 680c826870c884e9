"""The weather of an evening: which share of writes and of calls to Discord fails, and how late the others are.

Nothing of the bot is replaced: its writes and the paper Discord's answers are refused or held up at the edge.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest.mock import patch

from bot.domain.errors import VoiceUnreachable
from bot.services.ports.stage import CueSent, PanelUnreachable
from bot.store.database import Database
from bot.store.transaction import Transaction
from tests.paper import PaperBooth, PaperStage

LATE_SHARE = 0.3
"""The share of writes and calls that take a while."""

LATEST_WRITE_SECONDS = 0.01
LATEST_CALL_SECONDS = 0.02


class DiskFull(sqlite3.OperationalError):
    """The database cannot write, as SQLite says it."""


class DiscordRefuses(Exception):
    """Discord did not take a request."""


@dataclass(slots=True)
class Weather:
    """The shares, from 0 to 1, that fail now: of writes, of calls to Discord, and of joins of a voice channel."""

    random: Random
    disk: float = 0.0
    discord: float = 0.0
    voice: float = 0.0

    def clear(self) -> None:
        """From now on nothing fails."""
        self.disk = self.discord = self.voice = 0.0

    def hits(self, share: float) -> bool:
        """Draw whether something fails; `share` of all does."""
        return self.random.random() < share

    async def delay(self, most_seconds: float) -> None:
        """Hold something up, or let it go on immediately."""
        if self.hits(LATE_SHARE):
            await asyncio.sleep(self.random.random() * most_seconds)

    def write(self) -> None:
        """DiskFull if the disk does not take a write."""
        if self.hits(self.disk):
            raise DiskFull("database or disk is full")


@contextmanager
def weather_over(weather: Weather) -> Generator[None]:
    """All databases and paper Discords have this weather."""
    with ExitStack() as stack:
        _over_writes(stack, weather)
        for name in ("count_down", "ask_to_speak", "say_stopped", "announce", "leave"):
            _over_calls(stack, weather, PaperBooth, name, DiscordRefuses)
        for name in ("post_panel", "show_panel", "remove_panel"):
            _over_calls(stack, weather, PaperStage, name, PanelUnreachable)
        _over_cues(stack, weather)
        _over_joins(stack, weather)
        yield


def _over_writes(stack: ExitStack, weather: Weather) -> None:
    begin, real = Database._begin, Database.transaction

    async def begin_in_weather(database: Database) -> None:
        weather.write()
        await weather.delay(LATEST_WRITE_SECONDS)
        await begin(database)

    @asynccontextmanager
    async def transaction(database: Database) -> AsyncGenerator[Transaction]:
        async with real(database) as tx:
            yield tx
            # A full disk can refuse the commit only.
            await weather.delay(LATEST_WRITE_SECONDS)
            weather.write()

    stack.enter_context(patch.object(Database, "_begin", begin_in_weather))
    stack.enter_context(patch.object(Database, "transaction", transaction))


def _over_calls(stack: ExitStack, weather: Weather, owner: type, name: str, refusal: Callable[[], Exception]) -> None:
    real = getattr(owner, name)

    async def call(*args: Any) -> Any:
        await weather.delay(LATEST_CALL_SECONDS)
        if weather.hits(weather.discord):
            raise refusal()
        return await real(*args)

    stack.enter_context(patch.object(owner, name, call))


def _over_cues(stack: ExitStack, weather: Weather) -> None:
    """A cue that does not arrive raises nothing: it says so."""
    real = PaperStage.tell_cue

    async def tell_cue(*args: Any) -> CueSent | None:
        await weather.delay(LATEST_CALL_SECONDS)
        return None if weather.hits(weather.discord) else await real(*args)

    stack.enter_context(patch.object(PaperStage, "tell_cue", tell_cue))


def _over_joins(stack: ExitStack, weather: Weather) -> None:
    real = PaperStage.enter

    async def enter(stage: PaperStage, guild_id: Any, voice_channel_id: int) -> PaperBooth:
        await weather.delay(LATEST_CALL_SECONDS)
        if weather.hits(weather.voice):
            raise VoiceUnreachable(voice_channel_id)
        return await real(stage, guild_id, voice_channel_id)

    stack.enter_context(patch.object(PaperStage, "enter", enter))
