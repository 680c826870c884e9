"""`/export`: a dataset of one session or of all."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.dataset.process import export_apart
from bot.services.exports import plan_export
from bot.ui.answers import wait_please
from bot.ui.export_reply import answer_with_export
from bot.ui.people import require_coordinator
from bot.ui.texts import commands as texts


class ExportCog(commands.Cog):
    """Datasets from the coordinator's side."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description=texts.EXPORT)
    @app_commands.describe(**texts.EXPORT_PARAMETERS)
    async def export(
        self, interaction: discord.Interaction, session: app_commands.Range[int, 1, 2**53 - 1] | None = None
    ) -> None:
        """Write the dataset and send it, or tell where it is."""
        guild_id = await require_coordinator(self._desk, interaction)
        await wait_please(interaction)
        async with self._desk.exporting:
            work = await plan_export(
                self._desk.database, self._desk.settings.home, self._desk.library, guild_id=guild_id, session_id=session
            )
            result = await export_apart(work)
            await answer_with_export(interaction, result, self._desk.settings.home)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(ExportCog(bot))
