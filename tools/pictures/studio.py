"""A bot in a guild of five people, for pictures. Everything is real except the voice channel, which is on paper.

Names, pseudonyms, the seed and the wall clock are fixed, so that a picture changes only if the screen changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.serializers import message_payload

from bot.app import open_bot
from bot.client import PromptbookBot
from bot.config import load_settings
from bot.domain.ids import GuildId, UserId
from bot.live.apart import in_thread
from bot.live.ports import SystemClock
from bot.ui.texts.channel import RECORDING_NICK
from bot.voice.connection.events import ConnectionEvent
from tests.paper import PaperBooth
from tests.theatre import Theatre
from tools.pictures.names import Names
from tools.pictures.page import Shown, form_page, message_page

EVENING = datetime(2026, 5, 8, 20, 0, tzinfo=UTC)
"""The wall clock's time in every picture."""

SEED = 4
COORDINATOR, AUDIENCE = "Mira", "Dora"
PERFORMERS = ("Ana", "Ben", "Chidi")
FOYER = 310_847_562_918_374_651
"""Another voice channel, which exists only by its name."""

ROOM_BYTES = 500 * 1024**3
"""The free disk space, whatever this machine has."""

SETTLE_SECONDS = 60.0
"""How long one press can take on a busy machine: an export takes longer than simcord's own limit."""

_ERRANDS = ("panel of session", "connection of session")
"""The bot's own errands that a picture must wait for."""


class PictureClock(SystemClock):
    """The wall clock shows an evening at the moment of `anchor`. No wait ends until `ring`.

    With `meanwhile` set, a wait ends immediately after it was called.
    """

    def __init__(self) -> None:
        self.env: simcord.Env | None = None
        self.meanwhile: Callable[[], None] | None = None
        self.anchor = monotonic()
        self._waiting: list[tuple[float, asyncio.Event]] = []

    def wall(self) -> datetime:
        return EVENING + timedelta(seconds=self.monotonic() - self.anchor)

    async def sleep_until(self, moment: float) -> None:
        if self.meanwhile:
            self.meanwhile()
        else:
            await self._wait(moment)

    async def _wait(self, moment: float) -> None:
        assert self.env is not None
        come = asyncio.Event()
        self._waiting.append((moment, come))
        try:
            await self.env.external_wait(come.wait(), reason="a take's clock")
        except simcord.SetupError:  # The wait began with what a state did itself, which simcord does not wait for.
            await come.wait()

    async def ring(self, until: float) -> None:
        """End the current waits for moments up to this one."""
        assert self.env is not None
        for moment, come in self._waiting:
            if moment <= until:
                come.set()
        self._waiting = [(moment, come) for moment, come in self._waiting if moment > until]
        await self.env.settle()


@dataclass
class Studio:
    """Where states are played, and how the screens of its people become pages."""

    theatre: Theatre
    clock: PictureClock
    room: dict[str, int] = field(default_factory=lambda: {"bytes": ROOM_BYTES})

    @property
    def names(self) -> Names:
        people = (self.theatre.coordinator, *self.theatre.performers, self.theatre.audience)
        accounts = {person.id: person.user.name for person in people}
        is_recording = any(not booth.left for booth in self.theatre.booths)
        assert self.theatre.bot.user is not None
        accounts[self.theatre.bot.user.id] = RECORDING_NICK if is_recording else "Promptbook"
        roles = {role.id: role.name for role in self.theatre.bot.guilds[0].roles}
        return Names(int(EVENING.timestamp()), accounts, {self.theatre.stage.id: "Stage", FOYER: "Foyer"}, roles)

    async def refresh(self) -> None:
        """Draw the panel again, after something was changed without the bot's knowledge."""
        (session_id,) = (session.session_id for session in self.theatre.bot.services.live)
        self.theatre.bot.services.sessions.panels.changed(session_id)
        await self.settle()

    async def lose_or_find(self, event: ConnectionEvent) -> None:
        """Report an event of the voice connection."""
        self.theatre.booths[-1].tell_connection(event)
        await self.settle()

    async def change_own_voice(self, **own: Any) -> None:
        """Let a moderator do something to the bot itself."""
        booth = self.theatre.booths[-1]
        booth.own = replace(booth.own, **own)
        await self.theatre.bot.services.own_voices.look(GuildId(self.theatre.guild.id))
        await self.settle()

    async def settle(self) -> None:
        """Wait for work that was started here, because simcord waits only for what people do."""
        while errands := [task for task in asyncio.all_tasks() if task.get_name().startswith(_ERRANDS)]:
            await asyncio.gather(*errands)
        await self.theatre.env.settle()

    def panel(self) -> str:
        """Return the panel as everyone sees it."""
        return self.messages(self._shown(self.theatre.panel().id))

    def answer(self, result: simcord.InteractionResult, asked: tuple[str, str] | None = None) -> str:
        """Return the bot's answer to one person, and later messages to them there."""
        assert result.response is not None, "the bot did not answer"
        told = [result.response.id, *(message.id for message in result.followups)]
        return self.messages(self._shown(told[0], asked), *map(self._shown, told[1:]))

    def last(self, result: simcord.InteractionResult) -> str:
        """Return the last message that followed on an answer to one person."""
        return self.messages(self._shown(result.followups[-1].id))

    def form(self, result: simcord.InteractionResult) -> str:
        """Return the form that opened."""
        assert result.modal is not None, "no form opened"
        return form_page(result.modal, self.names)

    def messages(self, *shown: Shown) -> str:
        """Return messages of the stage's chat as a page."""
        return message_page(shown, self.names)

    def _shown(self, message_id: int, asked: tuple[str, str] | None = None) -> Shown:
        backend = self.theatre.env.backend
        message = message_payload(backend, backend.get_message(self.theatre.stage.id, message_id))
        addresses = [one["url"] for one in message["attachments"]]
        files = {address: content for address in addresses if (content := backend.cdn.get(address)) is not None}
        return Shown(message, asked, files)


@asynccontextmanager
async def open_studio(folder: Path) -> AsyncGenerator[Studio]:
    """Open a new bot in a new guild, with everyone in the voice channel and no session."""
    settings = load_settings(
        {"PROMPTBOOK_CONTROLLER": "The troupe", "PROMPTBOOK_CONTACT": "troupe@example.org"}, folder / "no.env", folder
    )
    clock, booths = PictureClock(), list[PaperBooth]()

    async def connect(channel: discord.VoiceChannel) -> PaperBooth:
        people = {UserId(user) for user in channel.voice_states if user != channel.guild.me.id}
        booths.append(PaperBooth(people, channel.id))
        return booths[-1]

    with pytest.MonkeyPatch.context() as patch:
        # simcord waits for everything that is due within SETTLE_SECONDS, so also for a watch that never ends.
        patch.setattr("bot.services.rights.letters.LOOK_SECONDS", 2 * SETTLE_SECONDS)
        people = count(1)
        patch.setattr("bot.store.people.draw_pseudonym", lambda: f"spk_{next(people):08x}")
        async with (
            open_bot(settings, connect, clock, in_thread) as bot,
            simcord.run(bot, settle_timeout=SETTLE_SECONDS) as env,
        ):
            clock.env = env
            with env.time_context():
                studio = Studio(await _people(env, bot, booths), clock)
                patch.setattr("bot.services.panel.panels.REFRESH_INTERVAL_SECONDS", 0.0)
                for module in ("panel.reading", "take.takes"):
                    patch.setattr(f"bot.services.{module}.free_bytes", lambda _: studio.room["bytes"])
                yield studio


async def _people(env: simcord.Env, bot: PromptbookBot, booths: list[PaperBooth]) -> Theatre:
    guild = env.create_guild()
    stage = guild.create_voice_channel("Stage")
    coordinator = guild.add_member(env.create_user(COORDINATOR), roles=[guild.create_role("Coordinator")])
    performers = [guild.add_member(env.create_user(name)) for name in PERFORMERS]
    audience = guild.add_member(env.create_user(AUDIENCE))
    for person in (coordinator, *performers, audience):
        await person.join_voice(stage)
    return Theatre(env, bot, booths, guild, stage, coordinator, performers, audience, coordinator)
