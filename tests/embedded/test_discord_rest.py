"""Discord's rules of channels, permissions, uploads, rate limits and tokens. One test per rule."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.embedded.guild.world import Channel, Overwrite, Permission, World
from tests.embedded.raw_bot import V2, House, open_house

MIB = 1024 * 1024


def without(world: World, *lacking: Permission) -> World:
    """The world with a bot that lacks permissions, by its role and by @everyone."""
    bits = 0
    for permission in lacking:
        bits |= permission
    bot = dataclasses.replace(world.bot, permissions=world.bot.permissions & ~bits)
    return dataclasses.replace(world, bot=bot, everyone_permissions=world.everyone_permissions & ~bits)


@pytest.fixture
async def refused_house(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(without(world, *request.param), tmp_path) as house:
        yield house


async def test_a_wrong_token_is_unauthorized(house: House) -> None:
    wrong = await house.bot.request("GET", "/users/@me", headers={"Authorization": "Bot wrong"})
    assert wrong.refusal == (401, 0)
    assert (await house.bot.request("GET", "/users/@me")).data["id"] == str(house.world.bot.user_id)


async def test_an_unknown_route_answers_501_and_is_journaled_with_its_name(house: House) -> None:
    answer = await house.bot.request("PUT", f"/channels/{house.voice_channel}/pins/1")
    assert answer.status == 501
    [entry] = house.journal("unknown_route")
    assert entry["route"].startswith(f"PUT /api/v10/channels/{house.voice_channel}/pins/1")


async def test_a_known_route_with_an_unknown_method_answers_501(house: House) -> None:
    assert (await house.bot.request("PATCH", "/users/@me", {})).status == 501
    assert len(house.journal("unknown_route")) == 1


async def test_an_unknown_field_of_a_message_answers_501(house: House) -> None:
    answer = await house.post({"content": "x", "poll": {"question": {"text": "?"}}})
    assert answer.status == 501
    assert "poll" in house.journal("unknown_route")[0]["route"]


async def test_the_content_type_is_exactly_json(house: House) -> None:
    for answer in (await house.bot.request("GET", "/users/@me"), await house.post({})):
        assert answer.headers["Content-Type"] == "application/json"


async def test_an_unknown_channel(house: House) -> None:
    assert (await house.post({"content": "x"}, 1)).refusal == (404, 10003)


async def test_an_unknown_message(house: House) -> None:
    path = f"/channels/{house.text_channel}/messages/1"
    assert (await house.bot.request("PATCH", path, {"content": "x"})).refusal == (404, 10008)


async def test_a_message_of_another_channel_is_unknown(house: House) -> None:
    sent = await house.post({"content": "x"})
    path = f"/channels/{house.voice_channel}/messages/{sent.data['id']}"
    assert (await house.bot.request("GET", path)).refusal == (404, 10008)


async def test_an_empty_message(house: House) -> None:
    assert (await house.post({"content": "  "})).refusal == (400, 50006)


async def test_a_body_that_is_no_json(house: House) -> None:
    path = f"/channels/{house.text_channel}/messages"
    headers = {"Content-Type": "application/json"}
    answer = await house.bot.request("POST", path, data="{", headers=headers)
    assert answer.refusal == (400, 50109)


async def test_someone_elses_message_cannot_be_edited_nor_deleted(house: House) -> None:
    person = await house.person()
    message_id = await person.say(house.text_channel, "mine")
    path = f"/channels/{house.text_channel}/messages/{message_id}"
    assert (await house.bot.request("PATCH", path, {"content": "x"})).refusal == (403, 50005)
    assert (await house.bot.request("DELETE", path)).refusal == (403, 50013)


@pytest.mark.parametrize("refused_house", [[Permission.SEND_MESSAGES]], indirect=True)
async def test_sending_without_permission(refused_house: House) -> None:
    assert (await refused_house.post({"content": "x"})).refusal == (403, 50013)


@pytest.mark.parametrize("refused_house", [[Permission.VIEW_CHANNEL]], indirect=True)
async def test_a_channel_that_cannot_be_seen(refused_house: House) -> None:
    assert (await refused_house.post({"content": "x"})).refusal == (403, 50001)


@pytest.mark.parametrize("refused_house", [[Permission.CONNECT]], indirect=True)
async def test_the_chat_of_a_voice_channel_that_cannot_be_joined(refused_house: House) -> None:
    refused = await refused_house.post({"content": "x"}, refused_house.voice_channel)
    assert refused.refusal == (403, 50013)


@pytest.mark.parametrize("refused_house", [[Permission.ATTACH_FILES]], indirect=True)
async def test_attaching_files_without_permission(refused_house: House) -> None:
    path = f"/channels/{refused_house.text_channel}/messages"
    refused = await refused_house.bot.upload("POST", path, {}, {"clip.ogg": b"x"})
    assert refused.refusal == (403, 50013)


@pytest.mark.parametrize("refused_house", [[Permission.EMBED_LINKS]], indirect=True)
async def test_embedding_without_permission(refused_house: House) -> None:
    assert (await refused_house.post({"embeds": [{"title": "x"}]})).refusal == (403, 50013)


@pytest.mark.parametrize("refused_house", [[Permission.CHANGE_NICKNAME]], indirect=True)
async def test_changing_the_nickname_without_permission(refused_house: House) -> None:
    path = f"/guilds/{refused_house.world.guild_id}/members/@me"
    assert (await refused_house.bot.request("PATCH", path, {"nick": "x"})).refusal == (403, 50013)


async def test_a_channels_overwrites_decide(world: World, tmp_path: Path) -> None:
    closed = Overwrite(world.guild_id, "role", deny=int(Permission.SEND_MESSAGES))
    opened = Overwrite(world.bot.user_id, "member", allow=int(Permission.SEND_MESSAGES))
    channels = (
        Channel(111111111111111111, "closed", "text", (closed,)),
        Channel(222222222222222222, "opened", "text", (closed, opened)),
    )
    async with open_house(dataclasses.replace(world, channels=channels), tmp_path) as house:
        assert (await house.post({"content": "x"}, 111111111111111111)).refusal == (403, 50013)
        assert (await house.post({"content": "x"}, 222222222222222222)).status == 200


async def test_a_nickname_over_32(house: House) -> None:
    path = f"/guilds/{house.world.guild_id}/members/@me"
    assert (await house.bot.request("PATCH", path, {"nick": "x" * 33})).refusal == (400, 50035)
    person = await house.person()
    assert (await house.bot.request("PATCH", path, {"nick": "on air"})).status == 200
    await person.wait_until(lambda: person.nicks.get(house.world.bot.user_id) == "on air")


async def test_an_upload_over_10_mib(house: House) -> None:
    path = f"/channels/{house.text_channel}/messages"
    most = await house.bot.upload("POST", path, {}, {"clip.ogg": bytes(10 * MIB)})
    assert most.status == 200
    over = await house.bot.upload("POST", path, {}, {"clip.ogg": bytes(10 * MIB + 1)})
    assert over.refusal == (413, 40005)
    interaction, reply = await house.interaction(await house.person())
    await house.bot.callback(interaction, 5)
    over = await house.bot.upload("POST", house.bot.webhook(interaction), {}, {"clip.ogg": bytes(11 * MIB)})
    assert over.refusal == (413, 40005)
    reply.cancel()


async def test_everyone_who_was_shown_a_file_can_download_it(house: House) -> None:
    person = await house.person()
    path = f"/channels/{house.text_channel}/messages"
    await house.bot.upload("POST", path, {"content": "hear"}, {"a clip.ogg": b"\x00\xffsound"})
    [file] = (await person.wait_for_message(lambda each: each.text == "hear")).attachments
    assert file.filename == "a_clip.ogg"
    assert await person.download(file) == b"\x00\xffsound"
    guessed = dataclasses.replace(file, url=file.url.split("?")[0])
    with pytest.raises(aiohttp.ClientResponseError, match="404"):
        await person.download(guessed)


async def test_a_v2_message_shows_only_the_files_its_components_refer_to(house: House) -> None:
    person = await house.person()
    path = f"/channels/{house.text_channel}/messages"
    body = {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://shown.txt"}}]}
    files = {"shown.txt": b"1", "hidden.txt": b"2"}
    assert (await house.bot.upload("POST", path, body, files)).status == 200
    message = await person.wait_for_message(lambda each: bool(each.attachments))
    assert [file.filename for file in message.attachments] == ["shown.txt"]


async def test_the_flag_of_components_v2_stays(house: House) -> None:
    sent = await house.post({"flags": V2, "components": [{"type": 10, "content": "x"}]})
    path = f"/channels/{house.text_channel}/messages/{sent.data['id']}"
    assert (await house.bot.request("PATCH", path, {"flags": 0, "content": "x"})).refusal == (400, 50035)


async def test_a_sixth_edit_in_5_seconds_is_too_fast(house: House) -> None:
    sent = await house.post({"content": "0"})
    path = f"/channels/{house.text_channel}/messages/{sent.data['id']}"
    for number in range(5):
        edited = await house.bot.request("PATCH", path, {"content": f"{number}"})
        assert edited.headers["X-RateLimit-Remaining"] == str(4 - number)
    sixth = await house.bot.request("PATCH", path, {"content": "6"})
    assert sixth.status == 429
    assert 0 < sixth.data["retry_after"] <= 5
    assert sixth.data["global"] is False
    assert sixth.headers["Via"]
    house.clock.ahead_s = 5.0
    assert (await house.bot.request("PATCH", path, {"content": "7"})).status == 200


async def test_direct_messages_to_someone_who_accepts_none(world: World, tmp_path: Path) -> None:
    closed = dataclasses.replace(world.people[0], accepts_dms=False)
    async with open_house(dataclasses.replace(world, people=(closed, *world.people[1:])), tmp_path) as house:
        channel = await house.bot.request("POST", "/users/@me/channels", {"recipient_id": str(closed.user_id)})
        assert channel.status == 200
        assert (await house.post({"content": "x"}, int(channel.data["id"]))).refusal == (403, 50007)


async def test_a_direct_message_is_seen_by_its_recipient_alone(house: House) -> None:
    one, other = await house.person(0), await house.person(1)
    channel = await house.bot.request("POST", "/users/@me/channels", {"recipient_id": one.user_id})
    await house.post({"content": "for you"}, int(channel.data["id"]))
    await house.post({"content": "for all"})
    await one.wait_for_message(lambda each: each.text == "for you")
    await other.wait_for_message(lambda each: each.text == "for all")
    assert [each.text for each in other.messages.values()] == ["for all"]
    assert (await house.bot.request("POST", "/users/@me/channels", {"recipient_id": "1"})).refusal == (404, 10013)


async def test_an_unknown_guild_member_voice_state_and_command(house: House) -> None:
    guild, application = house.world.guild_id, house.world.bot.application_id
    person_id = house.world.people[0].user_id
    get = house.bot.request
    assert (await get("GET", "/guilds/1")).refusal == (404, 10004)
    assert (await get("GET", f"/guilds/{guild}/members/1")).refusal == (404, 10007)
    assert (await get("GET", f"/guilds/{guild}/voice-states/{person_id}")).refusal == (404, 10065)
    assert (await get("DELETE", f"/applications/{application}/commands/1")).refusal == (404, 10063)
    assert (await get("PUT", f"/applications/{application}/guilds/1/commands", [])).refusal == (403, 50001)


async def test_the_journal_has_bodies_without_files_and_tokens(house: House) -> None:
    person = await house.person()
    interaction, reply = await house.interaction(person)
    await house.bot.callback(interaction, 5)
    await house.bot.upload("POST", house.bot.webhook(interaction), {"content": "hear"}, {"clip.ogg": b"sound"})
    await reply
    *_, callback, follow_up = house.journal("rest_request")
    assert callback["template"] == "/interactions/{interaction_id}/{interaction_token}/callback"
    assert callback["body"] == {"type": 5}
    assert follow_up["body"] == {"content": "hear"}
    assert follow_up["files"] == [{"name": "clip.ogg", "bytes": 5}]
    assert interaction["token"] not in json.dumps(house.journal())


async def test_anyones_account_can_be_read(house: House) -> None:
    person = house.world.people[0]
    told = await house.bot.request("GET", f"/users/{person.user_id}")
    assert (told.status, told.data["id"], told.data["global_name"]) == (200, str(person.user_id), person.name)
    assert (await house.bot.request("GET", "/users/123")).refusal == (404, 10013)
