"""The whole bot with discord.py on the embedded Discord, over real sockets; only the voice channel is on paper."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import open_bot
from bot.client import PromptbookBot
from bot.config import load_settings
from bot.domain.ids import UserId
from bot.embedded.client.person import Person
from bot.embedded.client.phone import Phone
from bot.embedded.client.replies import Reply
from bot.embedded.client.screen import Message
from bot.embedded.guild.records import Message as Posted
from bot.embedded.guild.world import World
from bot.live.apart import in_thread
from bot.live.ports import Clock
from bot.rehearsal.panel import press
from bot.rehearsal.world import default_world
from bot.ui.texts.panel import X_CARD_BUTTON
from tests.embedded.raw_bot import House, open_house
from tests.evening import OPERATOR
from tests.paper import PaperBooth

CONSENTS = {"taking_part": ["record", "store_and_review", "peer_rating"], "uses": [], "adult": True}


@dataclass
class RealBot:
    """The bot at the gateway, and people at their clients. Without a voice: their booths are on paper."""

    house: House
    home: Path
    patch: pytest.MonkeyPatch
    bot: PromptbookBot = field(init=False)
    booths: list[PaperBooth] = field(default_factory=list[PaperBooth])
    people: dict[str, list[Person]] = field(default_factory=dict[str, list[Person]])
    clock: Clock | None = None
    _life: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def channel_id(self) -> int:
        """The voice channel and its chat."""
        return self.house.voice_channel

    @property
    def coordinator(self) -> Person:
        return self.people["coordinator"][0]

    @property
    def everyone(self) -> list[Person]:
        return [person for people in self.people.values() for person in people]

    async def start(self) -> None:
        """Start a process of the bot, so to say: it opens its home folder and logs in."""
        settings = load_settings({"PROMPTBOOK_COUNTDOWN_SECONDS": "1", **OPERATOR}, self.home / "no.env", self.home)
        self.bot = await self._life.enter_async_context(open_bot(settings, self._connect, self.clock, in_thread))
        self.bot.http.connector = aiohttp.TCPConnector(ssl=self.house.tls)
        await self.bot.login(self.house.world.bot.token)
        serving = asyncio.create_task(self.bot.connect())
        self._life.push_async_callback(_ended, serving)
        self._life.push_async_callback(self.bot.close)
        async with asyncio.timeout(15):
            await self.bot.wait_until_ready()
            # discord.py says so before the bot has resumed what an earlier process left.
            while any(task.get_name() == "discord.py: on_ready" for task in asyncio.all_tasks()):  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End the process."""
        life, self._life = self._life, AsyncExitStack()
        await life.aclose()

    async def _connect(self, channel: discord.VoiceChannel) -> PaperBooth:
        people = {UserId(user) for user in channel.voice_states if user != channel.guild.me.id}
        self.booths.append(PaperBooth(people, channel.id))
        return self.booths[-1]

    async def command(self, command: str, person: Person | None = None, **options: Any) -> Reply:
        """Give a command in the voice channel's chat."""
        return await (person or self.coordinator).slash(self.channel_id, command, **options)

    async def press(self, *labels: str, person: Person | None = None) -> Reply:
        """Press a button of the panel that this person sees."""
        return (await press(person or self.coordinator, *labels)).reply

    async def consent(self, person: Person) -> None:
        shown = await self.command("consent", person)
        form = await person.click(shown.message, "Choose")
        await person.submit(form.modal, CONSENTS)

    async def open_session(self) -> None:
        """Everyone joins, performers consent, the coordinator opens a session."""
        for person in self.everyone:
            await person.join_voice(self.channel_id)
        for person in self.people["performer"]:
            await self.consent(person)
        reply = await self.command("session start", seed=7)
        assert "is open" in reply.text, reply.text

    def panels(self) -> list[Posted]:
        """The messages with an X-card that are in the channel now, the oldest first."""
        return sorted(
            (one for one in self.house.discord.hub.state.messages.values() if _has_x_card(one)),
            key=lambda one: one.message_id,
        )

    async def order(self, **fault: Any) -> None:
        """Order a fault of Discord."""
        where = self.house.discord.addresses
        url = f"{where.api}/faults"
        async with self.house.bot.http.post(url, params={"key": where.cast_key}, json=fault) as response:
            assert response.status == 204, await response.text()

    def requests(self, method: str, template: str) -> list[dict[str, Any]]:
        """What the bot has requested so far."""
        found = self.house.journal("rest_request")
        return [one for one in found if (one["method"], one["template"]) == (method, template)]


def _has_x_card(message: Posted) -> bool:
    return not message.is_ephemeral and "pb:x-card:" in str(message.components)


def sees_x_card(person: Person) -> bool:
    """Whether a button of the X-card is on this person's screen."""
    return any(_offers_x_card(message) for message in person.on_screen())


def _offers_x_card(message: Message) -> bool:
    return any(button.label == X_CARD_BUTTON and not button.is_disabled for button in message.buttons)


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> float:
    """Wait until something is so; returns for how many seconds it was not."""
    begun = time.monotonic()
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def _ended(serving: asyncio.Task[None]) -> None:
    await asyncio.wait({serving}, timeout=5)


@asynccontextmanager
async def open_real_bot(
    folder: Path,
    patch: pytest.MonkeyPatch,
    world: World | None = None,
    *,
    phones: bool = True,
    clock: Clock | None = None,
) -> AsyncIterator[RealBot]:
    """Start an embedded Discord, its people (at phones, if wanted) and the bot, on the machine's clock or another."""
    world = world or default_world(7, performers=3)
    logs, home = folder / "logs", folder / "home"
    logs.mkdir()
    async with open_house(world, logs) as house:
        patch.setattr(Route, "BASE", f"{house.discord.addresses.api}/api/v10")
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(house.discord.addresses.gateway))
        real = RealBot(house, home, patch, clock=clock)
        for profile in world.people:
            person = await house.person(profile)
            person.phone = Phone() if phones else None
            real.people.setdefault(profile.part, []).append(person)
        await real.start()
        try:
            yield real
        finally:
            await real.stop()
