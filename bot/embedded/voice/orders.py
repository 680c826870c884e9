"""Faults of voice that a script orders (see `fault_orders`). The journal gets `fault_ordered` for each order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from bot.embedded.interactions.callback_faults import NotOrderable
from bot.embedded.journal import Journal
from bot.embedded.voice.server import VoiceServer

LONGEST_S: Final = 60.0


class BotInVoice(Protocol):
    """What orders need to know of the bot's voice state."""

    def channel_of_bot(self) -> int | None:
        """Return the bot's voice channel."""
        ...

    def tell_server(self, user_id: int, data: dict[str, Any]) -> None:
        """Send VOICE_SERVER_UPDATE to a user who is in voice."""
        ...


class VoiceOrders:
    """Carries out orders about the bot's place in voice, in one guild."""

    KNOWN: Final = frozenset({"change_voice_server", "spoil_sound", "silence_udp"})

    def __init__(self, server: VoiceServer, bot: BotInVoice, journal: Journal, guild_id: int, bot_id: int) -> None:
        self._server = server
        self._bot = bot
        self._journal = journal
        self._who = {"guild_id": guild_id, "user_id": bot_id}
        self._tasks: set[asyncio.Task[None]] = set()

    def order(self, asked: dict[str, Any]) -> None:
        """Accept an order. Raises NotOrderable for all but the orders that `fault_orders` names, or without the bot."""
        channel_id = self._bot.channel_of_bot()
        if channel_id is None:
            raise NotOrderable("The bot is in no voice channel.")
        try:
            self._carry_out(asked, channel_id)
        except LookupError as error:
            raise NotOrderable(str(error)) from error
        self._journal.write("fault_ordered", **asked)

    def _carry_out(self, asked: dict[str, Any], channel_id: int) -> None:
        match asked:
            case {"fault": "change_voice_server", "told_after_s": int() | float() as told_after_s, **rest} if not rest:
                self._check(abs(told_after_s))
                self._start(self._change_server(told_after_s, self._server.ending(**self._who)))
            case {"fault": "spoil_sound", "user_id": str(user_id), "seconds": int() | float() as s, **rest} if not rest:
                self._check(s)
                self._spoil(channel_id, frozenset({int(user_id)}))
                asyncio.get_running_loop().call_later(s, self._spoil, channel_id, frozenset[int]())
            case {"fault": "silence_udp", **rest} if not rest:
                self._server.silence(**self._who)
            case _:
                raise NotOrderable(f"{asked} is not an order for a fault.")

    def _check(self, seconds: float) -> None:
        if seconds > LONGEST_S:
            raise NotOrderable(f"This lasts up to {LONGEST_S:g} s, not {seconds:g} s.")

    def _spoil(self, channel_id: int, user_ids: frozenset[int]) -> None:
        self._server.path.set_faults(replace(self._server.path.of(channel_id), spoiled=user_ids), channel_id)

    async def _change_server(self, told_after_s: float, end: Callable[[], None]) -> None:
        """Let the bot change to another voice server, told before (negative) or after its call here has ended."""
        token = self._server.grant(**self._who)
        endpoint = await self._server.open_endpoint()
        guild_id = str(self._who["guild_id"])

        def tell() -> None:
            told = {"token": token, "guild_id": guild_id, "endpoint": endpoint}
            self._bot.tell_server(self._who["user_id"], told)

        first, then = (tell, end) if told_after_s < 0 else (end, tell)
        await self._one_after_the_other(first, then, abs(told_after_s))

    async def _one_after_the_other(self, first: Callable[[], None], then: Callable[[], None], pause_s: float) -> None:
        first()
        await asyncio.sleep(pause_s)
        then()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
