"""`/take`: record the scene that was dealt."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import actions


class TakeCog(commands.GroupCog, group_name="take", group_description="Record takes"):
    """Takes from the coordinator's side."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description="Start a take: countdown, then one track for each performer")
    async def start(self, interaction: discord.Interaction) -> None:
        """Call a take."""
        await actions.start(self._desk, interaction)

    @app_commands.command(description="Give the cue: whoever's emotion shifts in this scene is told now, privately")
    async def cue(self, interaction: discord.Interaction) -> None:
        """Give the cue that waits."""
        await actions.cue(self._desk, interaction)

    @app_commands.command(description="Cut the take that is running, and keep it")
    async def cut(self, interaction: discord.Interaction) -> None:
        """Cut the take."""
        await actions.cut(self._desk, interaction)

    @app_commands.command(description="Play the scene once more; earlier takes are kept")
    async def retake(self, interaction: discord.Interaction) -> None:
        """Call another take."""
        await actions.retake(self._desk, interaction)

    @app_commands.command(description="Leave the last take out of the dataset, or take that back")
    async def strike(self, interaction: discord.Interaction) -> None:
        """Strike the take, or take it back."""
        await actions.strike(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(TakeCog(bot))
