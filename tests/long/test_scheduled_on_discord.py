"""The whole bot with discord.py schedules sessions on the embedded Discord, and survives what happens to them there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.embedded.client.moderator import Moderator
from bot.embedded.client.person import Person
from bot.embedded.client.screen import Message
from bot.embedded.guild.records import EventStatus
from bot.embedded.guild.world import Permission, World, invented_world
from tests import openapi
from tests.dated_clock import DatedClock
from tests.real_bot import RealBot, open_real_bot, until

NOON = (datetime.now(UTC) + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def world() -> World:
    powers = int(Permission.MANAGE_EVENTS)
    parts = ["performer", "performer", "coordinator"]
    return invented_world(
        5, parts, roles={"coordinator": "Coordinator"}, permissions={"coordinator": powers}, bot_name="Promptbook"
    )


async def test_the_bot_schedules_and_notices_what_a_moderator_deletes(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole bot with discord.py: from the command to the event, a sign-up, a deletion, a restart and a move."""
    async with open_real_bot(tmp_path, monkeypatch, world, phones=False) as real:
        hub = real.house.discord.hub
        when: dict[str, Any] = {"date": f"{NOON:%Y-%m-%d}", "time": "12:00", "zone": "UTC", "channel": real.channel_id}
        told = await real.command("session schedule", title="The quiet house", performers=1, **when)
        assert "Scheduled: **The quiet house**" in told.text
        (event,) = hub.state.scheduled_events.values()
        assert datetime.fromisoformat(event.starts_at) == NOON
        first, second = real.people["performer"]
        for person in (first, second):
            (shown,) = [one for one in person.on_screen() if "The quiet house" in one.text]
            await person.click(shown, "I'll come")
        await real.stop()
        await real.start()
        # The buttons work after the restart, too.
        (shown,) = [one for one in first.on_screen() if "The quiet house" in one.text]
        await first.click(shown, "Can't come")
        await until(lambda: f"(1 of 1)**: <@{second.user_id}>" in shown_text(real))
        await until(lambda: any("A place has become free, and it is yours" in one.text for one in second.on_screen()))
        await Moderator(real.coordinator).delete_event(event.event_id)
        await until(lambda: any("Someone deleted the event" in one.text for one in real.coordinator.on_screen()))
        await real.command("session reschedule", time="13:00")
        (again,) = hub.state.scheduled_events.values()
        assert datetime.fromisoformat(again.starts_at) == NOON + timedelta(hours=1)
        await real.command("session cancel")
        assert hub.state.scheduled_events[again.event_id].status is EventStatus.CANCELED
        assert real.house.journal("unknown_route", "server_fault") == []
        if openapi.description_path().exists():
            bodies = openapi.RequestBodies(openapi.description_path())
            assert bodies.journal_errors(Path(real.house.discord.addresses.journal)) == []


async def test_what_the_bot_lacks_is_named_and_nothing_is_scheduled(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = replace(world.bot, permissions=world.bot.permissions & ~int(Permission.CREATE_EVENTS))
    async with open_real_bot(tmp_path, monkeypatch, replace(world, bot=lacking), phones=False) as real:
        when: dict[str, Any] = {"date": f"{NOON:%Y-%m-%d}", "time": "12:00", "zone": "UTC", "channel": real.channel_id}
        told = await real.command("session schedule", title="The quiet house", **when)
        assert told.text.startswith(f"The bot lacks permissions in <#{real.channel_id}>: Create Events.")
        assert not real.house.discord.hub.state.scheduled_events
        # A session itself does not need it.
        await real.open_session()


async def test_people_in_two_zones_are_reminded_on_their_screens_once_also_by_a_bot_that_was_restarted(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = DatedClock(datetime.now(UTC))
    begins = datetime.combine(NOON.date(), time(19, 30), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    async with open_real_bot(tmp_path, monkeypatch, world, phones=False, clock=clock) as real:
        when: dict[str, Any] = {"date": f"{NOON:%Y-%m-%d}", "time": "19:30", "zone": "Europe/Berlin"}
        await real.command("session schedule", title="The quiet house", channel=real.channel_id, **when)
        berliner, new_yorker = real.people["performer"]
        for person in (berliner, new_yorker):
            (shown,) = [one for one in person.on_screen() if "The quiet house" in one.text]
            # Discord shows this mark to each of them in their own zone.
            assert f"<t:{int(begins.timestamp())}:F>" in shown.text
            await person.click(shown, "I'll come")
        await clock.pass_to(begins - timedelta(hours=24, seconds=1))
        assert reminders(berliner) == reminders(new_yorker) == []
        await clock.pass_to(begins - timedelta(hours=24))
        await until(lambda: len(reminders(berliner)) == len(reminders(new_yorker)) == 1)
        off = await new_yorker.click(reminders(new_yorker)[0], "No more reminders")
        assert "no more reminders" in off.text
        await real.stop()
        await real.start()
        await clock.pass_to(begins - timedelta(hours=1))
        await until(lambda: len(reminders(berliner)) == 2)
        await clock.pass_to(begins + timedelta(hours=1))
        assert (len(reminders(berliner)), len(reminders(new_yorker))) == (2, 1)


def reminders(person: Person) -> list[Message]:
    return [one for one in person.on_screen() if one.text.startswith("Reminder: **The quiet house**")]


def shown_text(real: RealBot) -> str:
    messages = real.house.discord.hub.state.messages.values()
    return next(one.content for one in messages if "The quiet house" in one.content and not one.is_ephemeral)
