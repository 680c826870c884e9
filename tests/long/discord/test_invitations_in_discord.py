"""`/ratings invite`: people who were not there rate what its performers let them hear, until the invitation ends."""

from __future__ import annotations

from datetime import timedelta

import simcord

from tests.long.discord.test_rating_in_discord import a_stranger, played, time_passes
from tests.theatre import Theatre, rate_all, said


async def allow_publishing(theatre: Theatre, performer: simcord.MemberActor, *, publish: bool = True) -> None:
    """Let a performer allow that their voice is published, or withdraw that."""
    shown = await performer.slash(theatre.stage, "consent")
    assert shown.response is not None
    form = await performer.click(shown.response, label="Choose")
    taking_part = ["record", "store_and_review", "peer_rating"]
    uses = ["public_release"] if publish else []
    await performer.submit_modal(form, {"taking_part": taking_part, "uses": uses, "adult": True})


async def invite(theatre: Theatre) -> tuple[simcord.ChannelHandle, str]:
    """Invite in a chat of its own; returns the chat, and what the coordinator is told."""
    chat = theatre.guild.create_text_channel("lobby")
    return chat, await theatre.command(theatre.coordinator, "ratings invite", channel=chat)


async def absent(theatre: Theatre) -> list[tuple[int, int]]:
    sql = "SELECT discord_user_id, is_invited FROM absent_raters JOIN people USING (person_id) ORDER BY is_invited"
    return [(row[0], row[1]) for row in await theatre.database.fetch_all(sql)]


async def test_a_stranger_rates_only_the_performer_who_allows_it(theatre: Theatre):
    await played(theatre)
    open_to_all = theatre.performers[1]
    await allow_publishing(theatre, open_to_all)
    chat, told = await invite(theatre)
    message = chat.history()[-1]
    assert "People who were not there can hear 1 clip, of performers who allow “Publish openly”." in told
    assert message.content.startswith("**Raters wanted for session 1.**")
    stranger = await a_stranger(theatre)
    texts = await rate_all(stranger, await stranger.click(message, label="Rate"))
    assert len(texts) == 2
    assert texts[-1] == "Thank you, that was the last clip for now."
    sql = """
        SELECT people.discord_user_id FROM ratings JOIN turns USING (turn_id) JOIN tracks USING (track_id)
        JOIN people ON people.person_id = tracks.person_id
    """
    assert [row[0] for row in await theatre.database.fetch_all(sql)] == [open_to_all.id]
    assert await absent(theatre) == [(stranger.id, 1)]
    assert "nothing for you to rate" in said(await stranger.click(message, label="Rate"))
    await theatre.press(theatre.audience, "Rate")
    assert await absent(theatre) == [(stranger.id, 1)], "people who were there are not noted"


async def test_a_clip_whose_performer_changes_their_mind_is_not_kept(theatre: Theatre):
    await played(theatre)
    await allow_publishing(theatre, theatre.performers[1])
    chat, _ = await invite(theatre)
    message = chat.history()[-1]
    stranger = await a_stranger(theatre)
    clip = (await stranger.click(message, label="Rate")).response
    assert clip is not None
    await allow_publishing(theatre, theatre.performers[1], publish=False)
    assert "can no longer be rated" in said(await stranger.click(clip, label="Rate this clip"))
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 0


async def test_no_one_hears_performers_who_did_not_allow_it_and_consent_to_rate_comes_first(theatre: Theatre):
    await played(theatre)
    chat, told = await invite(theatre)
    message = chat.history()[-1]
    assert "can hear none of its clips" in told
    stranger = theatre.guild.add_member(theatre.env.create_user("stranger"))
    assert "/consent" in said(await stranger.click(message, label="Rate"))
    assert await absent(theatre) == []
    await theatre.consent(stranger, ["peer_rating"])
    assert "nothing for you to rate" in said(await stranger.click(message, label="Rate"))


async def test_who_joins_the_channel_later_hears_everyone(theatre: Theatre):
    await played(theatre)
    chat, _ = await invite(theatre)
    message = chat.history()[-1]
    stranger = await a_stranger(theatre)
    assert "nothing for you to rate" in said(await stranger.click(message, label="Rate"))
    await stranger.join_voice(theatre.stage)
    assert "3 clips left" in said(await theatre.press(stranger, "Rate"))


async def test_a_closed_invitation_lets_no_one_in_and_no_one_go_on(theatre: Theatre):
    await played(theatre)
    for performer in theatre.performers:
        await allow_publishing(theatre, performer)
    chat, _ = await invite(theatre)
    message = chat.history()[-1]
    stranger = await a_stranger(theatre)
    assert "3 clips left" in said(await stranger.click(message, label="Rate"))
    asked = await theatre.command(theatre.coordinator, "ratings status")
    assert f"<@{stranger.id}> (3)" in asked
    assert await theatre.command(theatre.coordinator, "ratings close") == (
        "1 invitation is closed. People who came by it get no more clips; what they rated is kept."
    )
    assert "Only people who were in" in await theatre.command(stranger, "rate")
    shown = chat.history()[-1]
    assert shown.content == "The invitation to rate session 1 is closed. Thank you to everyone who rated."
    assert not shown.components
    assert await theatre.command(theatre.coordinator, "ratings close") == "No invitation to rate this session is open."


async def test_the_invitation_ends_with_the_time_for_rating(theatre: Theatre):
    await played(theatre)
    await allow_publishing(theatre, theatre.performers[0])
    await theatre.command(theatre.coordinator, "session end")
    chat, _ = await invite(theatre)
    message = chat.history()[-1]
    assert "It can be rated until <t:" in message.content
    time_passes(theatre, timedelta(hours=49))
    stranger = await a_stranger(theatre)
    over = "The time for rating this session is over. What was rated is kept."
    assert said(await stranger.click(message, label="Rate")) == over
    assert await theatre.command(theatre.coordinator, "ratings invite") == over


async def test_only_coordinators_invite(theatre: Theatre):
    await played(theatre)
    for command in ("ratings invite", "ratings close"):
        assert "invitation" not in await theatre.command(theatre.audience, command)
    assert await theatre.database.fetch_value("SELECT count(*) FROM invitations") == 0
