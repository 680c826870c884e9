"""`/export`: a dataset of one session, or of all; with `log:`, only the log."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import SessionId
from bot.ui.answers import wait_please
from bot.ui.export_reply import answer_with_export, answer_with_log
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class ExportCog(commands.Cog):
    """Datasets and logs for coordinators."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.EXPORT)
    @app_commands.describe(**texts.EXPORT_PARAMETERS)
    async def export(
        self,
        interaction: discord.Interaction,
        session: app_commands.Range[int, 1, 2**53 - 1] | None = None,
        log: bool = False,
    ) -> None:
        """Write the dataset or the log and send it, or say where it is."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        session_id = None if session is None else SessionId(session)
        exports = self._services.exports
        if log:
            async with exports.packed_log(press.guild_id, session_id) as packed_log:
                await answer_with_log(interaction, packed_log)
            return
        async with exports.packed(press.guild_id, session_id) as export:
            await answer_with_export(interaction, export)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(ExportCog(bot))
