"""Discord's rules of the gateway: identifying, intents, opcodes, resuming, joining voice."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.embedded.client.person import Person, Refused
from bot.embedded.guild.world import Overwrite, Permission, World
from tests.embedded.raw_bot import GUILDS, MESSAGES, VOICE_STATES, House, open_house

MESSAGE_CONTENT = 1 << 15
MEMBERS = 1 << 1


async def test_a_wrong_token_closes_with_4004(house: House) -> None:
    await house.bot.connect(token="wrong")
    assert await house.bot.close_code() == 4004


@pytest.mark.parametrize("intent", [MESSAGE_CONTENT, MEMBERS])
async def test_a_privileged_intent_that_was_not_granted_closes_with_4014(house: House, intent: int) -> None:
    await house.bot.connect(GUILDS | intent)
    assert await house.bot.close_code() == 4014


async def test_an_intent_that_does_not_exist_closes_with_4013(house: House) -> None:
    await house.bot.connect(1 << 40)
    assert await house.bot.close_code() == 4013


@pytest.mark.parametrize("op", [5, 12, 99])
async def test_an_unknown_op_closes_with_4001(house: House, op: int) -> None:
    await house.bot.send(op, {})
    assert await house.bot.close_code() == 4001
    assert house.journal("unknown_route")[0]["route"] == f"gateway op {op}"


async def test_a_frame_that_is_no_json_closes_with_4002(house: House) -> None:
    assert house.bot.socket is not None
    await house.bot.socket.send_str("{")
    assert await house.bot.close_code() == 4002


async def test_speaking_before_identifying_closes_with_4003(house: House) -> None:
    await house.bot.dial(house.bot.addresses.gateway)
    await house.bot.send(4, {"guild_id": str(house.world.guild_id), "channel_id": None})
    assert await house.bot.close_code() == 4003


async def test_identifying_twice_closes_with_4005(house: House) -> None:
    await house.bot.send(2, {"token": house.bot.addresses.token, "intents": GUILDS, "properties": {}})
    assert await house.bot.close_code() == 4005


async def test_heartbeats_are_acknowledged(house: House) -> None:
    assert house.bot.socket is not None
    await house.bot.send(1, None)
    assert (await house.bot.socket.receive_json())["op"] == 11


async def test_a_resumed_session_is_told_what_it_missed(house: House) -> None:
    session_id, missed_after = house.bot.dispatched[0]["d"]["session_id"], house.bot.dispatched[-1]["s"]
    person = await house.person()
    await house.discord.hub.gateway.drop(4000)
    assert await house.bot.close_code() == 4000
    await person.join_voice(house.voice_channel)
    await house.bot.dial(house.bot.dispatched[0]["d"]["resume_gateway_url"])
    resume = {"token": house.bot.addresses.token, "session_id": session_id, "seq": missed_after}
    await house.bot.send(6, resume)
    assert (await house.bot.event("VOICE_STATE_UPDATE"))["user_id"] == str(person.user_id)
    await house.bot.event("RESUMED")


async def test_an_unknown_session_cannot_be_resumed(house: House) -> None:
    await house.bot.dial(house.bot.addresses.gateway)
    assert house.bot.socket is not None
    await house.bot.send(6, {"token": house.bot.addresses.token, "session_id": "gone", "seq": 1})
    frame = await house.bot.socket.receive_json()
    assert (frame["op"], frame["d"]) == (9, False)


async def test_messages_come_with_their_intent_and_without_content(house: House) -> None:
    person = await house.person()
    await person.say(house.text_channel, "unheard")
    assert await house.bot.silence("MESSAGE_CREATE", 0.1)
    await house.bot.connect(GUILDS | MESSAGES)
    await house.bot.event("GUILD_CREATE")
    await person.say(house.text_channel, "unread")
    assert (await house.bot.event("MESSAGE_CREATE"))["content"] == ""
    mention = f"<@{house.world.bot.user_id}> read this"
    await person.say(house.text_channel, mention)
    assert (await house.bot.event("MESSAGE_CREATE"))["content"] == mention


async def test_voice_states_come_with_their_intent_only(house: House) -> None:
    await house.bot.connect(GUILDS)
    await house.bot.event("GUILD_CREATE")
    person = await house.person()
    await person.join_voice(house.voice_channel)
    assert await house.bot.silence("VOICE_STATE_UPDATE", 0.1)


async def test_the_guild_is_told_without_people_who_are_not_in_voice(house: House) -> None:
    heard = await house.person(0)
    await heard.join_voice(house.voice_channel)
    await house.bot.connect(GUILDS | VOICE_STATES)
    guild = await house.bot.event("GUILD_CREATE")
    listed = {member["user"]["id"] for member in guild["members"]}
    assert listed == {str(heard.user_id), str(house.world.bot.user_id)}
    assert [each["user_id"] for each in guild["voice_states"]] == [str(heard.user_id)]


async def test_joining_voice_is_answered_by_two_events_apart(house: House) -> None:
    join = {"guild_id": str(house.world.guild_id), "channel_id": str(house.voice_channel)}
    await house.bot.send(4, join | {"self_mute": False, "self_deaf": False})
    state = await house.bot.event("VOICE_STATE_UPDATE")
    server = await house.bot.event("VOICE_SERVER_UPDATE")
    assert state["channel_id"] == str(house.voice_channel)
    assert server["endpoint"] == house.discord.addresses.voice
    assert server["token"]
    [changed], [told] = house.journal("voice_state_changed"), house.journal("voice_server_told")
    assert told["t"] - changed["t"] >= 0.019


async def test_a_voice_channel_that_cannot_be_joined_is_answered_with_nothing(world: World, tmp_path: Path) -> None:
    closed = Overwrite(world.bot.role_id, "role", deny=int(Permission.CONNECT))
    channels = tuple(dataclasses.replace(channel, overwrites=(closed,)) for channel in world.channels)
    async with open_house(dataclasses.replace(world, channels=channels), tmp_path) as house:
        await house.bot.connect()
        await house.bot.event("GUILD_CREATE")
        await house.bot.send(4, {"guild_id": str(world.guild_id), "channel_id": str(house.voice_channel)})
        assert await house.bot.silence("VOICE_STATE_UPDATE", 0.2)
        assert len(house.journal("voice_ignored")) == 1


async def test_leaving_the_gateway_for_good_leaves_voice(house: House) -> None:
    await house.bot.send(4, {"guild_id": str(house.world.guild_id), "channel_id": str(house.voice_channel)})
    await house.bot.event("VOICE_SERVER_UPDATE")
    person = await house.person()
    assert person.voice_channels == {house.world.bot.user_id: house.voice_channel}
    assert house.bot.socket is not None
    await house.bot.socket.close(code=1000)
    await person.wait_until(lambda: not person.voice_channels)


async def test_a_person_leaves_voice_with_their_client(house: House) -> None:
    watcher = await house.person(1)
    where = house.discord.addresses
    person_id = house.world.people[0].user_id
    async with Person.connect(where.cast, where.cast_key, person_id, house.tls) as person:
        credentials = await person.join_voice(house.voice_channel)
        assert credentials.endpoint == where.voice
        await watcher.wait_until(lambda: watcher.voice_channels.get(person_id) == house.voice_channel)
    await watcher.wait_until(lambda: person_id not in watcher.voice_channels)


async def test_a_person_cannot_join_a_text_channel(house: House) -> None:
    person = await house.person()
    with pytest.raises(Refused, match="cannot join"):
        await person.join_voice(house.text_channel)
