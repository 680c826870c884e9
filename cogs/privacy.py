"""`/privacy`: the operator's privacy notice; in direct messages, too."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.ui.answers import tell, wait_please
from bot.ui.press import OwnPress, Press
from bot.ui.servers import servers_of
from bot.ui.texts import commands as texts
from bot.ui.texts.language import say
from bot.ui.texts.privacy import NO_NOTICE, SAVED, notice_of, notice_text


class PrivacyCog(commands.Cog):
    """The privacy notice, for everyone."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.allowed_contexts(guilds=True, dms=True)
    @app_commands.command(description=texts.PRIVACY)
    @app_commands.describe(**texts.PRIVACY_PARAMETERS)
    async def privacy(
        self, interaction: discord.Interaction, notice: app_commands.Range[str, 1, 1500] | None = None
    ) -> None:
        """Show the notice; a coordinator can set it."""
        if notice is None:
            await self._show(interaction)
            return
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        await self._services.guilds.change(press.guild_id, "privacy_notice", notice)
        await tell(interaction, say(SAVED))

    async def _show(self, interaction: discord.Interaction) -> None:
        await wait_please(interaction)
        if interaction.guild_id is not None:
            press = Press.of(self._services, interaction)
            found = await self._services.guilds.privacy_notice(press.guild_id)
            await tell(interaction, notice_text(found) if found else say(NO_NOTICE))
            return
        servers = await servers_of(OwnPress.of(self._services, interaction))
        notices = [(name, await self._services.guilds.privacy_notice(guild_id)) for guild_id, name in servers]
        told = [notice_of(name, notice) for name, notice in notices if notice]
        await tell(interaction, "\n".join(told)[:2000] or say(NO_NOTICE))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(PrivacyCog(bot))
