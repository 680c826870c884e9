"""`/export`: a dataset of one session, or of all; with `log:`, only the log."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.consent import PURPOSES, Scope
from bot.domain.errors import LogIsWhole
from bot.domain.ids import GuildId, SessionId
from bot.services.exports import Bound
from bot.ui.answers import wait_please
from bot.ui.export_reply import answer_with_export, answer_with_log
from bot.ui.press import Press
from bot.ui.texts import commands as texts
from bot.ui.texts.consent import SCOPE_LABELS

LONGEST_RECIPIENT = 200

_PURPOSES = [app_commands.Choice(name=SCOPE_LABELS[scope], value=scope.value) for scope in PURPOSES]
_MOST_CHOICES = 25
"""What Discord shows below an option."""


class ExportCog(commands.Cog):
    """Datasets and logs for coordinators."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services
        self._targets = bot.services.exported_targets

    @app_commands.command(description=texts.EXPORT)
    @app_commands.describe(**texts.EXPORT_PARAMETERS)
    @app_commands.choices(purpose=_PURPOSES)
    async def export(
        self,
        interaction: discord.Interaction,
        session: app_commands.Range[int, 1, 2**53 - 1] | None = None,
        log: bool = False,
        purpose: str | None = None,
        recipient: app_commands.Range[str, 1, LONGEST_RECIPIENT] | None = None,
        derived_only: bool = False,
        targets: bool = False,
    ) -> None:
        """Write the dataset or the log and send it, or say where it is."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        session_id = None if session is None else SessionId(session)
        exports = self._services.exports
        bound = Bound(Scope(purpose) if purpose else None, recipient, derived_only)
        if log and bound != Bound():
            raise LogIsWhole
        if not targets:
            # The log leaves out what raters must not know until the session has ended.
            await self._targets.require_no_rater(
                press.guild_id, press.user_id, press.standing, session_id, with_open=not log
            )
        if log:
            async with exports.packed_log(press.guild_id, session_id) as packed_log:
                known = await self._targets.note(press.guild_id, press.user_id, packed_log.result.ended_sessions)
                await answer_with_log(interaction, packed_log, known)
            return
        async with exports.packed(press.guild_id, session_id, bound) as export:
            known = await self._targets.note(press.guild_id, press.user_id, export.sessions)
            await answer_with_export(interaction, export, known)

    @export.autocomplete("recipient")
    async def recipients(self, interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        """The recipients whom this server's consent form names: only they can be given anything."""
        if interaction.guild_id is None:
            return []
        operator = await self._services.operators.of(GuildId(interaction.guild_id))
        found = [name for name in operator.named_recipients if current.casefold() in name.casefold()]
        return [app_commands.Choice(name=name[:100], value=name[:100]) for name in found[:_MOST_CHOICES]]


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(ExportCog(bot))
