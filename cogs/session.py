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


class SessionCog(commands.GroupCog, group_name="session", group_description="Open, pause and end a session"):
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
        await tell(
            interaction,
            f"**Session {session.session_id} is open** in <#{session.voice_channel_id}>. "
            "The panel is in that channel's chat. Deal a scene when everybody has consented.",
        )

    @app_commands.command(description="Sound check: listen to everybody for some seconds, and say how each sounds")
    @app_commands.describe(seconds="How long to listen; 8 if you name none")
    async def soundcheck(
        self, interaction: discord.Interaction, seconds: app_commands.Range[int, 5, 60] = CHECK_SECONDS
    ) -> None:
        """Check everybody's sound."""
        await actions.check_sound(self._desk, interaction, seconds=seconds)

    @app_commands.command(description="Pause the session: nothing is dealt or recorded, a running take waits")
    async def pause(self, interaction: discord.Interaction) -> None:
        """Pause."""
        await actions.hold(self._desk, interaction)

    @app_commands.command(description="Let a paused session go on")
    async def resume(self, interaction: discord.Interaction) -> None:
        """Resume."""
        await actions.go_on(self._desk, interaction)

    @app_commands.command(description="Write a note, kept with the moment in the running take")
    @app_commands.describe(text="What you noticed")
    async def note(self, interaction: discord.Interaction, text: app_commands.Range[str, 1, 1000]) -> None:
        """Write a note."""
        await actions.note(self._desk, interaction, text)

    @app_commands.command(description="Read the notes of this session; only you see them")
    async def notes(self, interaction: discord.Interaction) -> None:
        """Show the notes."""
        await actions.show_notes(self._desk, interaction)

    @app_commands.command(description="End the session: cut, close, leave, and sum up")
    async def end(self, interaction: discord.Interaction) -> None:
        """End the open session."""
        await actions.end(self._desk, interaction)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SessionCog(bot))
