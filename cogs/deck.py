"""`/deck`: list, preview, import and remove decks."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.tables import check_size
from bot.ui import choices
from bot.ui.answers import tell, tell_pages, wait_please
from bot.ui.press import Press
from bot.ui.texts import commands as texts
from bot.ui.texts.decks import forgotten_text, imported_text, list_pages, preview_pages


class DeckCog(commands.GroupCog, group_name="deck", group_description=texts.DECK):
    """Decks for coordinators. Roles are not shown."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(name="import", description=texts.DECK_IMPORT)
    @app_commands.describe(**texts.DECK_IMPORT_PARAMETERS)
    async def import_(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Check a deck and keep it for this server."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        check_size(file.filename, file.size)
        await wait_please(interaction)
        imported = await self._services.decks.import_deck(press.guild_id, file.filename, await file.read())
        await tell(interaction, imported_text(imported))

    @app_commands.command(name="list", description=texts.DECK_LIST)
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show all decks, with their sizes."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        await tell_pages(interaction, list_pages(await self._services.decks.list_all(press.guild_id)))

    @app_commands.command(description=texts.DECK_PREVIEW)
    @app_commands.describe(**texts.DECK_PREVIEW_PARAMETERS)
    @app_commands.autocomplete(name=choices.decks)
    async def preview(self, interaction: discord.Interaction, name: str) -> None:
        """Show a deck's prompts by title."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        deck = await self._services.decks.find(press.guild_id, name)
        await tell_pages(interaction, preview_pages(deck, self._services.library.topics()))

    @app_commands.command(description=texts.DECK_FORGET)
    @app_commands.describe(**texts.DECK_FORGET_PARAMETERS)
    @app_commands.autocomplete(name=choices.own_decks)
    async def forget(self, interaction: discord.Interaction, name: str) -> None:
        """Remove one of the server's imported decks."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        stays = await self._services.decks.forget(press.guild_id, name)
        await tell(interaction, forgotten_text(name, stays=stays))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(DeckCog(bot))
