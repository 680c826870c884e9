"""`/settings`: what a server chose for its sessions."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui.people import require_coordinator
from bot.ui.settings_panel import settings_view
from bot.ui.texts import commands as texts


class SettingsCog(commands.Cog):
    """A server's settings."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description=texts.SETTINGS)
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show the panel of menus, privately."""
        guild_id = await require_coordinator(self._desk, interaction)
        await interaction.response.send_message(view=await settings_view(self._desk, guild_id), ephemeral=True)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SettingsCog(bot))
