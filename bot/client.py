"""The bot's connection to Discord: loads the cogs, keeps buttons working after a restart, and answers every error."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import GuildId, UserId
from bot.domain.own_voice import Ousting
from bot.services.assembly import Services
from bot.stage.channels import NEEDED, SCHEDULING
from bot.ui.answers import tell_error
from bot.ui.buttons import button_classes
from bot.ui.command_texts import CommandTexts
from bot.ui.forms import take_form
from bot.ui.languages import phrases_for
from bot.ui.press import note_arrival
from bot.ui.profile_panel import profile_items
from bot.ui.settings_panel import menu_classes
from bot.ui.texts.language import speak_on
from bot.voice.connection import internals

_log = logging.getLogger(__name__)

COGS = (
    "cogs.consent",
    "cogs.lines",
    "cogs.me",
    "cogs.session",
    "cogs.scene",
    "cogs.take",
    "cogs.card",
    "cogs.rating",
    "cogs.ratings",
    "cogs.roster",
    "cogs.settings",
    "cogs.pay",
    "cogs.privacy",
    "cogs.profile",
    "cogs.deck",
    "cogs.export",
)


class SentenceTree(app_commands.CommandTree["PromptbookBot"]):
    """Slash commands whose errors all become one sentence."""

    async def interaction_check(self, interaction: discord.Interaction[PromptbookBot]) -> bool:
        """Let everyone use every command, and answer in the language of the place."""
        # discord.py runs each command in a task of its own.
        speak_on(phrases_for(interaction.client.services, interaction))
        return True

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Answer the person. discord.py wraps errors; the wrapped one is the cause."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await tell_error(interaction, cause)


class PromptbookBot(commands.Bot):
    """One bot with its services. It needs only slash commands, buttons and voice.

    Of messages it is told that they appear and disappear, so that its panel stays in sight. Without the privileged
    intent for it, Discord sends no contents but those in which the bot is mentioned; it reads none and keeps none.
    """

    services: Services

    def __init__(self) -> None:
        internals.verify()
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents(guilds=True, voice_states=True, guild_messages=True, guild_scheduled_events=True),
            max_messages=None,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            tree_cls=SentenceTree,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    def dispatch(self, event: str, /, *args: Any, **named: Any) -> None:
        """Note when an interaction arrives. discord.py calls this as it reads an event, and handles it later."""
        if event == "interaction":
            note_arrival(args[0])
        super().dispatch(event, *args, **named)

    async def setup_hook(self) -> None:
        """Load cogs and buttons and register the commands with Discord. Any failure ends the start."""
        for cog in COGS:
            await self.load_extension(cog)
        self.add_dynamic_items(
            *button_classes(self.services), *menu_classes(self.services), *profile_items(self.services)
        )
        await self.tree.set_translator(CommandTexts(self.services.library))
        commands_synced = await self.tree.sync()
        _log.info("%d commands are registered.", len(commands_synced))

    async def on_ready(self) -> None:
        """Resume open sessions: the servers are known now. Also called after a long loss of the gateway."""
        _log.info("Ready in %d server(s).", len(self.guilds))
        # First, because raters can come from now on, and must not be told that nothing is left.
        self.services.errands.run(self.services.turns.search_left_over(), "search for the turns of earlier takes")
        self.services.errands.run(self.services.cue_questions.ask_left_over(), "questions about cues of earlier takes")
        self.services.errands.run(self.services.rating_times.take_up(), "rating of ended sessions")
        self.services.errands.run(self.services.schedules.take_up(), "scheduled sessions")
        self.services.letters.take_up()
        await self.services.sessions.rejoin_all()
        await self.services.own_voices.look_everywhere()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Handle submitted forms. discord.py itself dispatches commands and buttons."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_form(self.services, interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Count a message below a panel. discord.py would look for commands in its content: this bot has none there."""
        # Private answers are counted where they are given.
        if not message.flags.ephemeral:
            self.services.panels.came(message.channel.id, message.id)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Forget a message that was below a panel."""
        self.services.panels.gone(payload.channel_id, payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Forget messages that a moderator deleted together."""
        for message_id in payload.message_ids:
            self.services.panels.gone(payload.channel_id, message_id)

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Inform the sessions that a user joined, left, moved or was muted, or what was done to the bot itself."""
        if self.user and member.id == self.user.id:
            self._look_at_own_voice(member.guild)
        elif not member.bot:
            guild_id, places = GuildId(member.guild.id), [_place(before), _place(after)]
            presence = self.services.presence
            if places[0] != places[1]:
                moved = presence.channel_changed(guild_id, UserId(member.id), *places, is_idle=after.afk)
                self.services.errands.run(moved, "handling of a joined or left channel")
            elif _is_muted(before) != _is_muted(after):
                self.services.errands.run(presence.muting_changed(guild_id, places[1]), "handling of a muting")

    async def on_guild_channel_update(self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Notice that the bot's permissions in a channel may have changed."""
        self._look_at_own_voice(after.guild)

    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        """Notice that the permissions of the bot's role may have changed."""
        self._look_at_own_voice(after.guild)

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """Notice that the bot's own roles may have changed; without the members intent, no one else's come."""
        if self.user and after.id == self.user.id:
            self._look_at_own_voice(after.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End a session whose channel was deleted."""
        work = self.services.own_voices.ousted(GuildId(channel.guild.id), Ousting.CHANNEL_DELETED, channel.id)
        self.services.errands.run(work, "handling of a deleted channel")

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Notice that someone deleted an event in Discord."""
        work = self.services.scheduled_changes.event_deleted(GuildId(event.guild_id), event.id)
        self.services.errands.run(work, "handling of a deleted event")

    async def on_scheduled_event_update(self, _: discord.ScheduledEvent, after: discord.ScheduledEvent) -> None:
        """Notice that someone cancelled an event in Discord."""
        if after.status is discord.EventStatus.cancelled:
            await self.on_scheduled_event_delete(after)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End the session of a server from which the bot was kicked."""
        work = self.services.own_voices.ousted(GuildId(guild.id), Ousting.KICKED)
        self.services.errands.run(work, "handling of a kick")

    def _look_at_own_voice(self, guild: discord.Guild) -> None:
        self.services.errands.run(self.services.own_voices.look(GuildId(guild.id)), "look at the bot's own voice")

    def invite_url(self) -> str:
        """Return the address where a server's owner adds the bot, with exactly the permissions it needs."""
        assert self.application_id is not None
        needed, scopes = NEEDED | SCHEDULING, ("bot", "applications.commands")
        return discord.utils.oauth_url(self.application_id, permissions=needed, scopes=scopes)


def _place(state: discord.VoiceState) -> int | None:
    return state.channel.id if state.channel else None


def _is_muted(state: discord.VoiceState) -> bool:
    return state.self_mute or state.mute or state.suppress
