"""What moderators do to people and the bot in voice, and to channels, as the bot's gateway and voice server tell it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.embedded.client.moderator import Moderator
from bot.embedded.client.person import Person, Refused
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.guild.world import Channel, Permission, World, invented_world
from bot.embedded.journal import Journal
from tests.embedded.raw_bot import House
from tests.embedded.test_discord_people_in_voice import Channel as Call
from tests.embedded.test_discord_people_in_voice import frames, until_heard

FOYER, AFK, STAGE, SNUG = (310847562918374000 + number for number in range(1, 5))
POWERS = (
    Permission.MUTE_MEMBERS
    | Permission.DEAFEN_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.KICK_MEMBERS
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_ROLES
)


@pytest.fixture
def world() -> World:
    plain = invented_world(
        11, ["actor", "actor", "moderator"], roles={"moderator": "Moderator"}, permissions={"moderator": int(POWERS)}
    )
    more = (
        Channel(FOYER, "Foyer", "voice"),
        Channel(AFK, "Away", "voice"),
        Channel(STAGE, "Lectures", "stage"),
        Channel(SNUG, "Snug", "voice", user_limit=1),
    )
    return replace(plain, channels=plain.channels + more, afk_channel_id=AFK)


@pytest.fixture
async def call(house: House, tmp_path: Path) -> AsyncIterator[Call]:
    async with AsyncExitStack() as stack:
        yield Call(house, stack.enter_context(Journal(tmp_path / "cast.jsonl")), stack)


async def moderator(house: House) -> Moderator:
    return Moderator(await house.person(2))


async def bot_in_company(call: Call) -> VoiceParticipant:
    """Let the bot join someone who is there: alone in a channel, it would be in no encrypted call."""
    await call.join(await call.house.person(1))
    return await call.bot_joins()


async def next_state(house: House, user_id: int) -> dict[str, Any]:
    while True:
        state = await house.bot.event("VOICE_STATE_UPDATE")
        if state["user_id"] == str(user_id):
            return state


async def heard_later(listener: VoiceParticipant, speaker: VoiceParticipant, user_id: int) -> bool:
    """Whether what someone says now reaches a listener."""
    before = listener.heard.get(user_id, 0)
    await speaker.speak(frames(10, 8))
    await asyncio.sleep(0.3)
    return listener.heard.get(user_id, 0) > before


async def test_a_deafened_bot_hears_nothing_even_after_it_has_joined_again(house: House, call: Call) -> None:
    bot_id, actor = house.world.bot.user_id, await house.person(0)
    speaking = await call.join(actor)
    bot = await call.bot_joins()
    await speaking.speak(frames(5, 1))
    await until_heard(bot, actor.user_id, 10)

    await (await moderator(house)).deafen(bot_id)
    state = await next_state(house, bot_id)
    assert state["deaf"], state
    assert state["member"]["deaf"]
    assert not state["mute"]
    assert not await heard_later(bot, speaking, actor.user_id)

    await bot.close()
    await house.bot.send(4, {"guild_id": str(house.world.guild_id), "channel_id": None})
    await call.state_of(bot_id, away=True)
    again = await call.bot_joins()
    assert not await heard_later(again, speaking, actor.user_id)
    await (await moderator(house)).deafen(bot_id, on=False)
    assert not (await next_state(house, bot_id))["deaf"]
    assert await heard_later(again, speaking, actor.user_id)


async def test_no_one_hears_who_is_muted_by_a_moderator(house: House, call: Call) -> None:
    actor = await house.person(0)
    speaking, bot = await call.join(actor), await call.bot_joins()
    await (await moderator(house)).mute(actor.user_id)
    while not (await next_state(house, actor.user_id))["mute"]:
        pass
    assert not await heard_later(bot, speaking, actor.user_id)
    await (await moderator(house)).mute(actor.user_id, on=False)
    assert not (await next_state(house, actor.user_id))["mute"]
    assert await heard_later(bot, speaking, actor.user_id)


async def test_a_bot_that_is_moved_is_told_the_channel_and_a_new_voice_server(house: House, call: Call) -> None:
    bot_id = house.world.bot.user_id
    bot = await bot_in_company(call)
    await (await moderator(house)).move(bot_id, FOYER)
    state = await next_state(house, bot_id)
    assert state["channel_id"] == str(FOYER)
    told = await house.bot.event("VOICE_SERVER_UPDATE")
    assert told["guild_id"] == str(house.world.guild_id)
    assert told["token"]
    left = [entry for entry in house.journal("voice_left") if entry["user_id"] == bot_id]
    assert len(left) == 1
    await bot.close()


async def test_someone_who_is_moved_gets_credentials_for_the_other_channel(house: House, call: Call) -> None:
    actor = await house.person(0)
    await call.join(actor)
    await call.bot_joins()
    events: list[dict[str, Any]] = []
    actor.on_event = events.append
    await (await moderator(house)).move(actor.user_id, AFK)
    await actor.wait_until(lambda: any(event["event"] == "voice_server" for event in events))
    told = next(event for event in events if event["event"] == "voice_server")
    assert told["channel_id"] == str(AFK)
    state = await next_state(house, actor.user_id)
    assert (state["channel_id"], state["suppress"]) == (str(AFK), True)


async def test_a_bot_that_is_disconnected_is_in_no_channel(house: House, call: Call) -> None:
    await bot_in_company(call)
    await (await moderator(house)).move(house.world.bot.user_id, None)
    assert (await next_state(house, house.world.bot.user_id))["channel_id"] is None


async def test_the_audience_of_a_stage_is_suppressed(house: House) -> None:
    world = house.world
    wish = {"guild_id": str(world.guild_id), "channel_id": str(STAGE), "self_mute": False, "self_deaf": False}
    await house.bot.send(4, wish)
    state = await next_state(house, world.bot.user_id)
    assert (state["channel_id"], state["suppress"], state["mute"]) == (str(STAGE), True, False)
    assert (await house.bot.request("GET", f"/channels/{STAGE}")).data["type"] == 13


async def test_a_full_channel_lets_in_no_one_but_those_who_may_move_members(house: House, call: Call) -> None:
    await (await house.person(0)).join_voice(SNUG)
    with pytest.raises(Refused):
        await (await house.person(1)).join_voice(SNUG)
    await (await house.person(2)).join_voice(SNUG)


async def test_who_loses_speak_in_a_channel_stays_there_and_is_suppressed(house: House, call: Call) -> None:
    bot_id = house.world.bot.user_id
    await bot_in_company(call)
    denied = {"target_id": bot_id, "target": "member", "deny": int(Permission.SPEAK)}
    await (await moderator(house)).set_overwrites(house.voice_channel, [denied])
    changed = await house.bot.event("CHANNEL_UPDATE")
    assert changed["permission_overwrites"] == [
        {"id": str(bot_id), "type": 1, "allow": "0", "deny": str(int(Permission.SPEAK))}
    ]
    state = await next_state(house, bot_id)
    assert (state["channel_id"], state["suppress"]) == (str(house.voice_channel), True)


async def test_a_deleted_channel_ends_the_call_and_takes_its_messages_along(house: House, call: Call) -> None:
    actor = await house.person(0)
    await call.join(actor)
    await call.bot_joins()
    posted = await house.post({"content": "a panel"}, house.voice_channel)
    await actor.wait_until(lambda: bool(actor.messages))
    await (await moderator(house)).delete_channel(house.voice_channel)
    assert (await house.bot.event("CHANNEL_DELETE"))["id"] == str(house.voice_channel)
    assert (await next_state(house, house.world.bot.user_id))["channel_id"] is None
    await actor.wait_until(lambda: not actor.messages)
    gone = await house.bot.request("GET", f"/channels/{house.voice_channel}/messages/{posted.data['id']}")
    assert gone.refusal == (404, 10003)


async def test_a_kicked_bot_is_told_once_and_then_nothing(house: House, call: Call) -> None:
    await bot_in_company(call)
    await (await moderator(house)).kick(house.world.bot.user_id)
    assert await house.bot.event("GUILD_DELETE") == {"id": str(house.world.guild_id)}
    await (await house.person(0)).join_voice(house.voice_channel)
    assert await house.bot.silence("VOICE_STATE_UPDATE", 0.3)
    assert (await house.bot.request("GET", f"/guilds/{house.world.guild_id}")).refusal == (404, 10004)
    assert (await house.post({"content": "anyone?"})).refusal == (403, 50001)


async def test_only_moderators_can_do_that(house: House, call: Call) -> None:
    actor: Person = await house.person(0)
    await bot_in_company(call)
    anyone = Moderator(actor)
    bot_id = house.world.bot.user_id
    for attempt in (
        anyone.mute(bot_id),
        anyone.deafen(bot_id),
        anyone.move(bot_id, FOYER),
        anyone.kick(bot_id),
        anyone.set_overwrites(FOYER, []),
        anyone.delete_channel(FOYER),
    ):
        with pytest.raises(Refused):
            await attempt
    with pytest.raises(Refused):
        await (await moderator(house)).deafen(actor.user_id)  # not in voice
