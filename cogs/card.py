"""`/card`: a performer's own part; `/cues`: how their cues come."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.states import CueWay
from bot.ui import own_actions
from bot.ui.press import OwnPress, Press
from bot.ui.texts import commands as texts
from bot.ui.texts.card import CUE_WAYS


class CardCog(commands.Cog):
    """Cards, each for one performer's eyes only."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.CUES)
    @app_commands.describe(**texts.CUES_PARAMETERS)
    @app_commands.choices(way=[app_commands.Choice(name=label, value=way.value) for way, label in CUE_WAYS.items()])
    async def cues(self, interaction: discord.Interaction, way: str | None = None) -> None:
        """Say how the person's cues come, or change it."""
        await own_actions.choose_cues(OwnPress.of(self._services, interaction), CueWay(way) if way else None)

    @app_commands.command(description=texts.CARD)
    async def card(self, interaction: discord.Interaction) -> None:
        """Show prompt, character and target emotion."""
        await own_actions.show_card(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(CardCog(bot))
