"""What Discord does with messages as time passes: limits for old ones, and requests that are sent twice."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.embedded.raw_bot import Answer, House

HOUR = 3600
POSTED = {"content": "panel", "nonce": "session-1-panel", "enforce_nonce": True}


async def order(house: House, **fault: Any) -> int:
    where = house.discord.addresses
    connector = aiohttp.TCPConnector(ssl=house.tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(f"{where.api}/faults", params={"key": where.cast_key}, json=fault) as response,
    ):
        return response.status


async def edit(house: House, message_id: str, text: str) -> Answer:
    path = f"/channels/{house.text_channel}/messages/{message_id}"
    return await house.bot.request("PATCH", path, {"content": text})


async def test_an_old_message_takes_three_edits_in_six_seconds_and_no_header_says_so(house: House) -> None:
    posted = (await house.post({"content": "panel"})).data["id"]
    for number in range(5):
        assert (await edit(house, posted, f"young {number}")).status == 200
    house.clock.advance(HOUR + 1)
    answers = [await edit(house, posted, f"old {number}") for number in range(4)]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    assert answers[3].refusal == (429, 30046)
    assert 5 < answers[3].data["retry_after"] <= 6
    assert int(answers[3].headers["X-RateLimit-Remaining"]) > 0, "the headers know nothing of this limit"
    house.clock.advance(answers[3].data["retry_after"] + 0.01)
    assert (await edit(house, posted, "again")).status == 200


async def test_times_and_ids_follow_the_clock_of_discord(house: House) -> None:
    first = (await house.post({"content": "one"})).data
    assert await order(house, fault="advance_clock", seconds=2 * HOUR) == 204
    second = (await house.post({"content": "two"})).data
    apart_ms = (int(second["id"]) >> 22) - (int(first["id"]) >> 22)
    assert 2 * HOUR * 1000 <= apart_ms < 2 * HOUR * 1000 + 5000
    assert second["timestamp"] > first["timestamp"]
    assert await order(house, fault="advance_clock", seconds=-1) == 400


async def test_a_request_whose_answer_is_lost_was_carried_out_and_its_nonce_keeps_it_from_being_so_twice(
    house: House,
) -> None:
    assert await order(house, fault="lose_answer", method="POST", route="/channels/{channel_id}/messages") == 204
    assert (await house.post(POSTED)).status == 502
    again = await house.post(POSTED)
    assert again.status == 200
    path = f"/channels/{house.text_channel}/messages"
    listed = (await house.bot.request("GET", path)).data
    assert [one["id"] for one in listed] == [again.data["id"]]
    without = {"content": "panel", "nonce": "session-1-panel"}
    assert (await house.post(without)).data["id"] != again.data["id"], "only an enforced nonce is unique"
    house.clock.advance(301)
    assert (await house.post(POSTED)).data["id"] != again.data["id"], "a nonce is unique for a few minutes"


async def test_a_nonce_has_at_most_25_characters(house: House) -> None:
    assert (await house.post({"content": "x", "nonce": "n" * 26})).fault_at("nonce") == "BASE_TYPE_MAX_LENGTH"


async def test_changes_of_the_nickname_are_limited_for_as_long_as_ordered(house: House) -> None:
    path = f"/guilds/{house.world.guild_id}/members/@me"
    assert await order(house, fault="limit_nickname", seconds=60) == 204
    refused = await house.bot.request("PATCH", path, {"nick": "Recorder"})
    assert refused.status == 429
    assert 59 < refused.data["retry_after"] <= 60
    house.clock.advance(60)
    assert (await house.bot.request("PATCH", path, {"nick": "Recorder"})).status == 200


@pytest.mark.parametrize("fault", [{"fault": "lose_answer"}, {"fault": "limit_nickname", "seconds": 0}, ["faults"]])
async def test_what_is_no_order_is_refused(house: House, fault: Any) -> None:
    where = house.discord.addresses
    connector = aiohttp.TCPConnector(ssl=house.tls)
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.post(f"{where.api}/faults", params={"key": where.cast_key}, json=fault) as response,
    ):
        assert response.status == 400
