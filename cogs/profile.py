"""`/profile`: what people say about themselves; in direct messages, too."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui.press import OwnPress
from bot.ui.profile_panel import profile_view
from bot.ui.texts import commands as texts


class ProfileCog(commands.Cog):
    """Everyone's own profile."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.PROFILE)
    async def profile(self, interaction: discord.Interaction) -> None:
        """Show the panel of menus, privately."""
        press = OwnPress.of(self._services, interaction)
        view = profile_view(await self._services.profiles.of(press.user_id))
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(ProfileCog(bot))
