"""What coordinators do about the ratings of a session."""

from __future__ import annotations

import io

import discord

from bot.domain.ids import SessionId
from bot.ui.answers import NO_PINGS, follow_up, show, wait_please
from bot.ui.press import Press
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
