"""People talking at the same time: from before a take until after its cut, whoever comes and goes meanwhile."""

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
    """What goes on at once; `stop` lets everybody finish the spurt they are in. Use `talking`."""

    group: asyncio.TaskGroup
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    listening: list[asyncio.Task[Any]] = field(default_factory=list[asyncio.Task[Any]])

    def begin(self, player: Player) -> None:
        """A player says their part from here on, or goes on with it."""
        player.begin_to_talk(self.group, self.stop)

    def also(self, work: Coroutine[Any, Any, Any]) -> None:
        """Something else that is awaited before the talk is over."""
        self.group.create_task(work)

    def listen(self, work: Coroutine[Any, Any, Any]) -> None:
        """Something that waits for as long as people talk, and no longer."""
        self.listening.append(self.group.create_task(work))


@asynccontextmanager
async def talking(players: Iterable[Player]) -> AsyncGenerator[Talk]:
    """Let these players talk: a moment before what is done within, and a moment after it."""
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
