"""`/card`: a performer's own part."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import own_actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class CardCog(commands.Cog):
    """Cards, each for one performer's eyes only."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.CARD)
    async def card(self, interaction: discord.Interaction) -> None:
        """Show prompt, character and target emotion."""
        await own_actions.show_card(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(CardCog(bot))
