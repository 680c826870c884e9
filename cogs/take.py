"""`/take`: record the scene that was dealt."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import UserId
from bot.ui import actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class TakeCog(commands.GroupCog, group_name="take", group_description=texts.TAKE):
    """Takes for coordinators."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.TAKE_START)
    async def start(self, interaction: discord.Interaction) -> None:
        """Call a take."""
        await actions.start(Press.of(self._services, interaction))

    @app_commands.command(description=texts.TAKE_CUE)
    async def cue(self, interaction: discord.Interaction) -> None:
        """Give the cue that is waiting."""
        await actions.cue(Press.of(self._services, interaction))

    @app_commands.command(description=texts.TAKE_COACH)
    @app_commands.describe(**texts.TAKE_COACH_PARAMETERS)
    async def coach(
        self, interaction: discord.Interaction, performer: discord.Member, text: app_commands.Range[str, 1, 200]
    ) -> None:
        """Tell one performer something in private."""
        await actions.coach(Press.of(self._services, interaction), UserId(performer.id), text)

    @app_commands.command(description=texts.TAKE_CUT)
    async def cut(self, interaction: discord.Interaction) -> None:
        """Cut the take."""
        await actions.cut(Press.of(self._services, interaction))

    @app_commands.command(description=texts.TAKE_RETAKE)
    async def retake(self, interaction: discord.Interaction) -> None:
        """Call another take."""
        await actions.retake(Press.of(self._services, interaction))

    @app_commands.command(description=texts.TAKE_STRIKE)
    async def strike(self, interaction: discord.Interaction) -> None:
        """Strike the take, or restore it."""
        await actions.strike(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(TakeCog(bot))
