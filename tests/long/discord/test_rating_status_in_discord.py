"""`/ratings status`: numbers as text and pictures, and no targets for those who may still rate."""

from __future__ import annotations

from datetime import timedelta

import simcord

from bot.domain.ids import GuildId
from tests.long.discord.test_rating_in_discord import FORM, played, time_passes
from tests.theatre import Theatre, rate_all, said


async def rated(theatre: Theatre) -> None:
    """A session whose clips two people have rated."""
    await played(theatre)
    for rater in (theatre.audience, theatre.performers[0]):
        await rate_all(rater, await theatre.press(rater, "Rate"))


async def looked_with_an_open_form(theatre: Theatre) -> simcord.InteractionResult:
    """The coordinator has opened a form about a clip, and then looked at what was dealt."""
    await rated(theatre)
    await theatre.consent(theatre.coordinator, ["peer_rating"])
    await theatre.coordinator.join_voice(theatre.stage)
    clip = (await theatre.press(theatre.coordinator, "Rate")).response
    assert clip is not None
    form = await theatre.coordinator.click(clip, label="Rate this clip")
    await theatre.command(theatre.coordinator, "ratings status", targets=True)
    return form


async def test_the_open_session_is_shown_in_numbers_and_described_pictures(theatre: Theatre):
    await rated(theatre)
    shown = await theatre.coordinator.slash(theatre.stage, "ratings status")
    text = said(shown)
    assert "**Ratings of session 1.** It is open." in text
    assert "3 clips. 0 ratings: 0; 1 rating: 1; 2 ratings: 2; 3 to 4 ratings: 0; 5 or more (wanted): 0." in text
    asked = [f"<@{performer.id}> (3)" for performer in sorted(theatre.performers[1:], key=lambda one: one.id)]
    assert f"Still to be asked, with the clips that each has left: {', '.join(asked)}." in text
    assert "emotion (same or not): undefined (all answers are the same" in text
    assert "What was dealt is hidden while the session can be rated" in text
    assert shown.response is not None
    pictures = {one.filename: one.description for one in shown.response.attachments}
    assert pictures.keys() == {"progress.png", "agreement.png"}
    assert all(pictures.values())


async def test_who_sees_the_targets_no_longer_rates(theatre: Theatre):
    await rated(theatre)
    await theatre.consent(theatre.coordinator, ["peer_rating"])
    await theatre.coordinator.join_voice(theatre.stage)
    assert "**Listen, then rate.**" in said(await theatre.press(theatre.coordinator, "Rate"))
    shown = await theatre.coordinator.slash(theatre.stage, "ratings status", targets=True)
    assert "In all, what was dealt is heard in" in said(shown)
    assert shown.response is not None
    assert len(shown.response.attachments) == 3
    refusal = "You have seen what was dealt in session 1, so you no longer rate it: raters must not know it."
    assert said(await theatre.press(theatre.coordinator, "Rate")) == refusal
    assert await theatre.command(theatre.coordinator, "rate") == refusal
    assert "In all, what was dealt" in await theatre.command(theatre.coordinator, "ratings status"), "they know it now"
    assert f"<@{theatre.coordinator.id}>" not in await theatre.command(theatre.coordinator, "ratings status")


async def test_a_form_that_was_open_is_not_kept_from_someone_who_then_looked(theatre: Theatre):
    form = await looked_with_an_open_form(theatre)
    before = await theatre.database.fetch_value("SELECT count(*) FROM ratings")
    sent = await theatre.coordinator.submit_modal(form, FORM)
    assert said(sent).startswith("You have seen what was dealt in session 1")
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == before


async def test_nor_when_the_time_for_rating_has_ended_in_the_meantime(theatre: Theatre):
    await theatre.bot.services.guilds.change(GuildId(theatre.guild.id), "rating_hours", 0)
    form = await looked_with_an_open_form(theatre)
    asked = (await theatre.press(theatre.coordinator, "End session")).response
    assert asked is not None
    await theatre.coordinator.click(asked, label="End now")
    assert await theatre.database.fetch_value("SELECT count(*) FROM attendance") == 0, "the time for rating is over"
    sent = await theatre.coordinator.submit_modal(form, FORM)
    assert said(sent).startswith("You have seen what was dealt in session 1")


async def test_who_has_seen_the_targets_of_one_session_rates_another(theatre: Theatre):
    await rated(theatre)
    await theatre.consent(theatre.coordinator, ["peer_rating"])
    await theatre.coordinator.join_voice(theatre.stage)
    await theatre.command(theatre.coordinator, "session end")
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.command(theatre.coordinator, "ratings status", targets=True)
    assert "**Listen, then rate.**" in await theatre.command(theatre.coordinator, "rate")


async def test_targets_are_shown_to_coordinators_once_rating_is_over_and_no_one_is_asked_any_more(theatre: Theatre):
    await rated(theatre)
    await theatre.command(theatre.coordinator, "session end")
    assert "is hidden" in await theatre.command(theatre.coordinator, "ratings status", session=1)
    time_passes(theatre, timedelta(hours=48, minutes=30))
    half_over = await theatre.command(theatre.coordinator, "ratings status")
    assert "until then, forms can be sent that are open" in half_over
    assert "until then, forms" in await theatre.command(theatre.coordinator, "ratings status", targets=True)
    time_passes(theatre, timedelta(hours=49, minutes=1))
    over = await theatre.command(theatre.coordinator, "ratings status")
    assert "Its time for rating is over." in over
    assert "In all, what was dealt is heard in" in over
    assert "Still to be asked" not in over


async def test_others_and_wrong_numbers_are_refused(theatre: Theatre):
    assert await theatre.command(theatre.coordinator, "ratings status") == "There are no sessions here yet."
    await played(theatre)
    refused = await theatre.command(theatre.audience, "ratings status", targets=True)
    assert "Session 1" not in refused
    assert "Ratings of session" not in refused
    assert await theatre.command(theatre.coordinator, "ratings status", session=9) == "There is no session 9 here."
    assert await theatre.database.fetch_value("SELECT count(*) FROM targets_seen") == 0
