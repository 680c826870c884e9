"""Answering an interaction: one place where errors become sentences, and none goes unanswered."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import discord

from bot.domain.errors import PromptbookError
from bot.ui.texts.errors import defect_text, sentence_of

_log = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """Run an action; whatever is raised in it is told to the person, privately."""
    try:
        yield
    except Exception as error:
        await tell_error(interaction, error)


async def tell_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell a person what went wrong. What they cannot mend is logged under a code that they are given."""
    if isinstance(error, PromptbookError):
        sentence = sentence_of(error)
    else:
        code = secrets.token_hex(3)
        _log.error("Interaction failed, code %s", code, exc_info=error)
        sentence = defect_text(code)
    try:
        await tell(interaction, sentence)
    except discord.HTTPException:
        _log.exception("An error could not be told")


async def wait_please(interaction: discord.Interaction) -> None:
    """Acknowledge within Discord's 3 s, privately; `tell` then fills in the answer."""
    await interaction.response.defer(ephemeral=True, thinking=True)


async def tell(interaction: discord.Interaction, sentence: str) -> None:
    """Answer privately, whether or not the interaction was acknowledged before."""
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=sentence, allowed_mentions=NO_PINGS)
    else:
        await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)


async def tell_pages(interaction: discord.Interaction, pages: Sequence[str]) -> None:
    """Answer privately with more than fits into one message."""
    await tell(interaction, pages[0])
    for page in pages[1:]:
        await interaction.followup.send(page, ephemeral=True, allowed_mentions=NO_PINGS)
