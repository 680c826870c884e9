"""Scheduled events of the embedded Discord: what it answers, refuses and tells."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.embedded.client.moderator import Moderator
from bot.embedded.client.person import Refused
from bot.embedded.guild.world import Permission, World, invented_world
from tests import openapi
from tests.embedded.raw_bot import House, open_house

GUILDS, EVENTS = 1 << 0, 1 << 16
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
SOON = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture
def world() -> World:
    powers = int(Permission.MANAGE_EVENTS)
    parts = ["performer", "performer", "coordinator"]
    return invented_world(
        5, parts, roles={"coordinator": "Coordinator"}, permissions={"coordinator": powers}, bot_name="Promptbook"
    )


@pytest.fixture
async def house(world: World, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(world, tmp_path) as house:
        await house.bot.connect(GUILDS | EVENTS)
        await house.bot.event("GUILD_CREATE")
        yield house


def path(house: House, event_id: str = "") -> str:
    return f"/guilds/{house.world.guild_id}/scheduled-events" + (f"/{event_id}" if event_id else "")


def body(house: House, **more: Any) -> dict[str, Any]:
    return {
        "name": "The quiet house",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(house.voice_channel),
        "scheduled_start_time": SOON.isoformat(),
        "scheduled_end_time": (SOON + timedelta(hours=2)).isoformat(),
        "description": "Sign up.",
    } | more


async def created(house: House, **more: Any) -> dict[str, Any]:
    answer = await house.bot.request("POST", path(house), body(house, **more))
    assert answer.status == 200, answer.data
    return answer.data


def is_as_described(response: Any) -> list[str]:
    """What is wrong with an event in an answer, by Discord's own description."""
    description = json.loads(openapi.description_path().read_text("utf-8"))
    schemas = description["components"]["schemas"]
    schema = {"$ref": "#/components/schemas/VoiceScheduledEventResponse", "components": {"schemas": schemas}}
    return [error.message for error in Draft202012Validator(schema).iter_errors(response)]


async def test_an_event_lives_from_its_creation_to_its_end_as_discord_describes_it(house: House) -> None:
    event = await created(house)
    assert event["status"] == SCHEDULED
    assert (await house.bot.event("GUILD_SCHEDULED_EVENT_CREATE"))["id"] == event["id"]
    listed = await house.bot.request("GET", f"{path(house)}?with_user_count=1")
    assert listed.data == [event | {"user_count": 0}]
    later = (SOON + timedelta(minutes=90)).isoformat()
    moved = await house.bot.request("PATCH", path(house, event["id"]), {"scheduled_start_time": later})
    assert (moved.status, moved.data["scheduled_start_time"]) == (200, later)
    assert (await house.bot.event("GUILD_SCHEDULED_EVENT_UPDATE"))["scheduled_start_time"] == later
    for status in (ACTIVE, COMPLETED):
        changed = await house.bot.request("PATCH", path(house, event["id"]), {"status": status})
        assert changed.data["status"] == status
    over = await house.bot.request("PATCH", path(house, event["id"]), {"name": "Again"})
    assert over.refusal == (400, 180000)
    assert (await house.bot.request("GET", path(house))).data == []
    if openapi.description_path().exists():
        assert [is_as_described(one) for one in (event, moved.data, changed.data)] == [[], [], []]
        bodies = openapi.RequestBodies(openapi.description_path())
        house.discord.hub.journal.flush()
        assert bodies.journal_errors(Path(house.discord.addresses.journal)) == []


async def test_an_event_is_deleted_by_the_bot_or_by_a_moderator(house: House) -> None:
    first, second = await created(house), await created(house)
    assert (await house.bot.request("DELETE", path(house, first["id"]))).status == 204
    assert (await house.bot.event("GUILD_SCHEDULED_EVENT_DELETE"))["id"] == first["id"]
    assert (await house.bot.request("GET", path(house, first["id"]))).refusal == (404, 10070)
    with pytest.raises(Refused, match="MANAGE_EVENTS"):
        await Moderator(await house.person(0)).delete_event(int(second["id"]))
    await Moderator(await house.person(2)).delete_event(int(second["id"]))
    assert (await house.bot.event("GUILD_SCHEDULED_EVENT_DELETE"))["id"] == second["id"]


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"name": ""}, "name", "BASE_TYPE_REQUIRED"),
        ({"name": "x" * 101}, "name", "BASE_TYPE_BAD_LENGTH"),
        ({"description": "x" * 1001}, "description", "BASE_TYPE_MAX_LENGTH"),
        ({"privacy_level": 1}, "privacy_level", "BASE_TYPE_CHOICES"),
        ({"channel_id": None}, "channel_id", "BASE_TYPE_REQUIRED"),
        ({"scheduled_start_time": None}, "scheduled_start_time", "BASE_TYPE_REQUIRED"),
        ({"scheduled_start_time": "soon"}, "scheduled_start_time", "DATE_TIME_TYPE_PARSE"),
        (
            {"scheduled_start_time": "2020-01-01T00:00:00+00:00"},
            "scheduled_start_time",
            "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST",
        ),
        (
            {"scheduled_end_time": SOON.isoformat()},
            "scheduled_end_time",
            "GUILD_SCHEDULED_EVENT_END_TIME_BEFORE_START_TIME",
        ),
    ],
)
async def test_a_field_that_breaks_a_rule_is_refused(house: House, more: dict[str, Any], place: str, code: str) -> None:
    refused = await house.bot.request("POST", path(house), body(house, **more))
    assert refused.refusal == (400, 50035)
    assert refused.fault_at(place) == code


async def test_a_status_becomes_only_what_follows_it(house: House) -> None:
    event = await created(house)
    skipped = await house.bot.request("PATCH", path(house, event["id"]), {"status": COMPLETED})
    assert skipped.fault_at("status") == "BASE_TYPE_CHOICES"
    cancelled = await house.bot.request("PATCH", path(house, event["id"]), {"status": CANCELED})
    assert cancelled.data["status"] == CANCELED


async def test_a_text_channel_has_no_such_events(house: House) -> None:
    refused = await house.bot.request("POST", path(house), body(house, channel_id=str(house.text_channel)))
    assert refused.fault_at("channel_id") == "CHANNEL_INCORRECT_TYPE"


@pytest.mark.parametrize("more", [{"entity_type": 3}, {"image": "data:"}, {"recurrence_rule": {"frequency": 1}}])
async def test_what_is_not_known_here_is_refused_as_unknown(house: House, more: dict[str, Any]) -> None:
    assert (await house.bot.request("POST", path(house), body(house, **more))).status == 501
    assert len(house.journal("unknown_route")) == 1


async def test_a_guild_has_at_most_100(house: House) -> None:
    for _ in range(100):
        await created(house)
    assert (await house.bot.request("POST", path(house), body(house))).refusal == (400, 30038)


async def test_without_the_permission_or_the_intent(world: World, tmp_path: Path) -> None:
    lacking = world.bot.permissions & ~int(Permission.CREATE_EVENTS)
    poor = dataclasses.replace(world, bot=dataclasses.replace(world.bot, permissions=lacking))
    async with open_house(poor, tmp_path) as house:
        assert (await house.bot.request("POST", path(house), body(house))).refusal == (403, 50013)
    async with open_house(world, tmp_path) as house:
        await house.bot.connect(GUILDS)
        await house.bot.event("GUILD_CREATE")
        await created(house)
        assert await house.bot.silence("GUILD_SCHEDULED_EVENT_CREATE", 0.2)
