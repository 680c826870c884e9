"""Rating after the end, and who may: by the panel's button, by command and by a form that was left open."""

from __future__ import annotations

from datetime import timedelta

import simcord

from tests.evening import GOOD_ANSWERS
from tests.theatre import Theatre, rate_all, said

FORM = {key: value if key != "emotion" else [value] for key, value in GOOD_ANSWERS.items()}


async def played(theatre: Theatre) -> None:
    """A session with one take of three turns."""
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()


async def a_stranger(theatre: Theatre) -> simcord.MemberActor:
    """Someone who consents to rate and never was in the channel."""
    stranger = theatre.guild.add_member(theatre.env.create_user("stranger"))
    await theatre.consent(stranger, ["peer_rating"])
    return stranger


def time_passes(theatre: Theatre, ahead: timedelta) -> None:
    theatre.clock.ahead = ahead  # type: ignore[attr-defined]


async def test_a_form_that_was_open_when_the_session_ended_is_kept_when_it_is_sent_ten_minutes_later(theatre: Theatre):
    await played(theatre)
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    form = await theatre.audience.click(clip, label="Rate this clip")
    await theatre.command(theatre.coordinator, "session end")
    time_passes(theatre, timedelta(minutes=10))
    await theatre.audience.submit_modal(form, FORM)
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 1


async def test_the_ended_panel_keeps_a_button_until_the_time_is_over(theatre: Theatre):
    await played(theatre)
    told = await theatre.command(theatre.coordinator, "session end")
    assert "3 clips wait for 4 raters. They can go on rating for 2 days after the end" in told
    assert "you can still rate until <t:" in theatre.panel_text()
    texts = await rate_all(theatre.audience, await theatre.press(theatre.audience, "Rate"))
    assert texts[-1] == "Thank you, that was the last clip for now."
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 3
    time_passes(theatre, timedelta(hours=49))
    over = "The time for rating this session is over. What was rated is kept."
    assert said(await theatre.press(theatre.performers[0], "Rate")) == over
    assert await theatre.command(theatre.performers[0], "rate") == over


async def test_the_command_goes_on_after_the_end(theatre: Theatre):
    await played(theatre)
    await theatre.command(theatre.coordinator, "session end")
    texts = await rate_all(theatre.performers[0], await theatre.performers[0].slash(theatre.stage, "rate"))
    assert texts[0].startswith("**Your own turn.**")
    counts = "SELECT (SELECT count(*) FROM ratings) + (SELECT count(*) FROM self_ratings)"
    assert await theatre.database.fetch_value(counts) == 3


async def test_a_clip_asked_for_by_somebody_who_never_was_in_the_channel_is_refused_with_what_to_do(theatre: Theatre):
    await played(theatre)
    stranger = await a_stranger(theatre)
    refusal = f"Only people who were in <#{theatre.stage.id}> during this session can rate it. Join that channel first."
    assert said(await theatre.press(stranger, "Rate")) == refusal
    assert await theatre.command(stranger, "rate") == refusal
    await theatre.command(theatre.coordinator, "session end")
    missed = (
        f"You were not in <#{theatre.stage.id}> during session 1, so you cannot hear or rate its clips. "
        "Ask a coordinator for a rater role, which they choose in `/settings`."
    )
    assert said(await theatre.press(stranger, "Rate")) == missed
    assert await theatre.command(stranger, "rate") == missed


async def test_whoever_joins_the_channel_may_rate(theatre: Theatre):
    await played(theatre)
    stranger = await a_stranger(theatre)
    await stranger.join_voice(theatre.stage)
    assert "**Listen, then rate.**" in said(await theatre.press(stranger, "Rate"))


async def test_a_role_that_the_server_chooses_lets_others_rate(theatre: Theatre):
    await played(theatre)
    role = theatre.guild.create_role("Listeners")
    listener = theatre.guild.add_member(theatre.env.create_user("listener"), roles=[role])
    await theatre.consent(listener, ["peer_rating"])
    shown = await theatre.coordinator.slash(theatre.stage, "settings")
    assert shown.response is not None
    await theatre.coordinator.select(shown.response, [role], custom_id="pb:set-rater-role-id")
    assert "**Listen, then rate.**" in said(await theatre.press(listener, "Rate"))
    stranger = await a_stranger(theatre)
    assert f"and people with the role <@&{role.id}> can rate it" in said(await theatre.press(stranger, "Rate"))


async def test_ending_says_first_what_waits_for_whom(theatre: Theatre):
    await played(theatre)
    asked = said(await theatre.press(theatre.coordinator, "End session"))
    assert "3 clips wait for 4 raters. They can go on rating for 2 days after the end" in asked


async def test_a_command_that_would_lose_ratings_asks_first(theatre: Theatre):
    await played(theatre)
    shown = await theatre.coordinator.slash(theatre.stage, "settings")
    assert shown.response is not None
    await theatre.coordinator.select(shown.response, ["0"], custom_id="pb:set-rating-hours")
    asked = await theatre.coordinator.slash(theatre.stage, "session end")
    assert "3 clips wait for 4 raters, and can no longer be rated after the end." in said(asked)
    assert asked.response is not None
    assert await theatre.database.fetch_value("SELECT ended_at FROM sessions") is None
    ended = said(await theatre.coordinator.click(asked.response, label="End now"))
    assert ended.startswith("**Session 1 is over.**")
    assert "rating this session is over" in said(await theatre.audience.slash(theatre.stage, "rate"))


async def test_someone_who_only_was_in_the_channel_sees_that_this_is_held(theatre: Theatre):
    await played(theatre)
    told = said(await theatre.bystander.user.slash("held"))
    assert told == (
        "This bot holds one thing about you: that you were in the voice channel of 1 session that can be rated. "
        "It is deleted when the time for rating is over."
    )
