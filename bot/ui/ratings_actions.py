"""What coordinators do about the ratings of a session, and accepting an invitation to rate it."""

from __future__ import annotations

import io

import discord

from bot.domain.ids import SessionId
from bot.ui.answers import NO_PINGS, follow_up, show, tell, wait_please
from bot.ui.custom_ids import OfInvitation
from bot.ui.press import Press
from bot.ui.rating_form import show_trial
from bot.ui.texts.invitations import closed_text, invited_text
from bot.ui.texts.rating_charts import status_charts
from bot.ui.texts.rating_status import status_pages


async def show_status(press: Press, session_id: SessionId | None, *, wants_targets: bool) -> None:
    """Show how the rating of a session stands: the open or newest one, if none is named."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    services = press.services
    status = await services.rating_status.of(press.guild_id, press.user_id, session_id, wants_targets=wants_targets)
    described = status_charts(status)
    drawn = await services.pictures.draw([one.chart for one in described])
    pictures = [
        discord.File(io.BytesIO(png), filename=one.filename, description=one.description)
        for one, png in zip(described, drawn, strict=True)
        if png is not None
    ]
    first, *others = status_pages(status)
    await show(press.interaction, content=first, attachments=pictures, allowed_mentions=NO_PINGS)
    for page in others:
        await follow_up(press.interaction, page)


async def invite(press: Press, session_id: SessionId | None, channel_id: int | None) -> None:
    """Post an invitation to rate a session, for people who were not there."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    services = press.services
    invitation = await services.invitations.post(press.guild_id, session_id, channel_id)
    session = await services.rated_sessions.of(invitation.session_id, press.guild_id)
    waiting = await services.waiting_clips.of(session)
    await tell(press.interaction, invited_text(invitation, waiting.from_afar))


async def close(press: Press, session_id: SessionId | None) -> None:
    """Close the invitations to rate a session."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    await tell(press.interaction, closed_text(await press.services.invitations.close(press.guild_id, session_id)))


async def rate_invited(press: Press, of: OfInvitation) -> None:
    """Give a clip to someone who accepts an invitation."""
    await wait_please(press.interaction)
    services, who = press.services, (press.guild_id, press.user_id, press.standing)
    session = await services.invitations.accept(*who, of.invitation_id)
    await show_trial(press, await services.offers.next_trial(*who, session.session_id))
