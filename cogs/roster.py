"""`/roster`: who comes, and who was on stage how often."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import schedule_actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class RosterCog(commands.Cog):
    """The roster, for everyone."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.ROSTER)
    async def roster(self, interaction: discord.Interaction) -> None:
        """Show the roster."""
        await schedule_actions.show_roster(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(RosterCog(bot))
