"""`/session`: open, pause and end an evening."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.services.sessions import SessionWishes, start_session
from bot.services.sound_check import CHECK_SECONDS
from bot.ui import actions, choices
from bot.ui.answers import tell, wait_please
from bot.ui.people import require_coordinator, voice_channel_of
from bot.ui.texts import commands as texts
from bot.ui.texts.replies import opened_text


class SessionCog(commands.GroupCog, group_name="session", group_description=texts.SESSION):
    """The coordinator's first and last command of an evening."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._desk = bot.desk

    @app_commands.command(description=texts.SESSION_START)
    @app_commands.describe(**texts.SESSION_START_PARAMETERS)
    @app_commands.autocomplete(deck=choices.decks, emotions=choices.emotion_sets)
    async def start(
        self,
        interaction: discord.Interaction,
        channel: discord.VoiceChannel | None = None,
        deck: str | None = None,
        emotions: str | None = None,
        seed: app_commands.Range[int, 0, 2**31 - 1] | None = None,
    ) -> None:
        """Open a session."""
        guild_id = await require_coordinator(self._desk, interaction)
        voice_channel_id = voice_channel_of(interaction, channel)
        await wait_please(interaction)
        wishes = SessionWishes(deck, emotions, seed)
        session = await start_session(self._desk, guild_id, voice_channel_id, interaction.user.id, wishes)
        await tell(interaction, opened_text(session))

    @app_commands.command(description=texts.SESSION_SOUNDCHECK)
    @app_commands.describe(**texts.SESSION_SOUNDCHECK_PARAMETERS)
    async def soundcheck(
        self, interaction: discord.Interaction, seconds: app_commands.Range[int, 5, 60] = CHECK_SECONDS
    ) -> None:
        """Check everybody's sound."""
        await actions.check_sound(self._desk, interaction, seconds=seconds)

    @app_commands.command(description=texts.SESSION_PAUSE)
    async def pause(self, interaction: discord.Interaction) -> None:
        """Pause."""
        await actions.hold(self._desk, interaction)

    @app_commands.command(description=texts.SESSION_RESUME)
    async def resume(self, interaction: discord.Interaction) -> None:
        """Resume."""
        await actions.go_on(self._desk, interaction)

    @app_commands.command(description=texts.SESSION_NOTE)
    @app_commands.describe(**texts.SESSION_NOTE_PARAMETERS)
    async def note(self, interaction: discord.Interaction, text: app_commands.Range[str, 1, 1000]) -> None:
        """Write a note."""
        await actions.note(self._desk, interaction, text)

    @app_commands.command(description=texts.SESSION_NOTES)
    async def notes(self, interaction: discord.Interaction) -> None:
        """Show the notes."""
        await actions.show_notes(self._desk, interaction)

    @app_commands.command(description=texts.SESSION_END)
    async def end(self, interaction: discord.Interaction) -> None:
        """End the open session."""
        await actions.end(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SessionCog(bot))
