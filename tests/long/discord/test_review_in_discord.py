"""`/me review`: one's own turns, in direct messages, one after the other."""

from __future__ import annotations

from tests.theatre import Theatre, said


async def test_a_performer_hears_their_turns_and_leaves_one_out(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    await theatre.bot.services.turns.settled()
    person, other = theatre.performers[0].user, theatre.performers[1].user
    assert "no turn of yours" in said(await theatre.audience.user.slash("me review"))

    shown = await person.slash("me review")
    assert said(shown).startswith("**Your own turn**: session 1, scene 1, take 1.")
    assert shown.response is not None
    assert [file.filename for file in shown.response.attachments] == ["clip.mp3"]
    waiting = await person.click(shown.response, label="Let raters wait for me")
    assert "before you have kept it" in said(waiting)
    left = await theatre.database.fetch_value(
        "SELECT count(*) FROM turns JOIN tracks USING (track_id) JOIN people USING (person_id) "
        "WHERE discord_user_id = ?",
        person.id,
    )
    await person.click(shown.response, label="Not this one")
    assert await theatre.database.fetch_value("SELECT verdict FROM turn_reviews") == "leave_out"
    for _ in range(left - 1):
        await person.click(shown.response, label="Keep")
    assert "no turn of yours" in said(await person.slash("me review"))
    assert "**Your own turn**" in said(await other.slash("me review"))
    assert await theatre.database.fetch_value("SELECT count(*) FROM turn_reviews") == left
