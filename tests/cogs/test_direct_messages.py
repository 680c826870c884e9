"""What is about oneself works in direct messages, too, and after leaving the server."""

from __future__ import annotations

from tests.theatre import Theatre, said

IN_SERVERS, WITH_THE_BOT, TO_SERVERS = 0, 1, 0
"""Discord's numbers of contexts and of a kind of installation."""

ABOUT_ONESELF = {"consent", "cues", "lines", "held", "me", "pay", "privacy", "profile"}
TO_PERFORM = ["record", "store_and_review", "peer_rating"]


async def test_commands_about_a_server_are_not_offered_in_direct_messages(theatre: Theatre):
    tree = theatre.bot.tree
    registered = {command.name: command.to_dict(tree) for command in tree.get_commands()}
    contexts = {name: command["contexts"] for name, command in registered.items()}
    assert {name for name, one in contexts.items() if one != [IN_SERVERS]} == ABOUT_ONESELF
    assert all(contexts[name] == [IN_SERVERS, WITH_THE_BOT] for name in ABOUT_ONESELF)
    assert all(command["integration_types"] == [TO_SERVERS] for command in registered.values())


async def test_consent_can_be_withdrawn_in_direct_messages_for_the_server_that_one_has_left(theatre: Theatre):
    person = theatre.performers[0]
    await theatre.consent(person, TO_PERFORM)
    shown = await person.user.slash("consent")
    assert shown.response is not None
    form = await person.user.click(shown.response, label=f"Choose for {theatre.guild.name}")
    told = said(await person.user.submit_modal(form, {"taking_part": [], "uses": [], "adult": True}))
    assert told.count("Withdrawn: ") == len(TO_PERFORM)
    assert "You will not be recorded." in told


async def test_lines_can_be_drawn_in_direct_messages(theatre: Theatre):
    person = theatre.performers[0]
    form = await person.user.slash("lines")
    told = said(await person.user.submit_modal(form, {"topics": ["violence"]}))
    assert told.startswith("Saved: 1 line")


async def test_a_performer_chooses_in_direct_messages_how_cues_come(theatre: Theatre):
    person = theatre.performers[0]
    assert said(await person.user.slash("cues")).startswith("Your cues come under your card")
    assert "Wear headphones" in said(await person.user.slash("cues", way="sound"))
    assert said(await person.user.slash("cues")).startswith("Your cues come with a sound")


async def test_everyone_can_see_what_is_held_about_them_and_only_that(theatre: Theatre):
    stranger = await theatre.bystander.user.slash("held")
    assert said(stranger).startswith("This bot holds nothing about you")
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    performer, audience = theatre.performers[0], theatre.audience
    told = said(await performer.user.slash("held"))
    row = next(row for row in told.splitlines() if row.startswith(f"- **{theatre.guild.name}**"))
    assert "1 track (0:04) of 1 scene, 0 ratings, 0 self-ratings." in row
    assert "You consent to: Record my voice during takes; Keep and review the recordings; Rate others" in row
    assert "Your name in datasets: `spk_" in told
    assert "Your time is counted for pay in 1 session (`/pay mine`)." in told
    assert "Your profile" not in told
    assert "no recordings, no ratings." in said(await audience.user.slash("held"))
