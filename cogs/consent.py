"""`/consent` and `/held`: what consent means, choosing, and what is held; in direct messages, too."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import own_actions
from bot.ui.press import OwnPress
from bot.ui.texts import commands as texts


class ConsentCog(commands.Cog):
    """Everyone's own consent, and what came of it."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.CONSENT)
    async def consent(self, interaction: discord.Interaction) -> None:
        """Show the text, with the button that opens the form."""
        await own_actions.read_consent(OwnPress.of(self._services, interaction))

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.HELD)
    async def held(self, interaction: discord.Interaction) -> None:
        """Show what is held about the person who asks."""
        await own_actions.show_held(OwnPress.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(ConsentCog(bot))
