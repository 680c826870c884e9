"""What everybody does for themselves, by button or slash command: card, ratings, consent, lines, the X-card."""

from __future__ import annotations

from time import monotonic

import discord

from bot.domain.errors import PromptbookError
from bot.services.cards import read_card
from bot.services.cues import give_late_cue
from bot.services.desk import Desk
from bot.services.ratings import check_may_judge, next_clip
from bot.services.x_card import end_dealt_scene, stop_now
from bot.ui.actions import live_here, session_here
from bot.ui.answers import NO_PINGS, tell, wait_please
from bot.ui.consent_form import consent_form, consent_view
from bot.ui.forms import show_form
from bot.ui.lines_form import lines_form
from bot.ui.people import guild_of
from bot.ui.rating_form import rating_form, show_clip
from bot.ui.texts.card import card_text
from bot.ui.texts.consent import unreadable_text
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.replies import SCENE_STOPPED


async def show_card(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A performer looks at their own card; cues will reach them in the same place."""
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, card_text(await read_card(desk, session, interaction.user.id)))

    async def whisper(text: str) -> None:
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_PINGS)

    desk.stage.card_shown(interaction.user.id, whisper)
    await give_late_cue(desk, await desk.live_of(session), interaction.user.id)


async def rate(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A rater asks for the next clip."""
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await show_clip(desk, interaction, session, await next_clip(desk, session, interaction.user.id))


async def judge(
    desk: Desk, interaction: discord.Interaction, session_id: int, part: int, turn_id: int, *, as_self: bool
) -> None:
    """A rater opens the form about the clip they were given, with one part of the emotion set."""
    session = await session_here(desk, interaction, session_id)
    await check_may_judge(desk, session, turn_id, interaction.user.id, as_self=as_self)
    await show_form(interaction, rating_form(desk, session, turn_id, part, as_self=as_self))


async def judge_peer(desk: Desk, interaction: discord.Interaction, session_id: int, part: int, turn_id: int) -> None:
    """A rater opens the form about somebody else's turn."""
    await judge(desk, interaction, session_id, part, turn_id, as_self=False)


async def judge_self(desk: Desk, interaction: discord.Interaction, session_id: int, part: int, turn_id: int) -> None:
    """A performer opens the form about their own turn."""
    await judge(desk, interaction, session_id, part, turn_id, as_self=True)


async def read_consent(desk: Desk, interaction: discord.Interaction) -> None:
    """Anybody reads what consent means here. Where the text cannot be read, it can be taken back all the same."""
    guild_of(interaction)
    try:
        text = desk.library.consent_text().text
    except PromptbookError as error:
        text = unreadable_text(sentence_of(error))
    await interaction.response.send_message(text, view=consent_view(), ephemeral=True)


async def choose_consent(desk: Desk, interaction: discord.Interaction) -> None:
    """Anybody opens the form in which they give or take back consent."""
    await show_form(interaction, await consent_form(desk, guild_of(interaction), interaction.user.id))


async def choose_lines(desk: Desk, interaction: discord.Interaction) -> None:
    """Anybody opens the form in which they draw their lines."""
    guild_of(interaction)
    await show_form(interaction, await lines_form(desk, interaction.user.id))


async def press_x_card(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """Anybody in the channel stops the scene. Nothing that is kept says who."""
    pressed_at = monotonic()
    session = await live_here(desk, interaction, session_id)
    # The stop comes first: nobody's voice is recorded while Discord is told to wait, or does not take the answer.
    has_stopped = stop_now(desk, session, interaction.user.id, pressed_at) is not None
    await wait_please(interaction)
    if not has_stopped:
        await end_dealt_scene(desk, session)
    await tell(interaction, SCENE_STOPPED)
