"""`/rate`: judge turns, clip by clip."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import own_actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class RatingCog(commands.Cog):
    """Ratings."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.RATE)
    async def rate(self, interaction: discord.Interaction) -> None:
        """Bring the next clip."""
        await own_actions.rate(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(RatingCog(bot))
