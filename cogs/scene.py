"""`/scene`: deal the next one."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui import actions


class SceneCog(commands.GroupCog, group_name="scene", group_description="Deal scenes"):
    """Scenes from the coordinator's side."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description="Deal the next scene to the performers in the channel")
    async def deal(self, interaction: discord.Interaction) -> None:
        """Deal a prompt, characters and target emotions."""
        await actions.deal(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SceneCog(bot))
