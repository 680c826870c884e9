"""Faults of first answers that a script orders: for whom, how often and for how long; none without an order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.faults import forget_next_press, refuse_answers
from bot.rehearsal.processes import Addresses
from tests.embedded.raw_bot import House

NOT_AVAILABLE = (503, 0)
UNKNOWN = (404, 10062)


def addresses(house: House) -> Addresses:
    where = house.discord.addresses
    return Addresses(where.api, where.gateway, where.cast, where.cast_key, Path(where.ca_file))


async def post(house: House, order: Any, key: str | None = None) -> tuple[int, str]:
    where = house.discord.addresses
    params = {"key": where.cast_key if key is None else key}
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=house.tls)) as http,
        http.post(f"{where.api}/faults", params=params, json=order) as response,
    ):
        return response.status, await response.text()


async def answer(house: House, interaction: dict[str, Any], text: str = "hello") -> Any:
    return await house.bot.callback(interaction, 4, {"content": text})


async def test_the_next_answer_to_a_person_is_unknown_once(house: House) -> None:
    person = await house.person()
    await forget_next_press(addresses(house), house.tls, person.user_id)
    interaction, reply = await house.interaction(person)
    assert (await answer(house, interaction)).refusal == UNKNOWN
    assert (await answer(house, interaction)).status == 200
    assert (await reply).text == "hello"
    [refused] = house.journal("callback_refused")
    assert (refused["interaction_id"], refused["status"], refused["code"]) == (int(interaction["id"]), *UNKNOWN)


async def test_a_person_whose_answer_is_refused_is_told_that_nothing_came(house: House) -> None:
    person = await house.person()
    await forget_next_press(addresses(house), house.tls, person.user_id)
    interaction, reply = await house.interaction(person)
    assert (await answer(house, interaction)).refusal == UNKNOWN
    assert (await reply).failure == "The application did not respond."


async def test_answers_to_others_are_taken_meanwhile(house: House) -> None:
    person, other = await house.person(0), await house.person(1)
    await forget_next_press(addresses(house), house.tls, person.user_id)
    others, reply = await house.interaction(other)
    assert (await answer(house, others)).status == 200
    await reply
    interaction, reply = await house.interaction(person)
    assert (await answer(house, interaction)).refusal == UNKNOWN
    reply.cancel()


async def test_every_answer_is_refused_until_the_time_is_over(house: House) -> None:
    one, other = await house.person(0), await house.person(1)
    await refuse_answers(addresses(house), house.tls, 10)
    for person in (one, other):
        interaction, reply = await house.interaction(person)
        assert (await answer(house, interaction)).refusal == NOT_AVAILABLE
        reply.cancel()
    house.clock.ahead_s = 9.9
    interaction, reply = await house.interaction(one)
    assert (await answer(house, interaction)).refusal == NOT_AVAILABLE
    house.clock.ahead_s = 10.2
    assert (await answer(house, interaction)).status == 200
    await reply
    assert len(house.journal("callback_refused")) == 3


async def test_while_answers_are_refused_everything_else_is_served(house: House) -> None:
    person = await house.person()
    await refuse_answers(addresses(house), house.tls, 10)
    assert (await house.post({"content": "public"})).status == 200
    await person.wait_for_message(lambda each: each.text == "public")


async def test_the_clock_of_the_three_seconds_runs_while_answers_are_refused(house: House) -> None:
    person = await house.person()
    await refuse_answers(addresses(house), house.tls, 4)
    interaction, reply = await house.interaction(person)
    assert (await answer(house, interaction)).refusal == NOT_AVAILABLE
    house.clock.ahead_s = 4.1
    assert (await answer(house, interaction)).refusal == UNKNOWN
    assert (await reply).failure


@pytest.mark.parametrize(
    "order",
    [
        {},
        [],
        {"fault": "earthquake"},
        {"fault": "forget_next"},
        {"fault": "forget_next", "user_id": 7},
        {"fault": "forget_next", "user_id": "7", "seconds": 1},
        {"fault": "unavailable", "seconds": 0},
        {"fault": "unavailable", "seconds": 61},
        {"fault": "unavailable", "seconds": "10"},
    ],
    ids=str,
)
async def test_what_is_no_order_is_refused_with_a_sentence(house: House, order: Any) -> None:
    status, sentence = await post(house, order)
    assert status == 400
    assert sentence.endswith(".")
    assert not house.journal("fault_ordered")


async def test_a_script_is_told_when_its_order_is_refused(house: House) -> None:
    with pytest.raises(RehearsalFailed, match="not 99 s"):
        await refuse_answers(addresses(house), house.tls, 99)


async def test_without_the_key_nothing_is_ordered(house: House) -> None:
    status, _ = await post(house, {"fault": "unavailable", "seconds": 10}, key="wrong")
    assert status == 403
    person = await house.person()
    interaction, reply = await house.interaction(person)
    assert (await answer(house, interaction)).status == 200
    await reply
