"""`/settings`: what a server has chosen for its sessions."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui.press import Press
from bot.ui.settings_panel import settings_view
from bot.ui.texts import commands as texts


class SettingsCog(commands.Cog):
    """A server's settings."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.SETTINGS)
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show the panel of menus, privately."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await interaction.response.send_message(
            view=await settings_view(self._services, press.guild_id), ephemeral=True
        )


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SettingsCog(bot))
