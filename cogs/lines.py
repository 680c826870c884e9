"""`/lines`: topics that a performer will not play; in direct messages, too."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import own_actions
from bot.ui.press import OwnPress
from bot.ui.texts import commands as texts


class LinesCog(commands.Cog):
    """Everyone's own lines."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.LINES)
    async def lines(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        await own_actions.choose_lines(OwnPress.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(LinesCog(bot))
