"""`/session`: open and end an evening."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.services.sessions import SessionWishes, start_session
from bot.ui import actions
from bot.ui.answers import tell, wait_please
from bot.ui.people import require_coordinator, voice_channel_of


class SessionCog(commands.GroupCog, group_name="session", group_description="Open and end a session"):
    """The coordinator's first and last command of an evening."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description="Open a session: join the voice channel and post the control panel")
    @app_commands.describe(
        channel="The voice channel; yours if you name none",
        deck="Where prompts come from",
        emotions="The emotion set to deal from",
        seed="A number that makes the dealing reproducible",
    )
    async def start(
        self,
        interaction: discord.Interaction,
        channel: discord.VoiceChannel | None = None,
        deck: str | None = None,
        emotions: str | None = None,
        seed: app_commands.Range[int, 0, 2**31 - 1] | None = None,
    ) -> None:
        """Open a session."""
        guild_id = require_coordinator(interaction, self._desk.settings.coordinator_role)
        voice_channel_id = voice_channel_of(interaction, channel)
        await wait_please(interaction)
        wishes = SessionWishes(deck, emotions, seed)
        session = await start_session(self._desk, guild_id, voice_channel_id, interaction.user.id, wishes)
        await tell(
            interaction,
            f"**Session {session.session_id} is open** in <#{session.voice_channel_id}>. "
            "The panel is in that channel's chat. Deal a scene when everybody has consented.",
        )

    @app_commands.command(description="End the session: cut, close, leave, and sum up")
    async def end(self, interaction: discord.Interaction) -> None:
        """End the open session."""
        await actions.end(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SessionCog(bot))
