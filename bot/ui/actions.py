"""What people do, whether by a button or by a slash command: check, call one service, reply."""

from __future__ import annotations

from time import monotonic

import discord

from bot.services.desk import Desk
from bot.services.ratings import check_may_judge, next_clip
from bot.services.scenes import deal_scene, read_card
from bot.services.sessions import end_session
from bot.services.takes import cut_take, start_take
from bot.store.sessions import Session
from bot.ui.answers import tell, wait_please
from bot.ui.consent_form import consent_form, consent_view
from bot.ui.forms import show_form
from bot.ui.people import guild_of, require_coordinator
from bot.ui.rating_form import rating_form, show_clip
from bot.ui.replies import called_text, card_text, cut_text, dealt_text, ended_text


async def session_here(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> Session:
    """The session a button names, or the server's open one for a command."""
    guild_id = guild_of(interaction)
    if session_id is None:
        return await desk.open_session(guild_id)
    return await desk.session_of_button(session_id, guild_id)


async def deal(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A coordinator deals the next scene."""
    require_coordinator(interaction, desk.settings.coordinator_role)
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, dealt_text(await deal_scene(desk, session)))


async def start(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A coordinator calls a take; the countdown runs from the press."""
    pressed_at = monotonic()
    require_coordinator(interaction, desk.settings.coordinator_role)
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, called_text(await start_take(desk, session, pressed_at)))


async def cut(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A coordinator cuts the take at the moment of the press."""
    pressed_at = monotonic()
    require_coordinator(interaction, desk.settings.coordinator_role)
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, cut_text(await cut_take(desk, session, pressed_at)))


async def end(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A coordinator ends the session."""
    require_coordinator(interaction, desk.settings.coordinator_role)
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, ended_text(session.session_id, await end_session(desk, session)))


async def show_card(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A performer looks at their own card."""
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await tell(interaction, card_text(await read_card(desk, session, interaction.user.id)))


async def rate(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> None:
    """A rater asks for the next clip."""
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    await show_clip(interaction, session.session_id, await next_clip(desk, session, interaction.user.id))


async def judge(desk: Desk, interaction: discord.Interaction, session_id: int, turn_id: int, *, as_self: bool) -> None:
    """A rater opens the form about the clip they were given."""
    session = await session_here(desk, interaction, session_id)
    await check_may_judge(desk, session, turn_id, interaction.user.id, as_self=as_self)
    await show_form(interaction, rating_form(desk, session, turn_id, as_self=as_self))


async def read_consent(desk: Desk, interaction: discord.Interaction) -> None:
    """Anybody reads what consent means here."""
    guild_of(interaction)
    text = desk.library.consent_text()
    await interaction.response.send_message(text.text, view=consent_view(), ephemeral=True)


async def choose_consent(desk: Desk, interaction: discord.Interaction) -> None:
    """Anybody opens the form in which they give or take back consent."""
    guild_of(interaction)
    await show_form(interaction, await consent_form(desk, interaction.user.id))
