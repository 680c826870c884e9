"""`/session`: open, pause and end an evening."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.errors import OperatorUnknown
from bot.domain.states import Interlude
from bot.services.schedule.scheduled_changes import NewTime
from bot.services.schedule.schedules import Plan
from bot.services.session.sessions import SessionWishes
from bot.services.sound.sound_check import CHECK_SECONDS
from bot.ui import actions, choices, schedule_actions
from bot.ui.answers import wait_please
from bot.ui.operator_forms import ask_before_start
from bot.ui.press import Press
from bot.ui.session_start import start_session
from bot.ui.texts import commands as texts
from bot.ui.texts.language import speak_on


class SessionCog(commands.GroupCog, group_name="session", group_description=texts.SESSION):
    """A session for coordinators, from its start to its end."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.SESSION_START)
    @app_commands.describe(**texts.SESSION_START_PARAMETERS)
    @app_commands.autocomplete(
        deck=choices.decks,
        emotions=choices.emotion_sets,
        language=choices.languages,
        instrument=choices.instruments,
    )
    async def start(
        self,
        interaction: discord.Interaction,
        channel: discord.VoiceChannel | None = None,
        deck: str | None = None,
        emotions: str | None = None,
        seed: app_commands.Range[int, 0, 2**31 - 1] | None = None,
        language: str | None = None,
        instrument: str | None = None,
    ) -> None:
        """Open a session."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        voice_channel_id = press.voice_channel_id(channel)
        try:
            await self._services.operators.require(press.guild_id)
        except OperatorUnknown:
            # The form can carry a channel, but neither a deck nor an emotion set.
            is_plain = deck is emotions is seed is language is instrument is None
            await ask_before_start(press, voice_channel_id if is_plain else None)
            return
        await wait_please(interaction)
        wanted = language or self._services.guilds.language_in(press.guild_id)
        if wanted in self._services.library.languages():
            speak_on(self._services.library.in_language(wanted).phrases())
        await start_session(press, voice_channel_id, SessionWishes(deck, emotions, seed, language, instrument))

    @app_commands.command(description=texts.SESSION_SCHEDULE)
    @app_commands.describe(**texts.SESSION_SCHEDULE_PARAMETERS)
    @app_commands.autocomplete(zone=choices.zones)
    async def schedule(
        self,
        interaction: discord.Interaction,
        date: str,
        time: str,
        title: app_commands.Range[str, 1, 100],
        zone: str | None = None,
        channel: discord.VoiceChannel | None = None,
        minutes: app_commands.Range[int, 15, 720] = 120,
        performers: app_commands.Range[int, 1, 50] = 4,
    ) -> None:
        """Schedule a session."""
        press = Press.of(self._services, interaction)
        voice_channel_id, chat_id = press.voice_channel_id(channel), interaction.channel_id or 0
        plan = Plan(title, date, time, zone, minutes, performers, voice_channel_id, chat_id)
        await schedule_actions.schedule(press, plan)

    @app_commands.command(description=texts.SESSION_RESCHEDULE)
    @app_commands.describe(**texts.SESSION_RESCHEDULE_PARAMETERS)
    @app_commands.autocomplete(zone=choices.zones, session=choices.scheduled)
    async def reschedule(
        self,
        interaction: discord.Interaction,
        date: str | None = None,
        time: str | None = None,
        zone: str | None = None,
        minutes: app_commands.Range[int, 15, 720] | None = None,
        channel: discord.VoiceChannel | None = None,
        session: str | None = None,
    ) -> None:
        """Move a scheduled session."""
        press = Press.of(self._services, interaction)
        new = NewTime(date, time, zone, minutes, channel.id if channel else None)
        await schedule_actions.move(press, session, new)

    @app_commands.command(description=texts.SESSION_CANCEL)
    @app_commands.describe(**texts.SESSION_CANCEL_PARAMETERS)
    @app_commands.autocomplete(session=choices.scheduled)
    async def cancel(self, interaction: discord.Interaction, session: str | None = None) -> None:
        """Cancel a scheduled session."""
        await schedule_actions.cancel(Press.of(self._services, interaction), session)

    @app_commands.command(description=texts.SESSION_SOUNDCHECK)
    @app_commands.describe(**texts.SESSION_SOUNDCHECK_PARAMETERS)
    async def soundcheck(
        self, interaction: discord.Interaction, seconds: app_commands.Range[int, 5, 60] = CHECK_SECONDS
    ) -> None:
        """Check everyone's sound."""
        await actions.check_sound(Press.of(self._services, interaction), seconds=seconds)

    @app_commands.command(description=texts.SESSION_WARMUP)
    async def warmup(self, interaction: discord.Interaction) -> None:
        """Begin a warm-up, or go on to the next exercise."""
        await actions.begin_interlude(Press.of(self._services, interaction), Interlude.WARM_UP)

    @app_commands.command(description=texts.SESSION_VOICES)
    async def voices(self, interaction: discord.Interaction) -> None:
        """Begin a voice try-out."""
        await actions.begin_interlude(Press.of(self._services, interaction), Interlude.VOICES)

    @app_commands.command(description=texts.SESSION_DEBRIEF)
    async def debrief(self, interaction: discord.Interaction) -> None:
        """Begin a debrief."""
        await actions.begin_interlude(Press.of(self._services, interaction), Interlude.DEBRIEF)

    @app_commands.command(description=texts.SESSION_FINISH)
    async def finish(self, interaction: discord.Interaction) -> None:
        """End the warm-up, the voice try-out or the debrief."""
        await actions.finish_interlude(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_CALIBRATE)
    async def calibrate(self, interaction: discord.Interaction) -> None:
        """Deal the next part of the calibration."""
        await actions.calibrate(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_PANEL)
    async def panel(self, interaction: discord.Interaction) -> None:
        """Bring the panel to the bottom of the chat."""
        await actions.bring_panel(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_PAUSE)
    @app_commands.describe(**texts.SESSION_PAUSE_PARAMETERS)
    async def pause(
        self, interaction: discord.Interaction, minutes: app_commands.Range[int, 1, 120] | None = None
    ) -> None:
        """Pause, or take a break."""
        await actions.hold(Press.of(self._services, interaction), minutes=minutes)

    @app_commands.command(description=texts.SESSION_RESUME)
    async def resume(self, interaction: discord.Interaction) -> None:
        """Resume."""
        await actions.go_on(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_BACK)
    async def back(self, interaction: discord.Interaction) -> None:
        """Bring the bot back."""
        await actions.bring_back(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_NOTE)
    @app_commands.describe(**texts.SESSION_NOTE_PARAMETERS)
    async def note(self, interaction: discord.Interaction, text: app_commands.Range[str, 1, 1000]) -> None:
        """Write a note."""
        await actions.write_note(Press.of(self._services, interaction), text)

    @app_commands.command(description=texts.SESSION_NOTES)
    async def notes(self, interaction: discord.Interaction) -> None:
        """Show the notes."""
        await actions.show_notes(Press.of(self._services, interaction))

    @app_commands.command(description=texts.SESSION_END)
    async def end(self, interaction: discord.Interaction) -> None:
        """End the open session."""
        await actions.end_unless_lost(Press.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(SessionCog(bot))
