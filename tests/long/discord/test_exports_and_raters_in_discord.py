"""`/export` and raters: who gets what was dealt no longer rates, and is not given it without having insisted."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.ids import GuildId
from tests.long.discord.test_rating_in_discord import played, time_passes
from tests.theatre import Theatre, said

KNOWN = "It shows what was dealt in session 1, so you no longer rate it."


async def coordinator_may_rate(theatre: Theatre) -> None:
    """A session whose coordinator has its three clips to rate."""
    await played(theatre)
    await theatre.consent(theatre.coordinator, ["peer_rating"])
    await theatre.coordinator.join_voice(theatre.stage)


async def who_knows(theatre: Theatre) -> list[int]:
    rows = await theatre.database.fetch_all("SELECT discord_user_id FROM targets_seen")
    return [row["discord_user_id"] for row in rows]


async def test_a_coordinator_with_clips_left_gets_no_export_unless_they_insist(theatre: Theatre):
    await coordinator_may_rate(theatre)
    for session in ({"session": 1}, {}):
        refused = await theatre.coordinator.slash(theatre.stage, "export", **session)
        assert "You can still rate session 1 (3 clips left). With `targets:True`" in said(refused)
        assert refused.response is not None
        assert not refused.response.attachments
    assert await who_knows(theatre) == []
    assert "**Listen, then rate.**" in said(await theatre.press(theatre.coordinator, "Rate"))
    given = await theatre.command(theatre.coordinator, "export", session=1, targets=True)
    assert given.startswith("**Dataset ready:**")
    assert given.endswith(KNOWN)
    assert "so you no longer rate it" in said(await theatre.press(theatre.coordinator, "Rate"))
    again = await theatre.command(theatre.coordinator, "export", session=1)
    assert again.startswith("**Dataset ready:**")
    assert KNOWN not in again


async def test_a_coordinator_who_does_not_rate_gets_it_and_cannot_begin_to_rate(theatre: Theatre):
    await played(theatre)
    assert (await theatre.command(theatre.coordinator, "export", session=1)).endswith(KNOWN)
    await theatre.consent(theatre.coordinator, ["peer_rating"])
    await theatre.coordinator.join_voice(theatre.stage)
    assert "so you no longer rate it" in said(await theatre.press(theatre.coordinator, "Rate"))


async def test_an_export_that_is_refused_costs_no_one_their_ratings(theatre: Theatre):
    await coordinator_may_rate(theatre)
    refused = await theatre.command(theatre.coordinator, "export", session=1, recipient="Acme", targets=True)
    assert refused.startswith("Before recordings are given to anyone")
    assert await who_knows(theatre) == []
    assert "**Listen, then rate.**" in said(await theatre.press(theatre.coordinator, "Rate"))


async def test_a_rater_by_role_is_asked_as_well_and_so_is_one_whose_clips_are_still_to_come(theatre: Theatre):
    await played(theatre)
    listeners = theatre.guild.create_role("Listeners")
    roles = [listeners, theatre.guild.create_role("Coordinator")]
    second = theatre.guild.add_member(theatre.env.create_user("second"), roles=roles)
    await theatre.bot.services.guilds.change(GuildId(theatre.guild.id), "rater_role_id", listeners.id)
    await theatre.consent(second, ["peer_rating"])
    assert "(3 clips left)" in await theatre.command(second, "export", session=1)
    await theatre.command(theatre.coordinator, "session end")
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    assert "You can still rate session 1 (3 clips left) and 2. With" in await theatre.command(second, "export")
    assert await who_knows(theatre) == []


async def test_the_log_of_an_open_session_shows_nothing_and_counts_for_nothing(theatre: Theatre):
    await coordinator_may_rate(theatre)
    open_log = await theatre.command(theatre.coordinator, "export", session=1, log=True)
    assert "is left out until session 1 has ended." in open_log
    assert await who_knows(theatre) == []
    await theatre.command(theatre.coordinator, "session end")
    assert "With `targets:True`" in await theatre.command(theatre.coordinator, "export", session=1, log=True)
    told = await theatre.command(theatre.coordinator, "export", session=1, log=True, targets=True)
    assert told.endswith(KNOWN)
    assert await who_knows(theatre) == [theatre.coordinator.id]


async def test_nothing_is_asked_once_no_one_can_rate_any_more(theatre: Theatre):
    await coordinator_may_rate(theatre)
    await theatre.command(theatre.coordinator, "session end")
    time_passes(theatre, timedelta(hours=48, minutes=30))
    assert KNOWN in await theatre.command(theatre.coordinator, "export", session=1), "open forms can still be sent"
    time_passes(theatre, timedelta(hours=49, minutes=1))
    assert KNOWN not in await theatre.command(theatre.coordinator, "export", session=1)
    assert "There is no session 9 here" in await theatre.command(theatre.coordinator, "export", session=9)
