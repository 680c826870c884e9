"""`/ratings`: what coordinators do about the ratings of a session."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import SessionId
from bot.ui import ratings_actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts

AnySession = app_commands.Range[int, 1, 2**53 - 1]


class RatingsCog(commands.GroupCog, group_name="ratings", group_description=texts.RATINGS):
    """The ratings of a session, for coordinators."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.RATINGS_STATUS)
    @app_commands.describe(**texts.RATINGS_STATUS_PARAMETERS)
    async def status(
        self, interaction: discord.Interaction, session: AnySession | None = None, targets: bool = False
    ) -> None:
        """Show how the rating of a session stands."""
        press = Press.of(self._services, interaction)
        session_id = None if session is None else SessionId(session)
        await ratings_actions.show_status(press, session_id, wants_targets=targets)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(RatingsCog(bot))
