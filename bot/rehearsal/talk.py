"""People who talk at the same time, from before a take until after its cut. Others can join and leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.cast.player import Player

BEFORE_TAKE_SECONDS = 1.0
AFTER_CUT_SECONDS = 1.2


@dataclass(slots=True)
class Talk:
    """Everything that runs during the talk. `stop` ends it after everyone's current spurt. Use `talking`."""

    group: asyncio.TaskGroup
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    listening: list[asyncio.Task[Any]] = field(default_factory=list[asyncio.Task[Any]])

    def begin(self, player: Player) -> None:
        """Let a player begin their part, or continue it."""
        player.begin_to_talk(self.group, self.stop)

    def also(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something else, and wait for it before the talk is over."""
        self.group.create_task(work)

    def listen(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something that is cancelled when people stop talking."""
        self.listening.append(self.group.create_task(work))


@asynccontextmanager
async def talking(players: Iterable[Player]) -> AsyncGenerator[Talk]:
    """Let these players talk: from a moment before the body of the context until a moment after it."""
    async with asyncio.TaskGroup() as group:
        talk = Talk(group)
        for player in players:
            talk.begin(player)
        await asyncio.sleep(BEFORE_TAKE_SECONDS)
        yield talk
        await asyncio.sleep(AFTER_CUT_SECONDS)
        talk.stop.set()
        for task in talk.listening:
            task.cancel()
