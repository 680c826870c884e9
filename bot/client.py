"""The bot's connection to Discord: loads the cogs loudly, keeps buttons alive, and answers every error."""

from __future__ import annotations

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.ids import GuildId, UserId
from bot.services.assembly import Services
from bot.stage.stage import NEEDED
from bot.ui.answers import tell_error
from bot.ui.buttons import button_classes
from bot.ui.forms import take_form
from bot.ui.settings_panel import menu_classes
from bot.voice.connection import internals

_log = logging.getLogger(__name__)

COGS = (
    "cogs.consent",
    "cogs.lines",
    "cogs.session",
    "cogs.scene",
    "cogs.take",
    "cogs.card",
    "cogs.rating",
    "cogs.settings",
    "cogs.deck",
    "cogs.export",
)


class SentenceTree(app_commands.CommandTree["PromptbookBot"]):
    """Slash commands whose errors all end in one sentence."""

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Tell the person; the error below discord.py's wrapper is the one that counts."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await tell_error(interaction, cause)


class PromptbookBot(commands.Bot):
    """One bot with its services. It reads no messages: slash commands, buttons and voice are all it needs."""

    services: Services

    def __init__(self) -> None:
        internals.verify()
        super().__init__(
            command_prefix=commands.when_mentioned,
            intents=discord.Intents(guilds=True, voice_states=True),
            tree_cls=SentenceTree,
            help_command=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def setup_hook(self) -> None:
        """Load cogs and buttons and tell Discord the commands; any failure ends the start."""
        for cog in COGS:
            await self.load_extension(cog)
        self.add_dynamic_items(*button_classes(self.services), *menu_classes(self.services))
        commands_synced = await self.tree.sync()
        _log.info("%d commands are in place.", len(commands_synced))

    async def on_ready(self) -> None:
        """The servers are known: open sessions go on. Comes again after the gateway was lost for long."""
        _log.info("Ready in %d server(s).", len(self.guilds))
        await self.services.sessions.rejoin_all()
        self.services.errands.run(self.services.kept_takes.measure_left_over(), "measuring of recovered tracks")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Sent forms come here; commands and buttons are dispatched by discord.py itself."""
        if interaction.type is discord.InteractionType.modal_submit:
            await take_form(self.services, interaction)

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody came, left or went elsewhere: sessions take notice."""
        if not member.bot:
            places = [state.channel.id if state.channel else None for state in (before, after)]
            guild_id, user_id = GuildId(member.guild.id), UserId(member.id)
            work = self.services.presence.channel_changed(guild_id, user_id, places[0], places[1])
            self.services.errands.run(work, "taking notice of who came or left")

    def invite_url(self) -> str:
        """Where a server's owner adds the bot, with exactly the permissions it needs."""
        assert self.application_id is not None
        return discord.utils.oauth_url(self.application_id, permissions=NEEDED, scopes=("bot", "applications.commands"))
