"""People who come to a voice channel, leave it and come back, and what a bot plays to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.embedded.client.person import Person
from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import Journal
from tests.embedded.raw_bot import House


def frames(count: int, seed: int) -> list[bytes]:
    chance = Random(seed)
    return [b"\x78" + chance.randbytes(40) for _ in range(count)]


class Channel:
    """The house's voice channel, with a cast that talks there."""

    def __init__(self, house: House, journal: Journal, stack: AsyncExitStack) -> None:
        self.house = house
        self._journal = journal
        self._stack = stack

    async def join(self, person: Person) -> VoiceParticipant:
        return await self._connect(await person.join_voice(self.house.voice_channel))

    async def bot_joins(self) -> VoiceParticipant:
        world = self.house.world
        wish = {"guild_id": str(world.guild_id), "channel_id": str(self.house.voice_channel)}
        await self.house.bot.send(4, wish | {"self_mute": False, "self_deaf": False})
        state = await self.state_of(world.bot.user_id)
        server = await self.house.bot.event("VOICE_SERVER_UPDATE")
        ids = (world.guild_id, self.house.voice_channel, world.bot.user_id)
        return await self._connect(VoiceCredentials(server["endpoint"], server["token"], state["session_id"], *ids))

    async def state_of(self, user_id: int, *, away: bool = False) -> dict[str, Any]:
        """The next voice state of a person that the bot is told, in a channel or out of it."""
        while True:
            state = await self.house.bot.event("VOICE_STATE_UPDATE")
            if state["user_id"] == str(user_id) and (state["channel_id"] is None) == away:
                return state

    async def until_removed(self, user_id: int) -> None:
        async with asyncio.timeout(5):
            while all(user_id not in entry["removed"] for entry in self.house.journal("mls_committed")):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def _connect(self, told: VoiceCredentials) -> VoiceParticipant:
        voice = VoiceParticipant(
            told,
            ssl_context=self.house.tls,
            journal=self._journal,
        )
        await voice.connect()
        self._stack.push_async_callback(voice.close)
        return voice


@pytest.fixture
async def channel(house: House, tmp_path: Path) -> AsyncIterator[Channel]:
    async with AsyncExitStack() as stack:
        yield Channel(house, stack.enter_context(Journal(tmp_path / "cast.jsonl")), stack)


async def until_heard(listener: VoiceParticipant, speaker_id: int, count: int) -> None:
    async with asyncio.timeout(5):
        while listener.heard.get(speaker_id, 0) < count:  # noqa: ASYNC110 - nothing signals a count
            await asyncio.sleep(0.005)


async def test_who_leaves_and_comes_back_is_removed_from_the_group_and_heard_again(channel: Channel) -> None:
    house = channel.house
    leaver, stayer = await house.person(0), await house.person(1)
    bot = await channel.bot_joins()
    first, other = await channel.join(leaver), await channel.join(stayer)
    await first.speak(frames(5, 1))
    await until_heard(bot, leaver.user_id, 10)

    await leaver.leave_voice()
    await stayer.wait_until(lambda: leaver.user_id not in stayer.voice_channels)
    await channel.state_of(leaver.user_id, away=True)
    await channel.until_removed(leaver.user_id)
    await other.speak(frames(5, 2))
    await until_heard(bot, stayer.user_id, 10)

    again = await channel.join(leaver)
    assert again.ssrc != first.ssrc
    await again.speak(frames(5, 3))
    await until_heard(bot, leaver.user_id, 20)
    added = [entry["added"] for entry in house.journal("mls_committed") if leaver.user_id in entry["added"]]
    assert len(added) == 2


async def test_what_the_bot_plays_is_heard_by_everyone(channel: Channel) -> None:
    house = channel.house
    voices = [await channel.join(await house.person(number)) for number in range(3)]
    bot = await channel.bot_joins()
    arrived: dict[int, list[bytes]] = {voice.user_id: [] for voice in voices}
    for voice in voices:
        voice.hearing.on_frame = lambda _, frame, to=arrived[voice.user_id]: to.append(frame)
    await bot.speak(played := frames(10, 4))
    for voice in voices:
        await until_heard(voice, house.world.bot.user_id, 15)
        assert arrived[voice.user_id][:10] == played


async def test_of_what_people_say_only_the_first_of_them_hears_anything(channel: Channel) -> None:
    house = channel.house
    voices = [await channel.join(await house.person(number)) for number in range(3)]
    await voices[2].speak(frames(5, 5))
    await until_heard(voices[0], voices[2].user_id, 10)
    assert voices[1].heard == {}
