"""The whole bot under simcord: real cogs, screens, services, store and files; the voice channel is on paper."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import discord
import pytest
import simcord

from bot.app import open_bot
from bot.audio import loudness
from bot.client import PromptbookBot
from bot.config import load_settings
from bot.domain.errors import PromptbookError
from bot.domain.ids import UserId
from bot.live.apart import in_thread
from bot.live.ports import SystemClock
from bot.services.rights.letters import Letters
from tests.evening import OPERATOR
from tests.paper import PaperBooth
from tests.theatre import Theatre

PATIENCE_SECONDS = 30.0


class StoodStillClock(SystemClock):
    """A clock on which no countdown and no time limit ends by itself: tests say when a take is cut.

    It is `ahead` of the machine's clock.
    """

    env: simcord.Env | None = None
    ahead = timedelta()

    def wall(self) -> datetime:
        return super().wall() + self.ahead

    async def sleep_until(self, moment: float) -> None:
        assert self.env is not None
        await self.env.external_wait(asyncio.Event().wait(), reason="a take's clock")


@pytest.fixture
def booths() -> list[PaperBooth]:
    """The booths that the bot has joined, the newest last."""
    return []


@pytest.fixture(scope="session", autouse=True)
def loudness_meter() -> None:
    """Load SciPy as a bot does when it starts: within a test, that can take longer than simcord waits."""
    loudness.load()


@pytest.fixture
def more_settings() -> dict[str, str]:
    """Settings of the bot beside those that all tests need. A module can have its own."""
    return {}


@pytest.fixture
async def simcord_bot(
    tmp_path: Path, booths: list[PaperBooth], more_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[PromptbookBot]:
    # simcord waits until nothing more happens by itself, so that tests say when to look for letters that are due.
    monkeypatch.setattr(Letters, "take_up", lambda _: None)
    environment = {"PROMPTBOOK_COUNTDOWN_SECONDS": "60", **OPERATOR, **more_settings}
    settings = load_settings(environment, tmp_path / "no.env", tmp_path)

    async def connect(channel: discord.VoiceChannel) -> PaperBooth:
        people = {UserId(user) for user in channel.voice_states if user != channel.guild.me.id}
        booths.append(PaperBooth(people, channel.id))
        return booths[-1]

    async with open_bot(settings, connect, StoodStillClock(), in_thread) as bot:
        yield bot


@pytest.fixture
async def theatre(
    simcord_env: simcord.Env, simcord_bot: PromptbookBot, booths: list[PaperBooth]
) -> AsyncGenerator[Theatre]:
    env = simcord_env
    # Turns are looked for in a thread, which can take seconds on a busy machine.
    env.settle_timeout = PATIENCE_SECONDS
    clock = simcord_bot.services.takes.clock
    assert isinstance(clock, StoodStillClock)
    clock.env = env
    guild = env.create_guild()
    stage = guild.create_voice_channel("Stage")
    coordinator = guild.add_member(env.create_user("coordinator"), roles=[guild.create_role("Coordinator")])
    performers = [guild.add_member(env.create_user(f"performer{number}")) for number in range(3)]
    audience = guild.add_member(env.create_user("audience"))
    bystander = guild.add_member(env.create_user("bystander"))
    for person in (*performers, audience, bystander):
        await person.join_voice(stage)
    yield Theatre(env, simcord_bot, booths, guild, stage, coordinator, performers, audience, bystander)
    # simcord counts whatever a command raises as a fault; sentences from the bot's error handler are none.
    for error in env.errors:
        assert isinstance(getattr(error, "original", error), PromptbookError), error
