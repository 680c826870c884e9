"""Joining voice channels on Discord, and the sign that the bot records, with channels of paper."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.errors import VoiceUnreachable
from bot.domain.ids import GuildId
from bot.services.session.sessions import SessionWishes
from bot.stage.booth import DiscordBooth, connect_booth
from bot.stage.sign import Sign
from bot.stage.stage import DiscordStage
from bot.ui.texts.channel import RECORDING_NICK
from bot.voice.connection.websocket import LinkClosed
from tests.evening import COORDINATOR, an_evening
from tests.paper import PaperBooth

GUILD, CHANNEL = GuildId(111), 222


class PaperMember:
    """The bot as a member; Discord can refuse to change its nickname."""

    def __init__(self, nick: str | None) -> None:
        self.nick = nick
        self.refusal: Exception | None = None

    async def edit(self, *, nick: str | None) -> None:
        if self.refusal:
            raise self.refusal
        self.nick = nick


class PaperVoice:
    on_connection: Any = None
    client = SimpleNamespace(get_channel=lambda _: None)

    def __init__(self) -> None:
        self.is_left = False

    def is_playing(self) -> bool:
        return False

    def is_connected(self) -> bool:
        return not self.is_left

    async def play_notice(self, packets: list[bytes]) -> None:
        assert packets

    async def wait_until_hearing(self, most_seconds: float, channel_id: int | None = None) -> bool:
        return most_seconds > 0 and channel_id is not None

    async def disconnect(self, *, force: bool) -> None:
        self.is_left = True


class PaperChannel:
    """A voice channel that lets the bot in, or not."""

    def __init__(self, nick: str | None = None) -> None:
        self.id = CHANNEL
        self.guild = SimpleNamespace(id=GUILD, me=PaperMember(nick), voice_client=None)
        self.refusal: Exception | None = None
        self.voices: list[PaperVoice] = []

    async def connect(self, **_: object) -> PaperVoice:
        if self.refusal:
            raise self.refusal
        self.voices.append(PaperVoice())
        return self.voices[-1]


async def join(stage: DiscordStage, channel: PaperChannel) -> DiscordBooth:
    booth = await stage._connect(channel)  # type: ignore[arg-type]
    assert isinstance(booth, DiscordBooth)
    return booth


async def announced(stage: DiscordStage, booth: DiscordBooth) -> None:
    await booth.announce()
    await stage._sign.settle()


async def left(stage: DiscordStage, booth: DiscordBooth) -> None:
    await booth.leave()
    await stage._sign.settle()


def a_stage() -> DiscordStage:
    client: Any = SimpleNamespace()
    return DiscordStage(client)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionRefusedError(),
        aiohttp.ClientConnectionError(),
        discord.ClientException("Already connected to a voice channel."),
        LinkClosed(4006),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_whatever_keeps_the_bot_out_is_one_error(error: Exception):
    channel: Any = PaperChannel()
    channel.refusal = error
    with pytest.raises(VoiceUnreachable) as raised:
        await connect_booth(channel, Sign())
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("nick", [None, "Prompter"])
async def test_the_former_nickname_outlives_joining_again(nick: str | None):
    channel, stage = PaperChannel(nick), a_stage()
    await announced(stage, await join(stage, channel))
    assert channel.guild.me.nick == RECORDING_NICK
    again = await join(stage, channel)
    await left(stage, again)
    assert channel.guild.me.nick == nick
    channel.guild.me.nick = "Whisperer"
    third = await join(stage, channel)
    await announced(stage, third)
    await left(stage, third)
    assert channel.guild.me.nick == "Whisperer", "each evening must have its own former nickname"


async def test_the_sign_of_an_earlier_process_comes_down():
    channel, stage = PaperChannel(RECORDING_NICK), a_stage()
    await left(stage, await join(stage, channel))
    assert channel.guild.me.nick is None
    channel.guild.me.nick = RECORDING_NICK
    booth = await join(stage, channel)
    await announced(stage, booth)
    await left(stage, booth)
    assert channel.guild.me.nick is None


async def test_a_sign_of_which_discord_has_not_told_that_it_is_down_is_no_former_nickname():
    channel, stage = PaperChannel("Prompter"), a_stage()
    first = await join(stage, channel)
    await announced(stage, first)
    await left(stage, first)
    channel.guild.me.nick = RECORDING_NICK
    second = await join(stage, channel)
    await announced(stage, second)
    await left(stage, second)
    assert channel.guild.me.nick == "Prompter"


async def test_the_sign_stays_up_where_the_bot_sits_in_a_channel_again():
    channel, stage = PaperChannel("Prompter"), a_stage()
    first = await join(stage, channel)
    await announced(stage, first)
    second = await join(stage, channel)
    channel.guild.voice_client = second._voice
    await left(stage, first)
    assert channel.guild.me.nick == RECORDING_NICK
    channel.guild.voice_client = None
    await left(stage, second)
    assert channel.guild.me.nick == "Prompter"


@pytest.mark.parametrize("error", [discord.DiscordException(), aiohttp.ClientConnectionError(), OSError()])
async def test_a_nickname_that_cannot_be_changed_keeps_no_bot_in_the_channel_and_is_not_forgotten(error: Exception):
    channel, stage = PaperChannel("Prompter"), a_stage()
    booth = await join(stage, channel)
    await announced(stage, booth)
    channel.guild.me.refusal = error
    await left(stage, booth)
    assert channel.voices[-1].is_left
    channel.guild.me.refusal = None
    next_evening = await join(stage, channel)
    await announced(stage, next_evening)
    await left(stage, next_evening)
    assert channel.guild.me.nick == "Prompter"


async def test_a_nickname_that_discord_limits_holds_nothing_up_and_only_the_last_wish_counts():
    channel, stage = PaperChannel("Prompter"), a_stage()
    limit, asked = asyncio.Event(), list[str | None]()
    member = channel.guild.me

    async def edit(*, nick: str | None) -> None:
        asked.append(nick)
        await limit.wait()
        member.nick = nick

    member.edit = edit
    async with asyncio.timeout(1):
        first = await join(stage, channel)
        await first.announce()
        await first.leave()
        second = await join(stage, channel)
        await second.announce()
        await second.leave()
    assert asked == [RECORDING_NICK]
    limit.set()
    await stage._sign.settle()
    assert asked == [RECORDING_NICK, "Prompter"]
    assert member.nick == "Prompter"


async def test_a_channel_that_cannot_be_reached_keeps_no_other_session_from_going_on(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        stage, services = evening.stage, evening.services
        stage.channels[CHANNEL] = set()
        first, second = (
            await evening.open(),
            await services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes()),
        )
        for session in services.live:
            session.stand_up()

        async def enter(guild_id: int, voice_channel_id: int) -> PaperBooth:
            if guild_id != GUILD:
                channel: Any = PaperChannel()
                channel.refusal = aiohttp.ClientConnectionError()
                await connect_booth(channel, Sign())
            return PaperBooth(set())

        stage.enter = enter  # type: ignore[method-assign]
        await services.sessions.rejoin_all()
        assert [one.session_id for one in services.live if one.booth] == [second.session_id]
        async with asyncio.timeout(5):
            while {first.session_id, second.session_id} != {panel.session.session_id for panel in stage.panels}:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
