"""Scheduled sessions as people meet them in Discord: commands, event, message, buttons, direct messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import simcord

from bot.domain.ids import GuildId, UserId
from bot.services.ports.board import Notice
from tests.theatre import Theatre, said

TITLE = "The *quiet* house"
IN_A_WEEK = (datetime.now(UTC) + timedelta(days=7)).replace(hour=19, minute=30, second=0, microsecond=0)
MARK = int(IN_A_WEEK.timestamp())
COME, ON_STANDBY, ABSENT = "I'll come", "Standby", "Can't come"


async def schedule(theatre: Theatre, **more: Any) -> str:
    options = {"date": f"{IN_A_WEEK:%Y-%m-%d}", "time": "19:30", "title": TITLE, "zone": "UTC", "performers": 2}
    return await theatre.command(
        theatre.coordinator, "session schedule", **{**options, "channel": theatre.stage, **more}
    )


def message_of(theatre: Theatre) -> discord.Message:
    """The message in which people sign up: the one with such buttons."""
    return [one for one in theatre.stage.history() if not one.flags.components_v2 and not one.flags.ephemeral][-1]


async def press(theatre: Theatre, person: simcord.MemberActor, label: str) -> str:
    return said(await person.click(message_of(theatre), label=label))


def direct_messages(person: simcord.MemberActor) -> list[discord.Message]:
    """What they were told; their receipts of consent, which are files, are left out."""
    return [message for message in person.user.dm_channel.history() if not message.attachments]


async def test_a_session_is_scheduled_as_an_event_with_a_message_in_everyones_own_time(theatre: Theatre):
    told = await schedule(theatre)
    assert told.startswith(f"Scheduled: **The \\*quiet\\* house**, <t:{MARK}:F> (<t:{MARK}:R>), from `UTC`.")
    assert told.endswith("This is the server's time zone from now on (`/settings`).")
    assert "time zone from now on" not in await schedule(theatre, time="21:30")
    await theatre.command(theatre.coordinator, "session cancel", session="2")
    guild = theatre.bot.get_guild(theatre.guild.id)
    assert guild is not None
    event, second = guild.scheduled_events
    assert second.status is discord.EventStatus.cancelled
    assert (event.name, event.start_time, event.channel_id) == (TITLE, IN_A_WEEK, theatre.stage.id)
    assert event.end_time == IN_A_WEEK + timedelta(hours=2)
    message = next(one for one in theatre.stage.history() if f"<t:{MARK}:F>" in one.content)
    assert f"<t:{MARK}:F> (<t:{MARK}:R>) in <#{theatre.stage.id}>, 2 hours" in message.content
    assert "**Coming (0 of 2)**: no one yet" in message.content


async def test_people_sign_up_and_see_who_comes(theatre: Theatre):
    await schedule(theatre)
    first, second, third = theatre.performers
    told = await press(theatre, first, COME)
    assert told.startswith(f"You have a place: <t:{MARK}:F>")
    assert told.endswith("To be recorded, read and answer `/consent` before you play.")
    await theatre.everyone_consents()
    assert not (await press(theatre, second, COME)).endswith("before you play.")
    assert "number 1 on standby" in await press(theatre, third, COME)
    assert "number 2 on standby" in await press(theatre, theatre.bystander, ON_STANDBY)
    rows = message_of(theatre).content.splitlines()
    assert rows[2:4] == [
        f"**Coming (2 of 2)**: <@{first.id}>, <@{second.id}>",
        f"**Standby**: <@{third.id}>, <@{theatre.bystander.id}>",
    ]
    assert "Thank you" in await press(theatre, first, ABSENT)
    assert f"**Coming (2 of 2)**: <@{second.id}>, <@{third.id}>" in message_of(theatre).content
    (told_third,) = direct_messages(third)
    assert told_third.content.startswith("A place has become free, and it is yours: **The \\*quiet\\* house**")
    # From the direct message, the place is given back, and the next one is asked.
    await third.user.click(told_third, label=ABSENT)
    (told_bystander,) = direct_messages(theatre.bystander)
    assert "Press **I'll come** if you want it" in told_bystander.content
    assert "You have a place" in said(await theatre.bystander.user.click(told_bystander, label=COME))
    assert f"**Coming (2 of 2)**: <@{second.id}>, <@{theatre.bystander.id}>" in message_of(theatre).content


async def test_who_accepts_no_direct_messages_is_mentioned_in_the_chat(theatre: Theatre):
    await schedule(theatre, performers=1)
    first, second, _ = theatre.performers
    for person in (first, second):
        await press(theatre, person, COME)
    closed = f"/channels/{second.user.dm_channel.id}/messages"
    theatre.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    message = message_of(theatre)
    await first.click(message, label=ABSENT)
    mention = message_of(theatre)
    assert mention.id != message.id
    assert mention.content.startswith(f"<@{second.id}>: A place has become free, and it is yours")
    assert [user.id for user in mention.mentions] == [second.id]
    await second.click(mention, label=ABSENT)
    assert "(0 of 1)" in next(one for one in theatre.stage.history() if one.id == message.id).content


async def test_everyone_sees_the_roster_and_signs_up_there_too(theatre: Theatre):
    assert (await theatre.command(theatre.audience, "roster")).startswith("No session is scheduled.")
    await schedule(theatre)
    shown = await theatre.audience.slash(theatre.stage, "roster")
    assert "The \\*quiet\\* house" in said(shown)
    assert shown.response is not None
    await theatre.audience.click(shown.response, label=COME)
    assert f"<@{theatre.audience.id}>" in message_of(theatre).content
    assert f"(1 of 2)**: <@{theatre.audience.id}>" in await theatre.command(theatre.bystander, "roster")
    assert "what you answered to 1 scheduled session" in said(await theatre.audience.user.slash("held"))


async def test_a_session_is_moved_and_cancelled_with_its_event(theatre: Theatre):
    await schedule(theatre)
    await press(theatre, theatre.performers[0], COME)
    told = await theatre.command(theatre.coordinator, "session reschedule", time="21:00")
    later = MARK + 90 * 60
    assert f"begins <t:{later}:F>" in told
    guild = theatre.bot.get_guild(theatre.guild.id)
    assert guild is not None
    assert guild.scheduled_events[0].start_time == IN_A_WEEK + timedelta(minutes=90)
    assert f"<t:{later}:F>" in message_of(theatre).content
    assert f"<t:{later}:F>" in direct_messages(theatre.performers[0])[-1].content
    offered = await theatre.coordinator.autocomplete(theatre.stage, "session cancel", "session", "quiet")
    assert [one["name"] for one in offered] == [f"{IN_A_WEEK:%Y-%m-%d} 21:00 UTC: {TITLE}"]
    told = await theatre.command(theatre.coordinator, "session cancel", session=offered[0]["value"])
    assert "is cancelled" in told
    assert guild.scheduled_events[0].status is discord.EventStatus.cancelled
    message = message_of(theatre)
    assert "**Cancelled.**" in message.content
    assert not message.components
    notes = [one.content for one in direct_messages(theatre.performers[0])]
    assert "is cancelled" in notes[-1]
    assert not any("deleted the event" in one.content for one in direct_messages(theatre.coordinator))
    assert "No session is scheduled" in await theatre.command(theatre.coordinator, "session cancel")


async def test_who_signed_up_and_is_missing_is_named_only_to_the_coordinator(theatre: Theatre):
    soon = datetime.now(UTC) + timedelta(minutes=40)
    await schedule(theatre, date=f"{soon:%Y-%m-%d}", time=f"{soon:%H:%M}")
    missing, there, standing_by = theatre.performers
    await missing.leave_voice()
    for person in (missing, there, standing_by):
        await press(theatre, person, COME)
    told = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert told.splitlines()[-1] == (
        f"Signed up, but not in the channel: <@{missing.id}>. On standby, and here: <@{standing_by.id}>."
    )
    assert "Signed up, but" not in theatre.panel_text()
    guild = theatre.bot.get_guild(theatre.guild.id)
    assert guild is not None
    assert guild.scheduled_events[0].status is discord.EventStatus.active
    assert "The session has begun" in message_of(theatre).content
    await theatre.command(theatre.coordinator, "session end")
    assert guild.scheduled_events[0].status is discord.EventStatus.completed


async def test_an_event_that_someone_deletes_in_discord_is_told_to_the_coordinator(theatre: Theatre):
    await schedule(theatre)
    guild = theatre.bot.get_guild(theatre.guild.id)
    assert guild is not None
    event_id = guild.scheduled_events[0].id
    theatre.env.backend.delete_scheduled_event(theatre.guild.id, event_id)
    await theatre.env.settle()
    (told,) = direct_messages(theatre.coordinator)
    assert told.content.startswith("Someone deleted the event of **The \\*quiet\\* house**")
    assert "You have a place" in await press(theatre, theatre.performers[0], COME)
    await theatre.command(theatre.coordinator, "session reschedule", time="20:00")
    assert [one.start_time.hour for one in guild.scheduled_events] == [20]


async def test_wrong_input_is_answered_with_what_to_do(theatre: Theatre):
    assert "`Europe/Berlin`" in await schedule(theatre, zone="Berlin")
    assert "is in the past" in await schedule(theatre, date="2020-01-01")
    assert "is not a date" in await schedule(theatre, date="next Friday")
    assert "is not a time of day" in await schedule(theatre, time="7pm")
    refused = await theatre.command(
        theatre.bystander, "session schedule", date="2027-01-01", time="19:30", title="Mine"
    )
    assert refused.startswith("Only coordinators can do this.")
    assert "No session is scheduled here" in await theatre.command(theatre.coordinator, "session reschedule")
    offered = await theatre.coordinator.autocomplete(theatre.stage, "session schedule", "zone", "berln")
    assert offered[0]["value"] == "Europe/Berlin"
    await schedule(theatre)
    assert "is closed" in await theatre.command(theatre.coordinator, "session cancel", session="that one")


async def test_reminders_are_switched_off_by_their_button(theatre: Theatre):
    await schedule(theatre)
    person = theatre.performers[0]
    await press(theatre, person, COME)
    services = theatre.bot.services
    (scheduled,) = await services.schedules.in_guild(GuildId(theatre.guild.id))
    assert await services.stage.board.tell(UserId(person.id), Notice.REMINDER, scheduled)
    (reminder,) = direct_messages(person)
    assert reminder.content.startswith("Reminder: **The \\*quiet\\* house**")
    off = await person.user.click(reminder, label="No more reminders")
    assert said(off).startswith("You get no more reminders")
    assert off.response is not None
    assert "that you want no reminders" in said(await person.user.slash("held"))
    await person.user.click(off.response, label="Remind me again")
    assert "that you want no reminders" not in said(await person.user.slash("held"))
