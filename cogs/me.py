"""`/me`: what people can have done with what is held about them; in direct messages, too, and after leaving."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.consent import Scope
from bot.ui import review_actions, rights_actions
from bot.ui.press import OwnPress
from bot.ui.receipts import show_receipt
from bot.ui.texts import commands as texts
from bot.ui.texts.consent import SCOPE_LABELS

_CHOICES = [app_commands.Choice(name=SCOPE_LABELS[scope], value=scope.value) for scope in Scope]


@app_commands.allowed_contexts(guilds=True, dms=True)
class MeCog(commands.GroupCog, group_name="me", group_description=texts.ME):
    """A copy of everything, receipts, uses, withdrawing consent, erasing everything."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.ME_EXPORT)
    async def export(self, interaction: discord.Interaction) -> None:
        """Send the person everything that is held about them."""
        await rights_actions.send_copy(OwnPress.of(self._services, interaction))

    @app_commands.command(description=texts.ME_RECEIPT)
    async def receipt(self, interaction: discord.Interaction) -> None:
        """Give the person a receipt for everything that they consented to or withdrew."""
        await show_receipt(OwnPress.of(self._services, interaction))

    @app_commands.command(description=texts.ME_USES)
    async def uses(self, interaction: discord.Interaction) -> None:
        """Show what the person's recordings were used for, and who was given them."""
        await rights_actions.show_uses(OwnPress.of(self._services, interaction))

    @app_commands.command(description=texts.ME_REVIEW)
    async def review(self, interaction: discord.Interaction) -> None:
        """Bring the person their own turns, one after the other, to keep each or not."""
        await review_actions.review(OwnPress.of(self._services, interaction))

    @app_commands.command(description=texts.ME_WITHDRAW)
    @app_commands.describe(**texts.ME_WITHDRAW_PARAMETERS)
    @app_commands.choices(consent=_CHOICES)
    async def withdraw(self, interaction: discord.Interaction, consent: str | None = None) -> None:
        """Withdraw one consent or all, on every server."""
        scopes = [Scope(consent)] if consent else list(Scope)
        await rights_actions.withdraw(OwnPress.of(self._services, interaction), scopes)

    @app_commands.command(description=texts.ME_ERASE)
    async def erase(self, interaction: discord.Interaction) -> None:
        """Say what an erasure deletes, and ask."""
        await rights_actions.offer_erasure(OwnPress.of(self._services, interaction))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(MeCog(bot))
