"""`/lines`: topics that one will not play."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import own_actions
from bot.ui.texts import commands as texts


class LinesCog(commands.Cog):
    """Everybody's own lines."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description=texts.LINES)
    async def lines(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        await own_actions.choose_lines(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(LinesCog(bot))
