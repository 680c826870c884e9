"""`/ratings`: what coordinators do about the ratings of a session."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import SessionId
from bot.ui import ratings_actions
from bot.ui.press import Press
from bot.ui.texts import commands as texts


class RatingsCog(commands.GroupCog, group_name="ratings", group_description=texts.RATINGS):
    """The ratings of a session, for coordinators."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.RATINGS_STATUS)
    @app_commands.describe(**texts.RATINGS_STATUS_PARAMETERS)
    async def status(
        self,
        interaction: discord.Interaction,
        session: app_commands.Range[int, 1, 2**53 - 1] | None = None,
        targets: bool = False,
    ) -> None:
        """Show how the rating of a session stands."""
        press = Press.of(self._services, interaction)
        await ratings_actions.show_status(press, _numbered(session), wants_targets=targets)

    @app_commands.command(description=texts.RATINGS_INVITE)
    @app_commands.describe(**texts.RATINGS_INVITE_PARAMETERS)
    async def invite(
        self,
        interaction: discord.Interaction,
        channel: discord.TextChannel | discord.VoiceChannel | discord.Thread | None = None,
        session: app_commands.Range[int, 1, 2**53 - 1] | None = None,
    ) -> None:
        """Invite people who were not there."""
        press = Press.of(self._services, interaction)
        await ratings_actions.invite(press, _numbered(session), channel.id if channel else None)

    @app_commands.command(description=texts.RATINGS_CLOSE)
    @app_commands.describe(**texts.RATINGS_CLOSE_PARAMETERS)
    async def close(
        self, interaction: discord.Interaction, session: app_commands.Range[int, 1, 2**53 - 1] | None = None
    ) -> None:
        """Close the invitations."""
        await ratings_actions.close(Press.of(self._services, interaction), _numbered(session))


def _numbered(session: int | None) -> SessionId | None:
    return None if session is None else SessionId(session)


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(RatingsCog(bot))
